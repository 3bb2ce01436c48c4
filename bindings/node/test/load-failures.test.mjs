// What is said where the library, or what calls it, is there and can't be loaded: with real files that real loaders refuse.
// load-messages.test.mjs does so for all systems.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { install, runInstalled } from "./support/installed.mjs";
import { packageFolder } from "./support/package.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-load-failures-"));
after(() => rmSync(folder, { recursive: true }));

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

/** Where the part of a 64-bit ELF file ends that the system maps; what follows, as debug information, is not needed to load it. */
function mappedEnd(bytes) {
  const [start, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  const PT_LOAD = 1;
  const ends = Array.from({ length: count }, (_, n) => start + n * size)
    .filter((at) => bytes.readUInt32LE(at) === PT_LOAD)
    .map((at) => Number(bytes.readBigUInt64LE(at + 8) + bytes.readBigUInt64LE(at + 32)));
  return Math.max(...ends);
}

test("a library that is cut short does not end the process, wherever the cut is", onLinux, async () => {
  const end = mappedEnd(readFileSync(libraryPath));
  for (const size of [0, 10, 100, 5_000, end >> 2, end >> 1, end - 1]) {
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
  // Yarn's Plug'n'Play says of itself that it is there.
  const pnp = 'Object.defineProperty(process.versions, "pnp", { value: "3" });';
  for (const [name, before, how] of [
    ["app.asar/inside", "", /have your packager unpack \*\*\/\*\.node/],
    ["package.zip/node_modules/package", pnp, /yarn unplug session-replay-native/],
    ["package.zip/node_modules/package", "", /it is no native library/],
  ]) {
    const where = join(folder, name);
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, "library.so"), "shown, but not there for the loader");
    const line = await said(home, { env: { SESSION_REPLAY_LIBRARY: join(where, "library.so") } }, before + START);
    assert.match(line, how);
    assert.equal(line.includes("archive"), how.source !== "it is no native library", line);
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

test("a package without a library for this system names those that it has, and asks for no other package", async () => {
  const where = install(join(folder, "other-systems"));
  const prebuilds = join(where, "node_modules/session-replay-native/prebuilds");
  for (const system of ["sunos-x64", "aix-ppc64"]) {
    mkdirSync(join(prebuilds, system), { recursive: true });
    writeFileSync(join(prebuilds, system, "session_replay.node"), "");
  }
  mkdirSync(join(prebuilds, "empty-x64"));
  const line = await said(where);
  assert.match(
    line,
    /can't be loaded: this version has no library for [\w-]+; it has those for aix-ppc64, sunos-x64\. Run on one of those systems, or name the file with the option libraryPath /,
  );
  assert.doesNotMatch(line, /npm install|install again|--omit|node_modules comes from/);
});

test("a package without any library is installed again", async () => {
  const line = await said(install(join(folder, "no-library")));
  assert.match(line, /can't be loaded: this package holds no library\. Install session-replay-native again, or name the file /);
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
