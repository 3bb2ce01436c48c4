// Programs for Windows against an installation for Windows, run under Wine: built by MinGW and CMake, with the shared and the static
// library, and as MSVC builds them. What can't be run is skipped by name.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { importLibrary } from "../../scripts/dist-platforms.mjs";
import { command } from "../support/children.mjs";
import { onPath, project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { GCC, INSTALLED, TOOLCHAIN, complete, skip, winePrefix } from "./installed.mjs";
import { compile, link } from "./msvc.mjs";

const RECORDING = "tests/fixtures/recordings/form-unicode.jsonl";
const options = { timeout: 900_000, skip };
let folder, viewer, environment;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "session-replay-windows-"));
  viewer = await startViewer();
  environment = await winePrefix(join(folder, "wine"));
});

after(async () => {
  await viewer?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function folderOf(name, shared) {
  const into = join(folder, name);
  mkdirSync(into, { recursive: true });
  await complete(into, shared);
  return into;
}

const wine = (program, args, more = {}) => command("wine", [program, ...args], { env: environment, timeout: 300_000, ...more });
const inC = (path) => join(environment.WINEPREFIX, "drive_c", path);

/** tests/windows/host.c, by MinGW against the shared library. */
async function host() {
  const into = await folderOf("host");
  const program = join(into, "host.exe");
  if (existsSync(program)) return program;
  const args = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-DSR_DLL", `-I${join(INSTALLED, "include")}`, "tests/windows/host.c"];
  await command(GCC, [...args, join(INSTALLED, "lib/libsession_replay.dll.a"), "-lshell32", "-o", program], { cwd: project });
  return program;
}

/** Where each storageDir lies, seen from Linux. */
const PATHS = [
  ["C:\\sr store\\with spaces", () => inC("sr store/with spaces")],
  ["C:\\sr\\日本語 Ünïcødé 🎬", () => inC("sr/日本語 Ünïcødé 🎬")],
  ["C:/sr/slashes/", () => inC("sr/slashes")],
  ["C:drive relative", () => inC("drive relative")],
  ["relative", () => join(folder, "host/relative")],
  ["\\\\?\\C:\\sr\\verbatim 語", () => inC("sr/verbatim 語")],
  [`C:\\sr\\${"long ".repeat(40)}x\\${"name-".repeat(40)}x`, () => inC(`sr/${"long ".repeat(40)}x/${"name-".repeat(40)}x`)],
  ["\\\\server\\share\\sr", () => join(folder, "share/sr")],
  ["\\\\?\\UNC\\server\\share\\verbatim", () => join(folder, "share/verbatim")],
  [`\\\\server\\share\\${"long-".repeat(40)}\\${"name-".repeat(40)}`, () => join(folder, `share/${"long-".repeat(40)}/${"name-".repeat(40)}`)],
];

test("under Wine, storageDir may be any path that Windows has, in a host whose code page is not UTF-8", options, async () => {
  const program = await host();
  // A server is a folder to Wine.
  mkdirSync(join(folder, "share"));
  mkdirSync(join(environment.WINEPREFIX, "dosdevices/unc/server"), { recursive: true });
  symlinkSync(join(folder, "share"), join(environment.WINEPREFIX, "dosdevices/unc/server/share"));
  for (const [path, place] of PATHS) {
    const said = await wine(program, ["store", path], { cwd: join(folder, "host") });
    assert.match(said, /^code page 1252\r?\nrecord [01]\r?\n"kind":"disk"\r?\n"problem":null\r?$/m, path);
    assert.equal(readdirSync(place()).length, 1, path);
    const found = await wine(program, ["send", path, viewer.url], { cwd: join(folder, "host") });
    assert.match(found, /^"adopted":1\r?$/m, path);
  }
  const refused = await wine(program, ["store", "C:\\sr\\no|name"]);
  assert.match(refused, /"kind":"memory"\r?\n"problem":"the storage directory C:\\\\sr\\\\no\|name can't be used/);
});

test("under Wine, the library names its threads and starts no process", options, async () => {
  const said = await wine(await host(), ["features", viewer.url]);
  for (const line of ["thread sr-worker", "thread sr-sender", "children 0"]) assert.match(said, new RegExp(`^${line}\\r?$`, "m"));
});

for (const kind of ["shared", "static"]) {
  test(`CMake with MinGW's toolchain file: the example in C++ with the ${kind} library delivers`, options, async () => {
    const into = await folderOf(`cpp-${kind}`, kind === "shared");
    const args = [TOOLCHAIN, `-DCMAKE_PREFIX_PATH=${INSTALLED}`, `-DCMAKE_FIND_ROOT_PATH=${INSTALLED}`, `-DSessionReplay_USE_STATIC_LIBS=${kind === "static" ? "ON" : "OFF"}`];
    await command("cmake", ["-S", "tests/windows", "-B", into, ...args], { cwd: project });
    await command("cmake", ["--build", into]);
    assert.match(await wine(join(into, "segment.exe"), [viewer.url]), /\[Amplitude\] Session Replay ID/);
    assert.equal(await imports(join(into, "segment.exe")), kind === "shared");
  });

  test(`pkg-config with MinGW: the example in C with the ${kind} library delivers`, { ...options, skip: skip || (!onPath("pkg-config") && "pkg-config is not installed") }, async () => {
    const into = await folderOf(`c-${kind}`, kind === "shared");
    const env = { ...process.env, PKG_CONFIG_LIBDIR: join(INSTALLED, "lib/pkgconfig") };
    const flags = await command("pkg-config", [...(kind === "static" ? ["--static"] : []), "--cflags", "--libs", "session_replay"], { env });
    const program = join(into, "replay.exe");
    const sources = ["examples/c/replay.c", "examples/c/recording.c"];
    await command(GCC, ["-std=c99", ...sources, ...flags.trim().split(/\s+/).map((flag) => flag.replaceAll('"', "")), "-o", program], { cwd: project });
    assert.equal(await imports(program), kind === "shared");
    await replays(program, `c-${kind}`);
  });
}

test("the library needs nothing beside it but Windows itself, and a host may put off loading it", options, async () => {
  const into = await folderOf("delayed");
  const about = await command("x86_64-w64-mingw32-objdump", ["-p", join(into, "session_replay.dll")]);
  const dlls = [...about.matchAll(/DLL Name: (\S+)/g)].map(([, name]) => name.toLowerCase());
  assert.deepEqual(dlls.filter((name) => /^(lib|vcruntime|msvcp|ucrtbase)/.test(name)), []);
  importLibrary(join(into, "session_replay.dll"), into, "x86_64-w64-mingw32");
  const delayed = join(into, "libdelayed.a");
  await command("x86_64-w64-mingw32-dlltool", ["-d", join(into, "session_replay.def"), "-D", "session_replay.dll", "--output-delaylib", delayed]);
  const program = join(into, "replay.exe");
  await command(GCC, ["-std=c99", "-Iinclude", "examples/c/replay.c", "examples/c/recording.c", delayed, "-o", program], { cwd: project });
  assert.equal(await imports(program), false);
  await replays(program, "delayed");
});

// With what cargo built already: it has nothing to do but to see that.
const noTarget = !process.env.SR_WINDOWS_TARGET_DIR && "SR_WINDOWS_TARGET_DIR names no folder where cargo built the library for Windows";
test("CMake with MinGW's toolchain file, from the sources: the example in C++ delivers", { ...options, skip: skip || noTarget }, async () => {
  const into = await folderOf("cpp-sources", false);
  const args = [TOOLCHAIN, "-DFETCHCONTENT_TRY_FIND_PACKAGE_MODE=NEVER", `-DSESSION_REPLAY_TARGET_DIR=${process.env.SR_WINDOWS_TARGET_DIR}`, "-DSESSION_REPLAY_PROFILE=dev"];
  const name = "x86_64_pc_windows_gnu";
  const env = { ...process.env, [`CARGO_TARGET_${name.toUpperCase()}_LINKER`]: GCC, [`CC_${name}`]: GCC, [`AR_${name}`]: "x86_64-w64-mingw32-ar" };
  await command("cmake", ["-S", "tests/windows", "-B", into, ...args], { cwd: project, env });
  await command("cmake", ["--build", into], { env, timeout: 900_000 });
  copyFileSync(join(into, "_deps/sessionreplay-build/lib/session_replay.dll"), join(into, "session_replay.dll"));
  assert.match(await wine(join(into, "segment.exe"), [viewer.url]), /\[Amplitude\] Session Replay ID/);
});

/** Whether a program wants session_replay.dll. */
async function imports(program) {
  return /DLL Name: session_replay\.dll/.test(await command("x86_64-w64-mingw32-objdump", ["-p", program]));
}

async function replays(program, device) {
  const args = [RECORDING, "--server", viewer.url, "--device", device, "--session", "1732300000000", "--threads", "3", "--speed", "0", "--no-rollover"];
  await wine(program, args, { cwd: project });
  const lines = readFileSync(join(project, RECORDING), "utf8").split("\n").filter(Boolean);
  assert.equal((await viewer.events(device, "1732300000000")).length, lines.length);
}

test("as MSVC builds it, against an import library made of a .def: the example in C delivers", { ...options, skip: skip || ["clang", "lld-link", "llvm-dlltool", "llvm-readobj"].filter((name) => !onPath(name)).map((name) => `${name} is not installed`)[0] }, async () => {
  const into = await folderOf("msvc");
  const library = importLibrary(join(INSTALLED, "bin/session_replay.dll"), into, "x86_64-w64-mingw32");
  const about = await command("llvm-readobj", ["--file-headers", library]);
  const header = readFileSync(join(project, "include/session_replay.h"), "utf8").replaceAll(/\/\*.*?\*\//gs, "");
  const declared = [...header.matchAll(/SR_CALL (sr_\w+)\(/g)].map(([, name]) => name).sort();
  assert.deepEqual([...about.matchAll(/^Symbol: (sr_\w+)$/gm)].map(([, name]) => name).sort(), declared);
  assert.deepEqual([...new Set(about.match(/IMAGE_FILE_MACHINE_\w+/g))], ["IMAGE_FILE_MACHINE_AMD64"]);
  const objects = [];
  for (const source of ["replay", "recording"]) objects.push(await compile(into, `examples/c/${source}.c`, { options: ["/DSR_DLL"] }));
  await replays(await link(into, "replay.exe", objects, [library]), "msvc");
});
