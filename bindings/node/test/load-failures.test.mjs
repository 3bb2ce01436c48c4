// What is said where the library, or what calls it, is there and can't be loaded: with real files that real loaders refuse.
// load-messages.test.mjs does so for all systems.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { thisSystem } from "../dist/locating/system.js";
import { problemOfFile } from "../dist/native/binary-header.js";
import { howToGetLibrary } from "../dist/native/platform-package.js";
import { run } from "../../../tests/support/children.mjs";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { install, plainEnv, runInstalled } from "./support/installed.mjs";
import { koffiAddon, packageFolder } from "./support/package.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-load-failures-"));
after(() => rmSync(folder, { recursive: true }));

const home = install(join(folder, "home"));
const PLATFORM_PACKAGE = `session-replay-native-${process.platform}-${process.arch}`;
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

/** How a program that lies there ends. */
const runFile = (where, name) =>
  run(process.execPath, [join(where, name)], { cwd: where, env: plainEnv({ SESSION_REPLAY_LIBRARY: libraryPath }) });

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

test("a package that Node.js may not show is not called missing", async () => {
  const own = `--allow-fs-read=${join(home, "node_modules/session-replay-native/*")}`;
  const env = { SESSION_REPLAY_LIBRARY: libraryPath };
  const line = await said(home, { args: [PERMISSION, "--allow-addons", own], env });
  // Node.js 22 and newer find nothing; 20 finds a file that it may not read.
  assert.match(line, /the package koffi(: not found where Node\.js may read|\): Node\.js may not read it): with --permission give it --allow-fs-read/);
  assert.doesNotMatch(line, /npm install|koffi: not installed/);
  const more = [`--allow-fs-read=${join(home, "node_modules/*")}`, `--allow-fs-read=${libraryPath}`];
  const { output } = await runInstalled(home, `${START} sessionReplay.shutdown(0)`, { args: [PERMISSION, "--allow-addons", ...more], env });
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
  const again = "remove node_modules and package-lock.json, and run `npm install` on this system, without --omit=optional";
  const part = `(of koffi 3 the package @koromix/koffi-${process.platform}-${process.arch})`;
  const bareLine = await said(bare, { env });
  assert.ok(bareLine.includes(`${part}; ${again}`), bareLine);
  // Where the library is missing, too, both are told at once.
  const both = await said(bare);
  assert.ok(both.includes(`${part}, and the package ${PLATFORM_PACKAGE} is not installed either; ${again}`), both);

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

/** Where koffi has its addon for this system, in a copy of koffi 3; or a koffi 2, as its files lie. */
const KOFFIS = {
  "koffi 3": () => {
    const where = install(join(folder, "koffi-3"));
    return [where, koffiAddon().replace(packageFolder, `${where}/`)];
  },
  "koffi 2": () => {
    const where = install(join(folder, "koffi-2"), []);
    const koffi = join(where, "node_modules/koffi");
    const addon = join(koffi, "build/koffi", `${process.platform}_${process.arch}`, "koffi.node");
    cpSync(koffiAddon(), addon);
    writeFileSync(join(koffi, "package.json"), JSON.stringify({ name: "koffi", version: "2.9.0", main: "index.js" }));
    writeFileSync(join(koffi, "index.js"), `module.exports = require(${JSON.stringify(addon)})`);
    return [where, addon];
  },
};

for (const [name, lay] of Object.entries(KOFFIS)) {
  test(`a native part of ${name} that is cut short, or has lost its end, does not end the process`, onLinux, async () => {
    const [where, addon] = lay();
    const env = { SESSION_REPLAY_LIBRARY: libraryPath };
    assert.match((await runInstalled(where, `${START} sessionReplay.shutdown(0)`, { env })).output, /^((?!can't be loaded).)*$/s);
    const whole = readFileSync(addon);
    for (const [change, reason] of [
      [(bytes) => bytes.subarray(0, whole.length >> 1), /cut short/],
      [(bytes) => bytes.subarray(0, 4096), /cut short/],
      [(bytes) => bytes.fill(0), /no native library/],
      [(bytes) => bytes.fill(0, whole.length >> 1), /parts of it are empty/],
      [(bytes) => bytes.fill(0, whole.length - 512), /parts of it are empty/],
    ]) {
      writeFileSync(addon, change(Buffer.from(whole)));
      const line = await said(where, { env });
      assert.match(line, reason);
      assert.ok(line.includes(addon), line);
    }
  });
}

test("a library of full length whose end is zeros does not end the process", onLinux, async () => {
  for (const part of [1, 2, 3])
    assert.match(await said(home, changed(`zeros-${part}.so`, (bytes) => bytes.fill(0, (bytes.length >> 2) * part))), /parts of it are empty/);
});

test("what is no file is neither opened nor called cut short", onLinux, async () => {
  const [pipe, dir, loop] = ["pipe.so", "folder.so", "loop.so"].map((name) => join(folder, name));
  execFileSync("mkfifo", [pipe]);
  mkdirSync(dir);
  symlinkSync(loop, loop);
  for (const [path, reason] of [
    [pipe, /it is no file, but a device or a pipe/],
    ["/dev/zero", /it is no file, but a device or a pipe/],
    [dir, /it is a folder/],
    [loop, /a symbolic link that leads back to itself/],
  ]) {
    assert.match(await said(home, { env: { SESSION_REPLAY_LIBRARY: path } }), reason);
  }
  assert.match(problemOfFile(pipe, thisSystem(), ""), /pipe/);
  const loose = install(join(folder, "pipe-as-addon"), []);
  execFileSync("mkfifo", [join(loose, "koffi.node")]);
  writeFileSync(join(loose, "start.cjs"), `const sessionReplay = require("session-replay-native"); ${START}`);
  const { status, output } = await runFile(loose, "start.cjs");
  assert.equal(status, 0, output);
  assert.match(output, /koffi\.node \(beside the entry script\): it is no file, but a device or a pipe/);
});

test("a folder that may not be looked into is called that", onLinux, async () => {
  // Who is root may look anywhere, so another user looks.
  const as = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
  const closed = join(folder, "closed");
  mkdirSync(closed);
  writeFileSync(join(closed, "library.so"), "x");
  const where = install(join(folder, "for-anybody"));
  chmodSync(folder, 0o755);
  chmodSync(closed, 0);
  try {
    const line = await said(where, { env: { SESSION_REPLAY_LIBRARY: join(closed, "library.so") }, ...as });
    assert.match(line, /library\.so \(the variable SESSION_REPLAY_LIBRARY\): this user may not look into its folder/);
    const prebuilds = join(where, "node_modules/session-replay-native/prebuilds");
    const own = join(prebuilds, `${process.platform}-${process.arch}`);
    mkdirSync(own, { recursive: true });
    cpSync(libraryPath, join(own, "session_replay.node"));
    chmodSync(own, 0);
    const other = await said(where, as);
    assert.match(other, /can't be loaded: [^ ]*session_replay\.node \(the package's own\): this user may not look into its folder/);
    assert.doesNotMatch(other, /another system/);
    chmodSync(own, 0o755);
  } finally {
    chmodSync(closed, 0o755);
  }
});

test("a path of several lines is told in one", onLinux, async () => {
  const where = join(folder, "two\nlines");
  mkdirSync(where);
  writeFileSync(join(where, "library.so"), "damaged");
  assert.match(await said(home, { env: { SESSION_REPLAY_LIBRARY: join(where, "library.so") } }), /two\\nlines\/library\.so .*no native library/);
  assert.match(await said(home, { env: { SESSION_REPLAY_LIBRARY: join(where, "none.so") } }), /two\\nlines\/none\.so .*no such file/);
});

test("another library in the place of koffi's addon is called that", onLinux, async () => {
  const where = install(join(folder, "foreign"), []);
  cpSync(libraryPath, join(where, "koffi.node"));
  writeFileSync(join(where, "start.cjs"), `const sessionReplay = require("session-replay-native"); ${START}`);
  const { output } = await runFile(where, "start.cjs");
  assert.match(output, /koffi\.node \(beside the entry script\): it is another library/);
  assert.doesNotMatch(output, /npm rebuild/);
});

test("what somebody has put on Object.prototype changes neither what is loaded, nor what is logged", async () => {
  // koffi itself fails where a loop over names shows it, and says so.
  const polluted = (key, value) =>
    `Object.defineProperty(Object.prototype, ${JSON.stringify(key)}, { value: ${JSON.stringify(value)}, writable: true }); ${START}`;
  for (const [key, value] of [
    ["version", "1"],
    ["addon", {}],
    ["open", 1],
    ["logLevel", "none"],
    ["loggerProvider", null],
    ["libraryPath", "/planted/library.so"],
    ["backend", "ffi-napi"],
    ["resourcesPath", "/planted"],
    ["electron", "99"],
  ]) {
    const line = await said(home, {}, polluted(key, value));
    assert.match(line, /the session-replay library for [\w-]+ can't be loaded/, key);
    assert.doesNotMatch(line, /planted/, key);
  }
  const env = { SESSION_REPLAY_BACKEND: undefined, SESSION_REPLAY_LIBRARY: undefined };
  for (const [key, value] of [["SESSION_REPLAY_LIBRARY", "/planted.so"], ["SESSION_REPLAY_BACKEND", "planted"]])
    assert.doesNotMatch(await said(home, { env }, polluted(key, value)), /planted/, key);
});

test("on a system without a package of its own, the systems are named, and no package is asked for", () => {
  const packageFolder = join(folder, "other-systems");
  for (const system of ["sunos-x64", "aix-ppc64"]) {
    mkdirSync(join(packageFolder, "prebuilds", system), { recursive: true });
    writeFileSync(join(packageFolder, "prebuilds", system, "session_replay.node"), "");
  }
  mkdirSync(join(packageFolder, "prebuilds/empty-x64"));
  const line = howToGetLibrary({ system: { platform: "freebsd", arch: "x64" }, packageFolder, isPackedApp: false });
  assert.match(line, /^this version has no library for freebsd-x64; it has those for aix-ppc64, darwin-arm64, .*, sunos-x64, win32-x64\. Run on one of those systems, or name the file with the option libraryPath /);
  assert.doesNotMatch(line, /install|--omit|node_modules/);
});

const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));

test("where this system's package is missing, it is named, with what to run", async () => {
  const line = await said(install(join(folder, "no-library")));
  assert.match(line, new RegExp(`can't be loaded: the package ${PLATFORM_PACKAGE} is not installed: remove node_modules and package-lock\\.json, and run .npm install. .*--omit=optional`));
});

/** This system's package, of a version, in a folder node_modules. */
function putPlatformPackage(where, of) {
  const own = join(where, "node_modules", PLATFORM_PACKAGE);
  mkdirSync(own);
  cpSync(libraryPath, join(own, "session_replay.node"));
  writeFileSync(join(own, "package.json"), JSON.stringify({ name: PLATFORM_PACKAGE, version: of }));
}

test("this system's package is used, and one of another version is not", async () => {
  const right = install(join(folder, "right-version"));
  putPlatformPackage(right, version);
  const { output } = await runInstalled(right, `${START} sessionReplay.shutdown(0)`);
  assert.doesNotMatch(output, /can't be loaded/);
  const wrong = install(join(folder, "wrong-version"));
  putPlatformPackage(wrong, "0.0.9");
  assert.match(await said(wrong), /it is of version 0\.0\.9, and session-replay-native is .*; remove node_modules and package-lock\.json, and run `npm install` on this system/);
});

test("what to run is what the package manager has, by what that one left in the app's folder", async () => {
  for (const [mark, told] of [
    ["pnpm-lock.yaml", "remove node_modules, and run `pnpm install` on this system, without --no-optional"],
    ["yarn.lock", "remove node_modules, and run `yarn install` on this system"],
    ["bun.lock", "remove node_modules, and run `bun install` on this system, without --omit=optional"],
  ]) {
    const where = install(join(folder, `with-${mark}`));
    writeFileSync(join(where, mark), "");
    const line = await said(where);
    assert.ok(line.includes(`the package ${PLATFORM_PACKAGE} is not installed: ${told}`), line);
    assert.doesNotMatch(line, /\bnpm /);
  }
});

test("the first true reason comes first, the empty places after it", async () => {
  const where = install(join(folder, "reasons"));
  mkdirSync(join(where, "node_modules", PLATFORM_PACKAGE));
  writeFileSync(join(where, "node_modules", PLATFORM_PACKAGE, "session_replay.node"), "damaged");
  const [headline, rest] = (await said(where)).split(" Looked also at: ");
  assert.match(headline, /can't be loaded: [^ ]*session_replay\.node \(the package [\w-]+\): it is no native library/);
  assert.match(rest, /session_replay\.node \(the package's own\): there is no such file; .*the system's loader/);
});
