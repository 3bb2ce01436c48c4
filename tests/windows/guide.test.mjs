// What docs/guide/windows.md shows, as a person copies it: the first program and its server, built by the page's lines; a plugin; and
// what CMake says. Under Wine, against an installation for Windows.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { importLibrary } from "../../scripts/dist-platforms.mjs";
import { command, killAll, run, start } from "../support/children.mjs";
import { codeOf } from "../support/page-code.mjs";
import { onPath, project } from "../support/paths.mjs";
import { GCC, INSTALLED, TOOLCHAIN, complete, skip, winePrefix } from "./installed.mjs";
import { compile, link } from "./msvc.mjs";

const options = { timeout: 900_000, skip };
const WINDOWS = "x86_64-w64-mingw32";
const blocks = codeOf("windows.md");
let folder, environment, port;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "session-replay-guide-"));
  environment = await winePrefix(join(folder, "wine"));
  port = await freePort();
});

after(() => {
  killAll();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The block of a language with this text in it; its port is a free one. */
function block(language, text) {
  const found = blocks.filter((it) => it.language === language && it.code.includes(text));
  assert.equal(found.length, 1, `${language} with ${text}`);
  return found[0].code.replaceAll("8787", String(port));
}

/** The words of the page's line that begins with this compiler. */
const lineOf = (compiler) => block("bat", `\n${compiler} `).split("\n").find((line) => line.startsWith(`${compiler} `)).split(" ").slice(1);

/** A folder as the page leaves it: the archive, unpacked, and hello.c. */
async function firstFolder(name) {
  const into = join(folder, name);
  mkdirSync(into);
  cpSync(INSTALLED, join(into, "session-replay"), { recursive: true });
  importLibrary(join(INSTALLED, "bin/session_replay.dll"), join(into, "session-replay/lib"), WINDOWS);
  writeFileSync(join(into, "hello.c"), block("c", "int main("));
  writeFileSync(join(into, "receive.js"), block("js", "createServer"));
  await complete(into);
  return into;
}

/** Runs receive.js and then hello.exe: what each said. */
async function arrives(into) {
  const server = start(process.execPath, [join(into, "receive.js")]);
  try {
    await Promise.race([untilItListens(), server.ended.then(({ output }) => assert.fail(output))]);
    const said = await command("wine", [join(into, "hello.exe")], { env: environment });
    assert.match(said, /^delivered\r?$/m);
  } finally {
    server.child.kill();
  }
  assert.match((await server.ended).output, /^device: device-1 events: \d+$/m);
}

async function untilItListens() {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "PUT", body: '{ "events": [] }' }).catch(() => undefined);
    if (answer?.ok) return;
  }
}

test("the first program, by the page's line for MinGW, delivers to the page's server", options, async () => {
  const into = await firstFolder("gcc");
  await command(GCC, ["-Werror", ...lineOf("gcc")], { cwd: into });
  await arrives(into);
});

test("the first program, by the page's line for MSVC, delivers to the page's server", { ...options, skip: skip || ["clang", "lld-link", "llvm-dlltool"].filter((name) => !onPath(name)).map((name) => `${name} is not installed`)[0] }, async () => {
  const into = await firstFolder("cl");
  const words = lineOf("cl").map((word) => word.replaceAll("\\", "/"));
  const include = words.indexOf("/I");
  assert.equal(words[include + 1], "session-replay/include");
  const [source, library, ...none] = words.filter((word, index) => !word.startsWith("/") && index !== include + 1);
  assert.deepEqual(none, []);
  const flags = words.filter((word) => word.startsWith("/") && word !== "/I");
  const object = await compile(into, join(into, source), { options: [...flags, `-I${join(into, words[include + 1])}`] });
  await link(into, "hello.exe", [object], [join(into, library)]);
  await arrives(into);
});

