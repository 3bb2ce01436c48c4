// A compiler and a linker as MSVC has them, without MSVC: clang's mode for it (`clang-cl`) and lld-link, with MinGW's headers and
// import libraries of the system. What MinGW's headers lack for that compiler is put before every source.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../support/children.mjs";
import { project } from "../support/paths.mjs";

const MINGW = "/usr/x86_64-w64-mingw32";

/** The options of clang's mode for MSVC, every warning of its level 4 an error; /Gs leaves out a function of MSVC's runtime. */
const STRICT = ["--driver-mode=cl", "/W4", "/WX", "/GS-", "/Gs9999999", "/c"];

/** MinGW's headers take clang for MSVC, and then take away what clang's own headers need. */
const BEFORE = `#include <_mingw.h>
#undef __attribute__
#undef __MINGW_ATTRIB_DEPRECATED
#define __MINGW_ATTRIB_DEPRECATED
#undef __MINGW_ATTRIB_NORETURN
#define __MINGW_ATTRIB_NORETURN
`;

/** What MSVC's runtime does before main. */
const STARTUP = `int main(int, char **);
__declspec(dllimport) void exit(int);
int __getmainargs(int *, char ***, char ***, int, int *);
int atexit(void (*function)(void));
int atexit(void (*function)(void)) { return function == 0; }
void mainCRTStartup(void);
int _fltused = 1;
void mainCRTStartup(void) {
    int count, mode = 0;
    char **arguments, **environment;
    __getmainargs(&count, &arguments, &environment, 0, &mode);
    exit(main(count, arguments));
}
`;

/** Compiles one source into an object; one that needs no system (`free`) sees no header but ours and the compiler's. */
export async function compile(folder, source, { options = [], target = "x86_64-pc-windows-msvc", free = false } = {}) {
  const before = join(folder, "before.h");
  writeFileSync(before, BEFORE);
  const object = join(folder, `${source.replaceAll(/[^a-z]/gi, "_")}.obj`);
  const system = free ? [] : [`/FI${before}`, "-imsvc", join(MINGW, "include")];
  const args = [`--target=${target}`, ...STRICT, ...system, `-I${join(project, "include")}`, ...options, `/Fo${object}`, "--", source];
  await command("clang", args, { cwd: project });
  return object;
}

/** Links a program with import libraries alone. */
export async function link(folder, name, objects, libraries) {
  const startup = join(folder, "startup.c");
  writeFileSync(startup, STARTUP);
  const gcc = execFileSync("x86_64-w64-mingw32-gcc", ["-print-libgcc-file-name"], { encoding: "utf8" }).trim();
  const system = ["msvcrt", "kernel32", "shell32", "mingwex"].map((library) => join(MINGW, `lib/lib${library}.a`));
  const program = join(folder, name);
  const args = ["/nodefaultlib", "/entry:mainCRTStartup", "/subsystem:console", `/out:${program}`];
  await command("lld-link", [...args, ...objects, await compile(folder, startup), ...libraries, ...system, gcc]);
  return program;
}

/** The symbols that an object wants of others. */
export const wanted = (object) =>
  execFileSync("llvm-nm", ["-u", object], { encoding: "utf8" }).split("\n").map((line) => line.trim().split(" ").pop()).filter(Boolean).sort();
