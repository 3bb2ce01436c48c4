// The files that an app needs at run time and no bundler can put into a bundle: found where npm installed them.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { here } from "../locating/here.js";
import { findPackageFolder } from "../locating/package-folder.js";
import { KOFFI_FILE, LIBRARY_FILE, PACKAGE } from "../locating/places.js";
import { systemName, type System } from "../locating/system.js";
import { SessionReplayError } from "../model/errors.js";
import { installedPackage, versionIn } from "./installed.js";
import { koffiPackageFor, koffiPlaces } from "./koffi-addon.js";
import { systemOf, type Target } from "./target.js";

const PRELOAD_FILE = "session-replay-preload.js";

/** A file, or why it is not there. */
type Found = { path: string } | { problem: string };

/**
 * The absolute paths of the run-time files for a system: `session_replay.node`, `koffi.node` and
 * `session-replay-preload.js`. Copied beside a bundle, or into Electron's resources, they are found there.
 *
 * Throws a `SessionReplayError` that names each one that is missing, and what to do.
 */
export function runtimeFiles(target?: Target): string[] {
  const system = systemOf(target);
  const packageFolder = findPackageFolder() ?? here;
  const found = [findLibrary(system, packageFolder), findKoffi(system, packageFolder), findPreload(packageFolder)];
  const problems = found.flatMap((it) => ("problem" in it ? [`\n  - ${it.problem}`] : []));
  if (problems.length > 0) {
    const message = `the run-time files for ${systemName(system)} are not complete:${problems.join("")}`;
    throw new SessionReplayError("library-not-found", message);
  }
  return found.flatMap((it) => ("path" in it ? [it.path] : []));
}

function findLibrary(system: System, packageFolder: string): Found {
  const name = systemName(system);
  const prebuilds = join(packageFolder, "prebuilds");
  const platformPackage = `${PACKAGE}-${name}`;
  const folder = installedPackage(platformPackage, [packageFolder]);
  const own = join(prebuilds, name, LIBRARY_FILE);
  const path = [own, ...(folder === undefined ? [] : [join(folder, LIBRARY_FILE)])].find(existsSync);
  if (path !== undefined) return { path };
  const where = folder === undefined ? `the package ${platformPackage} is not installed` : `${folder} has it neither`;
  const holds = `The package has it for ${foldersIn(prebuilds).join(", ") || "no system"}.`;
  const install = installOf(platformPackage, versionIn(packageFolder));
  return { problem: `${LIBRARY_FILE}: ${own} is not there, and ${where}. ${holds} ${install}` };
}

function findKoffi(system: System, packageFolder: string): Found {
  const koffi = installedPackage("koffi", [packageFolder]);
  if (koffi === undefined) return { problem: `${KOFFI_FILE}: the package koffi is not installed. Run \`npm install koffi\`.` };
  const platformPackage = koffiPackageFor(system);
  const folder = installedPackage(platformPackage, [koffi]);
  const path = koffiPlaces(system, koffi, folder).find(existsSync);
  if (path !== undefined) return { path };
  const version = versionIn(koffi);
  if (folder !== undefined || version?.startsWith("2.")) {
    const problem = `koffi ${version} is not built for it. Install another version of koffi.`;
    return { problem: `${KOFFI_FILE}: ${folder ?? koffi} has none for ${systemName(system)}: ${problem}` };
  }
  return { problem: `${KOFFI_FILE}: the package ${platformPackage} is not installed. ${installOf(platformPackage, version)}` };
}

function findPreload(packageFolder: string): Found {
  const path = join(packageFolder, "dist/electron", PRELOAD_FILE);
  if (existsSync(path)) return { path };
  return { problem: `${PRELOAD_FILE}: ${path} is not there. Install ${PACKAGE} again.` };
}

const installOf = (name: string, version: string | undefined): string =>
  "npm installs the packages of its own system only; this one comes with " +
  `\`npm install --no-save --force ${name}${version === undefined ? "" : `@${version}`}\`.`;

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
