// Where the native library may be.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** One place to look at. */
export interface Place {
  /** What the loader is given. */
  path: string;
  /** In words, for the error that names the places. */
  said: string;
}

const NAMES: Partial<Record<NodeJS.Platform, string>> = { win32: "session_replay.dll", darwin: "libsession_replay.dylib" };

/** The file's name on this system. */
export const libraryName = NAMES[process.platform] ?? "libsession_replay.so";

/** This package's own folder: the compiled form of this file is in dist/native. */
const packageFolder = join(__dirname, "..", "..");

/**
 * The places, in the order in which they are tried. A path that somebody gave is the only place: where it does not
 * work, another library in its stead would be a surprise.
 */
export function placesOf(libraryPath: string | undefined): Place[] {
  if (libraryPath) return [{ path: unpacked(resolve(libraryPath)), said: "the option libraryPath" }];
  const variable = process.env["SESSION_REPLAY_LIBRARY"];
  if (variable) return [{ path: unpacked(resolve(variable)), said: "the variable SESSION_REPLAY_LIBRARY" }];
  const own = join(packageFolder, "prebuilds", `${process.platform}-${process.arch}`, libraryName);
  return [
    { path: unpacked(own), said: "the package's own" },
    { path: libraryName, said: "the system's loader" },
  ];
}

/** The system can't load a file from inside Electron's archive; electron-builder and -forge put it beside. */
function unpacked(path: string): string {
  const beside = path.replace(/\.asar(?=[\\/])/, ".asar.unpacked");
  return beside !== path && existsSync(beside) ? beside : path;
}
