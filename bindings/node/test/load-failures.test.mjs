// What is said where the library, or what calls it, is there and can't be loaded: with real files that real loaders refuse, and
// for other systems with the messages of their loaders.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseHeader, problemOf } from "../dist/native/binary-header.js";
import { explainLoadFailure } from "../dist/native/load-failure.js";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { install, runInstalled } from "./support/installed.mjs";
import { packageFolder } from "./support/package.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-load-failures-"));
after(() => rmSync(folder, { recursive: true }));

const GLIBC = { platform: "linux", arch: "x64", libc: "glibc" };
const MUSL = { ...GLIBC, libc: "musl" };
const MAC = { platform: "darwin", arch: "arm64" };
const WINDOWS = { platform: "win32", arch: "x64" };

const MESSAGES = [
  // glibc's loader
  [GLIBC, "Failed to load shared library: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.99' not found (required by /a/session_replay.node)", /needs glibc 2\.99, and this system's is older/],
  [GLIBC, "/usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /a/koffi.node)", /needs GLIBCXX 3\.4\.32/],
  [GLIBC, "Error loading shared library: libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory", /built for musl \(Alpine Linux\), and this system has glibc/],
  [GLIBC, "/lib/x86_64-linux-gnu/libc.so: invalid ELF header", /built for musl/],
  [GLIBC, "wrong ELF class: ELFCLASS32", /another CPU or system than linux-x64/],
  [GLIBC, "/a/koffi.node: invalid ELF header", /damaged, or for another system/],
  [GLIBC, "file too short", /cut short/],
  [GLIBC, "/a/session_replay.node: failed to map segment from shared object", /noexec/],
  [GLIBC, "/a/session_replay.node: failed to map segment from shared object: Operation not permitted", /noexec/],
  [GLIBC, "/a/session_replay.node: cannot open shared object file: Permission denied", /may not read it/],
  [GLIBC, "libdbus-1.so.3: cannot open shared object file: No such file or directory", /needs libdbus-1\.so\.3, which this system does not have/],
  [GLIBC, "/a/x.node: cannot allocate memory in static TLS block", /load session replay earlier/],
  [GLIBC, "/a/x.node: undefined symbol: sr_flush_begin", /another version of this one/],
  [GLIBC, "Cannot find function 'sr_flush_begin' in shared library", /another version of this one/],
  [GLIBC, "Failed to load shared library: libsession_replay.so: cannot open shared object file: No such file or directory", undefined],
  // musl's loader
  [MUSL, "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /a/session_replay.node)", /built for glibc, and this system has musl/],
  [MUSL, "Error relocating /a/session_replay.node: gnu_get_libc_version: symbol not found", /built for glibc, and this system has musl/],
  [MUSL, "Error loading shared library libgcc_s.so.1: No such file or directory (needed by /a/session_replay.node)", /needs libgcc_s\.so\.1/],
  [MUSL, "Error loading shared library /a/session_replay.node: Exec format error", /another CPU or system than linux-x64-musl/],
  // macOS
  [MAC, "dlopen(/a/session_replay.node, 0x0001): tried: '/a/session_replay.node' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))", /another CPU or system than darwin-arm64/],
  [MAC, "dlopen(/a/x.node, 0x0001): tried: '/a/x.node' (code signature in <A> '/a/x.node' not valid for use in process: mapping process and mapped file (non-platform) have different Team IDs)", /disable-library-validation/],
  [MAC, "dlopen(/a/x.node, 0x0001): tried: '/a/x.node' (not a mach-o file)", /damaged, or for another system/],
  [MAC, "dlopen(/a/x.node, 1): Symbol not found: _x Referenced from: /a/x.node (built for macOS 14.0 which is newer than running OS)", /newer macOS/],
  [MAC, "dlopen(/a/x.node, 1): (library load disallowed by system policy)", /signature/],
  // Windows
  [WINDOWS, "%1 is not a valid Win32 application.", /another CPU or system than win32-x64/],
  [WINDOWS, "The specified module could not be found.", /Visual C\+\+ Redistributable/],
  [WINDOWS, "The specified procedure could not be found.", /another version of this one/],
  [WINDOWS, "An Application Control policy has blocked this file.", /security policy/],
  [WINDOWS, "Access is denied.", /may not read it/],
  // Node.js, koffi, ffi-napi
  [GLIBC, "ERR_DLOPEN_DISABLED Cannot load native addon because loading addons is disabled.", /--allow-addons.*--no-addons/],
  [GLIBC, "ERR_ACCESS_DENIED Access to this API has been restricted. Use --allow-fs-read to manage permissions.", /--allow-fs-read for that folder/],
  [GLIBC, "The module 'x.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 93.", /npm rebuild.*@electron\/rebuild/],
  [GLIBC, "Cannot find the native Koffi module; did you bundle it correctly?", /without its native part.*@koromix\/koffi-linux-x64\).*--omit=optional/],
  [GLIBC, "MODULE_NOT_FOUND Cannot find module './linux_x64/koffi.node'", /without its native part/],
  [GLIBC, "Mismatched native Koffi modules", /different versions/],
  [GLIBC, "This engine is based on Node 14.0.0, but koffi does not support the Node 14.x branch (Node-API < 8)", /too old for koffi/],
  [GLIBC, "No native build was found for platform=linux arch=x64 runtime=node abi=127", /ffi-napi has no build for this system/],
  [GLIBC, "External buffers are not allowed", /Electron 21/],
  [GLIBC, "something that nobody has seen", undefined],
];

