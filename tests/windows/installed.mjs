// An installation for Windows, and what its programs take to be built and run here. `SR_WINDOWS_INSTALLED` names it; else it is what
// `make dist-all` left in build/dist.
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "../support/children.mjs";
import { onPath, project } from "../support/paths.mjs";

export const GCC = "x86_64-w64-mingw32-gcc";
const [, version] = /^version = "(.*)"$/m.exec(readFileSync(join(project, "Cargo.toml"), "utf8"));
export const INSTALLED = process.env.SR_WINDOWS_INSTALLED ?? join(project, `build/dist/session-replay-${version}-win32-x64`);
export const TOOLCHAIN = `-DCMAKE_TOOLCHAIN_FILE=${join(project, "tests/windows/mingw.cmake")}`;
const tool = [GCC, "x86_64-w64-mingw32-g++", "cmake", "wine"].find((name) => !onPath(name));

/** Why nothing can be built and run here; else false. */
export const skip = tool ? `${tool} is not installed` : !existsSync(INSTALLED) && `no installation for Windows: SR_WINDOWS_INSTALLED, or \`make dist-all PLATFORMS=win32-x64\``;

/** Makes a prefix of Wine; answers with the environment of its programs. */
export async function winePrefix(prefix) {
  const environment = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: "-all", LC_ALL: "C.UTF-8" };
  await command("wineboot", ["--init"], { env: environment, timeout: 300_000 });
  return environment;
}

/** Puts beside a program what has to lie there: the library, and what Wine 8 lacks. */
export async function complete(into, shared = true) {
  if (shared) copyFileSync(join(INSTALLED, "bin/session_replay.dll"), join(into, "session_replay.dll"));
  await command(GCC, ["-shared", "-o", join(into, "bcryptprimitives.dll"), join(project, "scripts/cross/bcryptprimitives.c"), "-ladvapi32"]);
}
