// Where npm packages have the native library: this one in a folder for each system, and a platform's own package in its root.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isThere } from "./is-there.js";
import { PACKAGE } from "./package-folder.js";
import { systemName, type System } from "./system.js";

/** The library's file: packagers take files of this ending out of archives. */
export const LIBRARY_FILE = "session_replay.node";
const PREBUILDS = "prebuilds";

/** Its path in this package. */
export const libraryInPackage = (system: System): string => `${PREBUILDS}/${systemName(system)}/${LIBRARY_FILE}`;

/** The package that would have it for one system alone. */
export const platformPackageFor = (system: System): string => `${PACKAGE}-${systemName(system)}`;

/** The systems that this package has it for. */
export function systemsIn(packageFolder: string): string[] {
  const folder = join(packageFolder, PREBUILDS);
  try {
    return readdirSync(folder).filter((name) => isThere(join(folder, name, LIBRARY_FILE))).sort();
  } catch {
    return [];
  }
}