test("what loaders say is told as what to do", () => {
  for (const [system, message, means] of MESSAGES) {
    const told = explainLoadFailure(message, system);
    if (means === undefined) assert.equal(told, undefined, message);
    else assert.match(told ?? "nothing", means, message);
    assert.doesNotMatch(told ?? "", /cargo|npm install koffi/, message);
  }
});

/** The heads of files for other systems. */
function heads() {
  const pe = Buffer.alloc(512);
  pe.write("MZ");
  pe.writeUInt32LE(0x80, 0x3c);
  pe.write("PE\0\0", 0x80);
  pe.writeUInt16LE(0xaa64, 0x84);
  const macho = Buffer.alloc(32);
  macho.writeUInt32LE(0xfeedfacf, 0);
  macho.writeUInt32LE(0x01000007, 4);
  const universal = Buffer.alloc(64);
  universal.writeUInt32BE(0xcafebabe, 0);
  universal.writeUInt32BE(2, 4);
  universal.writeUInt32BE(0x01000007, 8);
  universal.writeUInt32BE(0x0100000c, 28);
  const elf = Buffer.alloc(64);
  elf.write("\x7fELF\x02\x01\x01", "latin1");
  elf.writeUInt16LE(183, 18);
  const endless = Buffer.alloc(120);
  elf.copy(endless);
  endless.writeUInt16LE(62, 18);
  endless.writeBigUInt64LE(64n, 32);
  endless.writeUInt16LE(56, 54);
  endless.writeUInt16LE(1, 56);
  endless.writeBigUInt64LE(4096n, 64 + 8);
  endless.writeBigUInt64LE(4096n, 64 + 32);
  return { pe, macho, universal, elf, endless };
}

test("the head of a file tells for which system and CPU it is built, and whether it is whole", () => {
  const { pe, macho, universal, elf, endless } = heads();
  for (const [head, size, system, problem] of [
    [pe, 512, WINDOWS, /for the CPU arm64, and this process is for x64/],
    [pe, 512, { ...WINDOWS, arch: "arm64" }, undefined],
    [pe, 512, GLIBC, /built for Windows, and this process runs on linux/],
    [macho, 32, MAC, /for the CPU x64, and this process is for arm64/],
    [universal, 64, MAC, undefined],
    [elf, 64, GLIBC, /for the CPU arm64/],
    [elf, 64, { ...GLIBC, arch: "arm64" }, undefined],
    [elf, 64, MAC, /built for Linux, and this process runs on darwin/],
    [endless, 8192, GLIBC, undefined],
    [endless, 8191, GLIBC, /cut short/],
    [elf.subarray(0, 10), 10, GLIBC, /no native library/],
    [Buffer.from("version https://git-lfs.github.com/spec/v1\n"), 130, GLIBC, /no native library/],
    [Buffer.alloc(0), 0, GLIBC, /no native library/],
  ]) {
    const told = problemOf(parseHeader(head, size), system);
    if (problem === undefined) assert.equal(told, undefined);
    else assert.match(told ?? "nothing", problem);
  }
});

