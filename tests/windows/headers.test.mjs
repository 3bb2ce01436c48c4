// The headers as compilers for Windows see them: MinGW's, and clang as MSVC; behind all the macros of Windows.h. Nothing is run.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command } from "../support/children.mjs";
import { codeOf } from "../support/page-code.mjs";
import { onPath, project } from "../support/paths.mjs";
import { compile, wanted } from "./msvc.mjs";

const GCC = "x86_64-w64-mingw32-gcc";
const GXX = "x86_64-w64-mingw32-g++";
const INCLUDE = join(project, "include");
const missing = (...tools) => tools.filter((tool) => !onPath(tool)).map((tool) => `${tool} is not installed`)[0];
const limit = { timeout: 300_000 };
let folder;

before(() => void (folder = mkdtempSync(join(tmpdir(), "session-replay-windows-"))));
after(() => rmSync(folder, { recursive: true, force: true }));

function source(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const WINDOWS = "#include <windows.h>\n#include <rpcndr.h>\n";
const C = `#include <session_replay.h>
static void SR_CALL log_line(void *user_data, sr_log_level level, const char *message) { (void)user_data, (void)level, (void)message; }
int use(void);
int use(void) { sr_set_log_callback(log_line, NULL); return sr_init("key", NULL) < 0; }
`;
const CPP = `#include <session_replay.hpp>
int use();
int use() {
    sr::Options options;
    options.storage_dir = std::filesystem::path(L"C:\\\\here");
    options.storage_dir = L"C:\\\\here";
    sr::Callbacks callbacks;
    callbacks.log = [](sr::LogLevel, std::string_view) {};
    auto replay = sr::SessionReplay::start("key", options, callbacks);
    sr::View(1).place({});
    return replay ? 0 : 1;
}
`;

/** What our C++ headers include, before it is seen as MSVC sees it. */
const STANDARD = ["atomic", "cassert", "chrono", "cmath", "cstddef", "cstdint", "filesystem", "functional", "initializer_list", "iterator", "locale",
  "memory", "optional", "sstream", "stdexcept", "string", "string_view", "type_traits", "utility", "variant", "vector"];

test("MinGW compiles both headers behind Windows.h, with UNICODE or without, for the shared library and the static one", { ...limit, skip: missing(GCC, GXX) }, async () => {
  const strict = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-I", INCLUDE, "-fsyntax-only"];
  const c = source("mingw.c", WINDOWS + C);
  const cpp = source("mingw.cpp", `${WINDOWS}#include <filesystem>\n${CPP}`);
  for (const more of [[], ["-DUNICODE", "-D_UNICODE"], ["-DSR_DLL"]]) {
    for (const standard of ["c99", "c17"]) await command(GCC, [`-std=${standard}`, ...strict, ...more, c]);
    for (const standard of ["c++17", "c++20"]) await command(GXX, [`-std=${standard}`, ...strict, ...more, cpp]);
  }
});

test("clang as MSVC compiles the C header without a warning, behind Windows.h too", { ...limit, skip: missing("clang", GCC) }, async () => {
  const c = source("windows.c", WINDOWS + C);
  for (const options of [[], ["/DUNICODE", "/D_UNICODE"], ["/DSR_DLL"]]) await compile(folder, c, { options });
});

test("whatever calling convention the host has, the library is called as C; with SR_DLL through the import table", { ...limit, skip: missing("clang", "llvm-nm") }, async () => {
  const plain = source("plain.c", C);
  for (const options of [[], ["/Gd"], ["/Gr"], ["/Gv"], ["/Gz"]]) {
    const names = async (more, target) => wanted(await compile(folder, plain, { options: [...options, ...more], target, free: true }));
    assert.deepEqual(await names([], "x86_64-pc-windows-msvc"), ["sr_init", "sr_set_log_callback"], options.join());
    assert.deepEqual(await names(["/DSR_DLL"], "x86_64-pc-windows-msvc"), ["__imp_sr_init", "__imp_sr_set_log_callback"], options.join());
    assert.deepEqual(await names([], "i686-pc-windows-msvc"), ["_sr_init", "_sr_set_log_callback"], options.join());
  }
  assert.deepEqual(wanted(await compile(folder, plain, { target: "aarch64-pc-windows-msvc", free: true })), ["sr_init", "sr_set_log_callback"]);
});

/** The macros of Windows.h alone, as a header. */
function macrosOfWindows() {
  const macros = (input) => execFileSync(GCC, ["-dM", "-E", "-"], { input, encoding: "utf8", maxBuffer: 1 << 26 }).split("\n");
  const others = new Set(macros("#include <stdlib.h>\n#include <intrin.h>\n"));
  const found = macros(WINDOWS).filter((line) => /^#define [A-Za-z]/.test(line) && !others.has(line));
  for (const name of ["min(a,b)", "max(a,b)", "interface", "near", "far", "IN", "OUT", "ERROR", "DELETE"]) {
    assert.ok(found.some((line) => line.startsWith(`#define ${name} `)), `Windows.h has a macro ${name}`);
  }
  found.push("#define small char"); // Microsoft's rpcndr.h has it, MinGW's only for some.
  return found.map((line) => `#undef ${/^#define (\w+)/.exec(line)[1]}\n${line}\n`).join("");
}

// MSVC's own standard library is not to be had here: ours is included before, and the compiler then named as MSVC names itself.
// The callbacks get a calling convention that is no other function's, so that each has to say it.
test("the C++ headers compile where __cplusplus is 199711L, _MSVC_LANG counts, and Windows.h has had its way", { ...limit, skip: missing("clang++", GXX) }, async () => {
  const library = execFileSync(GXX, ["-print-file-name=include/c++"], { encoding: "utf8" }).trim();
  const msvc = `#undef __cplusplus
#define __cplusplus 199711L
#define _MSVC_LANG 201703L
#define _MSC_VER 1940
#define _CPPUNWIND 1
#undef __GNUC__
#undef __clang__
#undef __GLIBCXX__
#undef __cpp_exceptions
#define __cdecl __attribute__((vectorcall))
`;
  const cpp = source("msvc.cpp", STANDARD.map((name) => `#include <${name}>\n`).join("") + macrosOfWindows() + msvc + CPP);
  const system = ["-isystem", library, "-isystem", join(library, "x86_64-w64-mingw32")];
  const strict = ["--target=x86_64-w64-windows-gnu", "-fms-extensions", "-fdelayed-template-parsing", "-Wall", "-Wextra", "-Wno-builtin-macro-redefined", "-Werror"];
  for (const more of [["-std=c++17"], ["-std=c++20"], ["-std=c++17", "-DSR_DLL"]]) {
    await command("clang++", [...system, ...strict, ...more, "-I", INCLUDE, "-fsyntax-only", cpp]);
  }
  const unused = source("unused.cpp", STANDARD.map((name) => `#include <${name}>\n`).join("") + msvc + '#include <session_replay.hpp>\nvoid use();\nvoid use() { sr_init("key", nullptr); }\n');
  await assert.rejects(command("clang++", [...system, ...strict, "-std=c++17", "-I", INCLUDE, "-fsyntax-only", unused]), /nodiscard/);
});

test("the examples in C compile as MSVC compiles them, without pthreads", { ...limit, skip: missing("clang", GCC) }, async () => {
  for (const example of ["hello", "replay", "recording", "views"]) await compile(folder, `examples/c/${example}.c`);
  await compile(folder, "bindings/win32/session_replay_win32.c", { options: ["-Ibindings/win32"] });
});

test("the guide's code in C compiles", { ...limit, skip: missing(GCC) }, async () => {
  const parts = codeOf("windows.md").filter(({ language, code }) => language === "c" && !code.includes("int main("));
  assert.equal(parts.length, 2);
  for (const { code } of parts) {
    const use = code.includes("load_session_replay") ? "bool use(void);\nbool use(void) { return load_session_replay(); }\n" : "";
    const c = source("guide.c", `#include <windows.h>\n#include <stdlib.h>\nchar *utf8(const wchar_t *wide);\n${code}${use}`);
    await command(GCC, ["-std=c99", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", c]);
    if (onPath("clang")) await compile(folder, c);
  }
});
