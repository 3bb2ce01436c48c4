// Where things are in this project, and where cargo put what it built.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const project = fileURLToPath(new URL("../..", import.meta.url));

/** What cargo built with this profile. */
export const builtWith = (profile) => join(process.env.CARGO_TARGET_DIR ?? join(project, "target"), profile);

/** What the tests run: a debug build, unless SR_PROFILE names another. */
export const built = builtWith(process.env.SR_PROFILE ?? "debug");

const LIBRARIES = { win32: "session_replay.dll", darwin: "libsession_replay.dylib" };

/** The native library that the tests load. */
export const libraryPath = join(built, LIBRARIES[process.platform] ?? "libsession_replay.so");

/** The path of a program that cargo built into this folder. */
export function programIn(folder, name) {
  const path = join(folder, process.platform === "win32" ? `${name}.exe` : name);
  if (!existsSync(path)) throw new Error(`${path} is not there: run \`cargo build --workspace\``);
  return path;
}
