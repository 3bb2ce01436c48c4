// Where the native library may be.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { here } from "../locating/here.js";
import { findPackageFolder } from "../locating/package-folder.js";

/** One file to try. */
export interface Candidate {
  /** What the loader is given. */
  path: string;
  /** Where the path comes from, in words: for the error that lists what was tried. */
  source: string;
}

const NAMES: Partial<Record<NodeJS.Platform, string>> = {
  win32: "session_replay.dll",
  darwin: "libsession_replay.dylib",
};

/** The name by which the system's loader knows the library. */
export const libraryName = NAMES[process.platform] ?? "libsession_replay.so";

/** The library's file as npm packages have it: packagers take files of this ending out of archives. */
export const prebuiltName = "session_replay.node";

/**
 * The candidates, in the order in which they are tried. A path that was given is the only one: loading another library in
 * its place would be a surprise.
 */
export function libraryCandidates(libraryPath: string | undefined): Candidate[] {
  if (libraryPath) return [{ path: unpacked(resolve(libraryPath)), source: "the option libraryPath" }];
  const variable = process.env["SESSION_REPLAY_LIBRARY"];
  if (variable) return [{ path: unpacked(resolve(variable)), source: "the variable SESSION_REPLAY_LIBRARY" }];
  const folder = join("prebuilds", `${process.platform}-${process.arch}`);
  const own = join(findPackageFolder() ?? here, folder, prebuiltName);
  return [
    { path: unpacked(own), source: "the package's own" },
    { path: libraryName, source: "the system's loader" },
  ];
}

/** The system can't load a file from inside Electron's archive; electron-builder and -forge put it beside. */
function unpacked(path: string): string {
  const beside = path.replace(/\.asar(?=[\\/])/, ".asar.unpacked");
  return beside !== path && existsSync(beside) ? beside : path;
}
