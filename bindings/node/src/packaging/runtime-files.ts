// The files that an app needs at run time and no bundler can put into a bundle: found where npm installed them.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { here } from "../locating/here.js";
import { howToInstallFor } from "../locating/install-again.js";
import { installedPackage, versionIn } from "../locating/installed.js";
import { koffiPackageFor, koffiPlaces } from "../locating/koffi-addon.js";
import { PACKAGE, findPackageFolder } from "../locating/package-folder.js";
import { LIBRARY_FILE, libraryInPackage, platformPackageFor, systemsWithLibrary } from "../locating/package-library.js";
import { packageManagerOf } from "../locating/package-manager.js";
import { KOFFI_FILE, NOTICES_PATH, PRELOAD_PATH } from "../locating/places.js";
import { systemName, type System } from "../locating/system.js";
import { SessionReplayError } from "../model/errors.js";
import { hasOwn } from "../model/values.js";
import { VERSION } from "../model/version.js";
import { systemOf, type Target } from "./target.js";

/** What the package itself has, for each system alike. */
const OWN_FILES = [PRELOAD_PATH, NOTICES_PATH];

/** A file, or why it is not there, and the package with its version that would bring it. */
type Found = { path: string } | { problem: string; bring?: string };

/**
 * The absolute paths of the run-time files for a system, `session_replay.node`, `koffi.node` and
 * `session-replay-preload.js`, and of `session-replay-NOTICES.txt`, the licences of what they hold. Copied beside a bundle, or into Electron's resources, they are found there.
 *
 * Throws a `SessionReplayError` that names each one that is missing, and what to do.
 */
export function runtimeFiles(target?: Target): string[] {
  const system = systemOf(target);
  const packageFolder = findPackageFolder() ?? here;
  const found = [findLibrary(system, packageFolder), findKoffi(system, packageFolder), ...OWN_FILES.map((path) => findOwn(path, packageFolder))];
  const problems = found.flatMap((it) => (hasOwn(it, "problem") ? [`\n  - ${it.problem}`] : []));
  if (problems.length > 0) {
    const packages = found.flatMap((it) => (hasOwn(it, "bring") && it.bring !== undefined ? [it.bring] : []));
    const message = `the run-time files for ${systemName(system)} are not complete:${problems.join("")}${howToBring(system, packages, packageFolder)}`;
    throw new SessionReplayError("library-not-found", message);
  }
  return found.flatMap((it) => (hasOwn(it, "path") ? [it.path] : []));
}

function findLibrary(system: System, packageFolder: string): Found {
  const platformPackage = platformPackageFor(system);
  const own = join(packageFolder, libraryInPackage(system));
  if (existsSync(own)) return { path: own };
  if (platformPackage === undefined) {
    const others = systemsWithLibrary(packageFolder).join(", ");
    return { problem: `${LIBRARY_FILE}: this version of ${PACKAGE} has no library for ${systemName(system)}; it has those for ${others}.` };
  }
  const folder = installedPackage(platformPackage, [packageFolder]);
  const version = folder === undefined ? undefined : versionIn(folder);
  const path = folder === undefined ? undefined : join(folder, LIBRARY_FILE);
  if (version === VERSION && path !== undefined && existsSync(path)) return { path };
  const is = version === undefined || version === VERSION ? "is not installed" : `is of version ${version}, and ${PACKAGE} is ${VERSION}`;
  return { problem: `${LIBRARY_FILE}: the package ${platformPackage} ${is}.`, bring: `${platformPackage}@${VERSION}` };
}

function findKoffi(system: System, packageFolder: string): Found {
  const koffi = installedPackage("koffi", [packageFolder]);
  if (koffi === undefined) return { problem: `${KOFFI_FILE}: the package koffi is not installed. Install ${PACKAGE} again: koffi comes with it.` };
  const platformPackage = koffiPackageFor(system);
  const folder = installedPackage(platformPackage, [koffi]);
  const path = koffiPlaces(system, koffi, folder).find(existsSync);
  if (path !== undefined) return { path };
  const version = versionIn(koffi);
  if (folder !== undefined || version?.startsWith("2.")) {
    const problem = `koffi ${version} is not built for it. Install another version of koffi.`;
    return { problem: `${KOFFI_FILE}: ${folder ?? koffi} has none for ${systemName(system)}: ${problem}` };
  }
  const bring = version === undefined ? platformPackage : `${platformPackage}@${version}`;
  return { problem: `${KOFFI_FILE}: the package ${platformPackage} is not installed.`, bring };
}

function findOwn(pathInPackage: string, packageFolder: string): Found {
  const path = join(packageFolder, pathInPackage);
  if (existsSync(path)) return { path };
  return { problem: `${basename(path)}: ${path} is not there. Install ${PACKAGE} again.` };
}

/** A command of another package manager than the app's would damage what that one keeps. */
const howToBring = (system: System, packages: readonly string[], packageFolder: string): string =>
  packages.length === 0 ? "" : `\n${howToInstallFor(system, packages, packageManagerOf([packageFolder, process.cwd()]))}`;