/** A plugin, and a program elsewhere that loads it as programs do. */
const PLUGIN = `#include <session_replay.h>
__declspec(dllexport) int plugin_start(void);
int plugin_start(void) { return load_session_replay() ? sr_init("key", "{\\"sampleRate\\": 0, \\"enableRemoteConfig\\": false}") : -100; }
`;
const PROGRAM = `#include <windows.h>
#include <stdio.h>
int main(int count, char **plugins) {
    for (int i = 1; i < count; ++i) {
        HMODULE plugin = LoadLibraryA(plugins[i]);
        if (plugin == NULL) { printf("error %lu\\n", GetLastError()); continue; }
        int (*begin)(void) = (int (*)(void))(void (*)(void))GetProcAddress(plugin, "plugin_start");
        printf("start %d\\n", begin());
    }
    return 0;
}
`;

/** Builds a plugin in a folder of its own, with its own copy of the library. */
async function plugin(name, library) {
  const into = join(folder, name);
  mkdirSync(into);
  await complete(into);
  writeFileSync(join(into, "plugin.c"), block("c", "load_session_replay") + PLUGIN);
  await command(GCC, ["-std=c99", "-Wall", "-Wextra", "-Werror", "-shared", `-I${join(INSTALLED, "include")}`, "plugin.c", library, "-o", "plugin.dll"], { cwd: into });
  return join(into, "plugin.dll");
}

test("a plugin brings its own library by the page's code, and not without; of two, the second meets the first one's recorder", options, async () => {
  const into = join(folder, "program");
  mkdirSync(into);
  // Of Windows, as seen by all of them; Wine 8 lacks it.
  await complete(into, false);
  writeFileSync(join(into, "program.c"), PROGRAM);
  await command(GCC, ["-std=c99", "program.c", "-o", "program.exe"], { cwd: into });
  importLibrary(join(INSTALLED, "bin/session_replay.dll"), into, WINDOWS);
  const delayed = join(into, "libdelayed.a");
  await command(`${WINDOWS}-dlltool`, ["-d", join(into, "session_replay.def"), "-D", "session_replay.dll", "--output-delaylib", delayed]);
  const plugins = [await plugin("linked", join(INSTALLED, "lib/libsession_replay.dll.a")), await plugin("one", delayed), await plugin("two", delayed)];
  const said = await command("wine", [join(into, "program.exe"), ...plugins], { env: environment, cwd: into, timeout: 300_000 });
  assert.deepEqual(said.trim().split(/\r?\n/), ["error 126", "start 0", "start -2"]);
});

// CMake takes its word for MSVC, which is not here: no language, no compiler.
test("CMake as with MSVC says that there is no static library for it", options, async () => {
  const into = join(folder, "static");
  mkdirSync(into);
  writeFileSync(join(into, "CMakeLists.txt"), "cmake_minimum_required(VERSION 3.20)\nproject(app LANGUAGES NONE)\nfind_package(SessionReplay CONFIG REQUIRED)\n");
  const msvc = ["-S", into, "-DCMAKE_SYSTEM_NAME=Windows", "-DMSVC=ON", `-DCMAKE_PREFIX_PATH=${INSTALLED}`];
  await command("cmake", [...msvc, "-B", join(into, "shared")]);
  const { status, output } = await run("cmake", [...msvc, "-B", join(into, "static"), "-DSessionReplay_USE_STATIC_LIBS=ON"]);
  assert.notEqual(status, 0);
  assert.match(output.replaceAll(/\s+/g, " "), /USE_STATIC_LIBS is on, and the installation in .* has no static library session_replay\.lib\. Turn it off .* no static library for MSVC: build the sources/);
});

test("a project in C++ alone takes the component Win32, whose sources are C", options, async () => {
  const into = join(folder, "component");
  mkdirSync(into);
  writeFileSync(join(into, "CMakeLists.txt"), `cmake_minimum_required(VERSION 3.20)
project(app LANGUAGES CXX)
find_package(SessionReplay CONFIG REQUIRED COMPONENTS Win32)
add_executable(app app.cpp)
target_link_libraries(app PRIVATE SessionReplay::Win32)
`);
  writeFileSync(join(into, "app.cpp"), "#include <session_replay_win32.h>\nint main() { return sr_win32_attach() ? 0 : 1; }\n");
  await command("cmake", ["-S", into, "-B", join(into, "build"), TOOLCHAIN, `-DCMAKE_PREFIX_PATH=${INSTALLED}`, `-DCMAKE_FIND_ROOT_PATH=${INSTALLED}`]);
  await command("cmake", ["--build", join(into, "build")]);
});
