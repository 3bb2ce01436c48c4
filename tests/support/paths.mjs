// Where things are in this project, and where cargo put what it built.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
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

/** Where a program is on the PATH; undefined where it is not. */
export function onPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
