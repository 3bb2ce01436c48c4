// The package with this system's library: what is wrong with it, and how it is got. Pure decisions.
import { howToBringFiles } from "../locating/bring-files.js";
import { howToInstallAll } from "../locating/install-again.js";
import { PACKAGE } from "../locating/package-folder.js";
import { platformPackageFor, systemsWithLibrary } from "../locating/package-library.js";
import { packageManagerOf } from "../locating/package-manager.js";
import type { Surroundings } from "../locating/surroundings.js";
import { systemName } from "../locating/system.js";
import { VERSION } from "../model/version.js";
import type { Candidate } from "./candidates.js";

/** Each version has a library of its own. `install`: how to get the right one. */
export function problemOfVersion({ platformPackage, version }: Candidate, install: string): string | undefined {
  if (platformPackage === undefined || version === undefined || version === VERSION) return undefined;
  return `it is of version ${version}, and ${PACKAGE} is ${VERSION}; ${install}`;
}

/** What to do where no place had the library. */
export function howToGetLibrary(around: Pick<Surroundings, "system" | "packageFolder" | "isPackedApp">): string {
  const bring = howToBringFiles(around);
  if (bring !== undefined) return `${bring}, ${OR_NAME_IT}`;
  const missing = platformPackageFor(around.system);
  if (missing !== undefined) {
    return `the package ${missing} is not installed: ${howToInstallAll(packageManagerOf([around.packageFolder]))}, ${OR_NAME_IT}`;
  }
  const others = systemsWithLibrary(around.packageFolder).join(", ");
  return `this version has no library for ${systemName(around.system)}; it has those for ${others}. Run on one of those systems, ${OR_NAME_IT}`;
}

const OR_NAME_IT = "or name the file with the option libraryPath or the variable SESSION_REPLAY_LIBRARY.";
