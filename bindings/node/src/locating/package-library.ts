// Where npm packages have the native library: a package of each system's own, which the published package depends on optionally; or
// this one, in a folder for each system, where it was built and not installed from a registry.
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

/** The systems that have a package of their own. scripts/pack.mjs makes each, and has the published package depend on it. */
export const PLATFORMS: readonly System[] = [
  { platform: "linux", arch: "x64", libc: "glibc" },
  { platform: "linux", arch: "x64", libc: "musl" },
  { platform: "linux", arch: "arm64", libc: "glibc" },
  { platform: "linux", arch: "arm64", libc: "musl" },
  { platform: "darwin", arch: "arm64" },
  { platform: "darwin", arch: "x64" },
  { platform: "win32", arch: "x64" },
];

const PLATFORM_NAMES: readonly string[] = PLATFORMS.map(systemName);

/** The package that has it for one system alone. `undefined`: there is none, and a package of such a name may be anybody's. */
export function platformPackageFor(system: System): string | undefined {
  const name = systemName(system);
  return PLATFORM_NAMES.includes(name) ? `${PACKAGE}-${name}` : undefined;
}

/** The systems that there is a library for: in a package of their own, or in this one, where its folder is known. */
export const systemsWithLibrary = (packageFolder?: string): string[] =>
  [...new Set([...PLATFORM_NAMES, ...(packageFolder === undefined ? [] : systemsIn(packageFolder))])].sort();

function systemsIn(packageFolder: string): string[] {
  const folder = join(packageFolder, PREBUILDS);
  try {
    return readdirSync(folder).filter((name) => isThere(join(folder, name, LIBRARY_FILE))).sort();
  } catch {
    return [];
  }
}