const home = install(join(folder, "home"));
const START = `
  sessionReplay.init("key", { enableRemoteConfig: false }).promise.then(() => console.log("state:", sessionReplay.stats().state));`;

/** What one line on stderr says where recording can't start; the process goes on and ends well. */
async function said(where, more = {}, body = START) {
  const { status, signal, output } = await runInstalled(where, body, more);
  assert.deepEqual([status, signal], [0, null], output);
  assert.match(output, /state: not-initialized\n/, output);
  const lines = output.split("\n").filter((line) => line.startsWith("session-replay: "));
  assert.equal(lines.length, 1, output);
  return lines[0];
}

/** A library of ours that is changed so that it can't be loaded. */
function changed(name, change) {
  const file = join(folder, name);
  const bytes = readFileSync(libraryPath);
  writeFileSync(file, change(bytes) ?? bytes);
  return { env: { SESSION_REPLAY_LIBRARY: file } };
}

const onLinux = { skip: process.platform === "linux" ? false : "these are ELF files" };

test("a library for another CPU is called that", onLinux, async () => {
  const other = process.arch === "arm64" ? [62, "x64"] : [183, "arm64"];
  const more = changed("other-cpu.so", (bytes) => void bytes.writeUInt16LE(other[0], 18));
  assert.match(await said(home, more), new RegExp(`built for the CPU ${other[1]}, and this process is for ${process.arch}`));
});

test("a library that is cut short does not end the process, wherever the cut is", onLinux, async () => {
  const { length } = readFileSync(libraryPath);
  for (const size of [0, 10, 100, 5_000, length >> 2, length >> 1]) {
    const line = await said(home, changed(`short-${size}.so`, (bytes) => bytes.subarray(0, size)));
    assert.match(line, size < 64 ? /no native library/ : /cut short/, String(size));
  }
});

/** The hash by which ELF files name versions. */
function elfHash(name) {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    if (high) hash ^= high >>> 24;
    hash = (hash & ~high) >>> 0;
  }
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(hash >>> 0);
  return bytes;
}

test("a library that needs a newer glibc says which", { skip: process.report.getReport().header.glibcVersionRuntime ? false : "not glibc" }, async () => {
  const more = changed("newer-glibc.so", (bytes) => {
    const version = [...new Set(bytes.toString("latin1").match(/GLIBC_2\.\d\d(?=\0)/g))].sort().at(-1);
    const at = bytes.indexOf(`${version}\0`);
    bytes.write("GLIBC_2.99", at, "latin1");
    const hash = elfHash(version);
    for (let found = bytes.indexOf(hash); found >= 0; found = bytes.indexOf(hash, found + 4)) elfHash("GLIBC_2.99").copy(bytes, found);
  });
  const line = await said(home, more);
  assert.match(line, /it needs glibc 2\.99, and this system's is older.*GLIBC_2\.99' not found/);
});

test("a library for musl is called that on glibc", { skip: process.report.getReport().header.glibcVersionRuntime ? false : "not glibc" }, async () => {
  // As Alpine links: against a C library of this name.
  const name = `libc.musl-${{ x64: "x86_64", arm64: "aarch64" }[process.arch]}.so.1`;
  const [libc, library] = [join(folder, name), join(folder, "for-musl.so")];
  const cc = (...args) => execFileSync("cc", ["-shared", "-fPIC", "-nostdlib", "-x", "c", "/dev/null", ...args]);
  cc("-o", libc, `-Wl,-soname,${name}`);
  cc("-o", library, "-x", "none", "-Wl,--no-as-needed", libc);
  rmSync(libc);
  const line = await said(home, { env: { SESSION_REPLAY_LIBRARY: library } });
  assert.match(line, /built for musl \(Alpine Linux\), and this system has glibc/);
});

const PERMISSION = process.allowedNodeEnvironmentFlags.has("--permission") ? "--permission" : "--experimental-permission";

