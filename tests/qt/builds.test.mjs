// The adapter compiles as its users compile: each compiler, strict warnings, what Qt lets a program forbid, other build systems.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { command } from "../support/children.mjs";
import { hasPackages } from "../support/cmake.mjs";
import { onPath, project } from "../support/paths.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-qt-builds-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const adapter = join(project, "bindings/qt");
const OPTIONS = ["-fPIC", "-fsyntax-only", "-Werror", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", `-I${project}/include`, `-I${adapter}`];
/** What a program may forbid its own sources. */
const STRICT = ["QT_NO_KEYWORDS", "QT_NO_CAST_FROM_ASCII", "QT_NO_CAST_TO_ASCII", "QT_NO_FOREACH", "QT_NO_URL_CAST_FROM_STRING", "QT_STRICT_ITERATORS"].map((name) => `-D${name}`);

/** The headers of these modules, whose own warnings are not ours. */
const headersOf = (...names) => execFileSync("pkg-config", ["--cflags", ...names], { encoding: "utf8" }).trim().split(/\s+/).flatMap((flag) => (flag.startsWith("-I") ? ["-isystem", flag.slice(2)] : [flag]));

/** A source that is all of these. */
function source(name, lines) {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const compile = (compiler, ...args) => command(compiler, [...OPTIONS, ...args.flat()], { timeout: 300_000 });

for (const version of [6, 5]) {
  const skip = !hasPackages(`Qt${version}Widgets`) && `Qt ${version} is not installed`;
  const deprecated = version === 6 ? "0x060000" : "0x050F00";
  const sources = [["qt", "Widgets"], ["qt_quick", "Widgets", "Quick", "QuickWidgets"], ["qt_webengine", "WebEngineWidgets"]]
    .map(([name, ...modules]) => [join(adapter, `session_replay_${name}.cpp`), modules.map((module) => `Qt${version}${module}`)])
    .filter(([, modules]) => hasPackages(...modules));

  for (const compiler of ["g++", "clang++"]) {
    test(`Qt ${version}, ${compiler}: every source, with all that a program may forbid`, { timeout: 600_000, skip: skip || (!onPath(compiler) && `${compiler} is not installed`) }, async () => {
      for (const [path, modules] of sources) {
        await compile(compiler, "-std=c++17", headersOf(...modules), STRICT, `-DQT_DISABLE_DEPRECATED_BEFORE=${deprecated}`, path);
      }
      const [path, modules] = sources[0];
      await compile(compiler, "-std=c++20", headersOf(...modules), "-fno-exceptions", "-fno-rtti", path);
      await compile(compiler, "-std=c++17", headersOf(...modules), "-DQT_NAMESPACE=Own", path);
    });
  }

  test(`Qt ${version}: all sources at once, and headers alone in the oldest C++ that Qt takes`, { timeout: 300_000, skip }, async () => {
    const unity = source("unity.cpp", sources.map(([path]) => `#include "${path}"`));
    await compile("g++", "-std=c++17", headersOf(...sources.flatMap(([, modules]) => modules)), unity);
    const header = source("header.cpp", ["session_replay_qt.h", "session_replay_qt_quick.h", "session_replay_qt_webengine.h"].map((name) => `#include "${name}"`));
    await compile("g++", version === 6 ? "-std=c++17" : "-std=c++11", headersOf(`Qt${version}Widgets`), header);
  });
}

/** The guide's block of code in this language. */
const snippet = (language) => readFileSync(join(project, "docs/guide/qt.md"), "utf8").match(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``))[1];

/** A program in a folder of its own, with the library beside it as the guide has it. */
function program(name, file, text) {
  const here = join(folder, name);
  mkdirSync(here);
  writeFileSync(join(here, "main.cpp"), '#include <session_replay_qt.h>\n#include <QApplication>\nint main(int count, char **arguments) {\n    QApplication application(count, arguments);\n    return sr::qt::attach(&application) ? 0 : 1;\n}\n');
  symlinkSync(project, join(here, "session-replay"));
  writeFileSync(join(here, file), text.replaceAll("path/to/session-replay", "session-replay"));
  return here;
}

test("qmake builds the guide's lines", { timeout: 600_000, skip: !onPath("qmake6") && "qmake is not installed" }, async () => {
  const here = program("qmake", "app.pro", `QT += widgets\nSOURCES += main.cpp\nINCLUDEPATH += ${project}/include\n${snippet("qmake").replace("PKGCONFIG += session_replay\n", "")}`);
  await command("qmake6", ["app.pro"], { cwd: here });
  await command("make", ["main.o", "session_replay_qt.o"], { cwd: here, timeout: 300_000 });
});

test("Meson builds the guide's lines", { timeout: 600_000, skip: !onPath("meson") && "Meson is not installed" }, async () => {
  const here = program("meson", "meson.build", `project('app', 'cpp', default_options: ['cpp_std=c++17'])\n${snippet("meson")}`);
  // The library itself is another test's: here it is a header.
  writeFileSync(join(here, "meson.build"), readFileSync(join(here, "meson.build"), "utf8").replace("dependency('session_replay')", `declare_dependency(compile_args: '-I${project}/include')`));
  await command("meson", ["setup", "build"], { cwd: here });
  await command("ninja", ["-C", "build", "libsession_replay_qt.a"], { cwd: here, timeout: 300_000 });
});

test("CMake builds of the adapter what a program links", { timeout: 300_000, skip: (!hasPackages("Qt6Widgets", "Qt6Quick") || !onPath("make")) && "Qt 6 with Quick, or make, is not installed" }, async () => {
  const lines = ["cmake_minimum_required(VERSION 3.16)", "project(app LANGUAGES CXX)", "add_library(SessionReplay::SessionReplay INTERFACE IMPORTED GLOBAL)",
    "add_subdirectory(session-replay/bindings/qt qt)", "add_library(app STATIC main.cpp)", "target_link_libraries(app PRIVATE SessionReplay::Qt)"];
  const here = program("cmake", "CMakeLists.txt", lines.join("\n"));
  await command("cmake", ["-S", here, "-B", join(here, "build"), "-G", "Unix Makefiles", "-DSESSION_REPLAY_QT=Qt6"]);
  const steps = execFileSync("make", ["-C", join(here, "build"), "-n", "all"], { encoding: "utf8" });
  assert.match(steps, /session_replay_qt\.cpp\.o/);
  assert.doesNotMatch(steps, /session_replay_qt_(quick|webengine)\.cpp\.o/);
});