test("where Node.js may load no addons, that is told, and not that koffi is missing", async () => {
  const permission = [PERMISSION, "--allow-fs-read=*"];
  const env = { SESSION_REPLAY_LIBRARY: libraryPath };
  for (const more of [{ args: permission }, { args: ["--no-addons"] }, { env: { NODE_OPTIONS: "--no-addons" } }]) {
    const line = await said(home, { ...more, env: { ...env, ...more.env } });
    assert.match(line, /calls its library through koffi, which can't be loaded: .*koffi.*Node\.js is told to load no native addons.*--allow-addons/);
    assert.doesNotMatch(line, /npm install/);
  }
  const { output } = await runInstalled(home, `${START} sessionReplay.shutdown(0)`, { args: [...permission, "--allow-addons"], env });
  assert.doesNotMatch(output, /can't be loaded/, "what is advised helps");
});

test("a file that Node.js may not show is not called missing", async () => {
  // It may read the package, and nothing else.
  const args = [PERMISSION, "--allow-addons", `--allow-fs-read=${join(home, "*")}`, `--allow-fs-read=${process.execPath}`];
  const line = await said(home, { args, env: { SESSION_REPLAY_LIBRARY: "/etc/hostname" } });
  assert.match(line, /\/etc\/hostname \(the variable SESSION_REPLAY_LIBRARY\): Node\.js may not read it: .*--allow-fs-read/);
});

test("a file inside an archive is told with how it gets out", async () => {
  for (const [name, how] of [["app.asar", /have your packager unpack \*\*\/\*\.node/], ["package.zip", /yarn unplug session-replay-native/]]) {
    const where = join(folder, name, "inside");
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, "library.so"), "shown, but not there for the loader");
    assert.match(await said(home, { env: { SESSION_REPLAY_LIBRARY: join(where, "library.so") } }), how);
  }
});

test("koffi without its native part, damaged, or in another's place is told as that", async () => {
  const env = { SESSION_REPLAY_LIBRARY: libraryPath };
  const bare = install(join(folder, "no-platform-package"), ["koffi"]);
  assert.match(await said(bare, { env }), new RegExp(`@koromix/koffi-${process.platform}-${process.arch}\\).*--omit=optional`));

  const damaged = install(join(folder, "damaged"));
  const addons = join(damaged, "node_modules/@koromix");
  for (const file of readdirSync(addons, { recursive: true })) {
    if (file.endsWith("koffi.node")) writeFileSync(join(addons, file), "x");
  }
  const line = await said(damaged, { env });
  assert.match(line, /koffi.*: (the file is cut short|the file is damaged|it is built for another)/);
  assert.doesNotMatch(line, /npm install koffi/);

  const mocked = install(join(folder, "mocked"), []);
  cpSync(join(packageFolder, "node_modules/koffi/package.json"), join(mocked, "node_modules/koffi/package.json"));
  writeFileSync(join(mocked, "node_modules/koffi/index.cjs"), "module.exports = {}");
  assert.match(await said(mocked, { env }), /koffi.*something else than that package: bundled, mocked or damaged/);
});

test("a node_modules from another system is called that", async () => {
  const where = install(join(folder, "copied"));
  const prebuilds = join(where, "node_modules/session-replay-native/prebuilds");
  for (const system of ["sunos-x64", "aix-ppc64"]) mkdirSync(join(prebuilds, system), { recursive: true });
  const line = await said(where);
  assert.match(line, /can't be loaded: node_modules comes from another system, with the library for aix-ppc64, sunos-x64: install session-replay-native again/);
});

test("the first true reason comes first, the empty places after it", async () => {
  const where = install(join(folder, "reasons"));
  const platformPackage = `session-replay-native-${process.platform}-${process.arch}`;
  mkdirSync(join(where, "node_modules", platformPackage));
  writeFileSync(join(where, "node_modules", platformPackage, "session_replay.node"), "damaged");
  const [headline, rest] = (await said(where)).split(" Looked also at: ");
  assert.match(headline, /can't be loaded: [^ ]*session_replay\.node \(the package [\w-]+\): it is no native library/);
  assert.match(rest, /session_replay\.node \(the package's own\): there is no such file; .*the system's loader/);
});
