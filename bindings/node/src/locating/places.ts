// Where the files that are needed at run time may lie, in the order in which they are looked for. A pure decision: the
// process's surroundings, and what `require.resolve` answers, are given.
import { posix, win32 } from "node:path";
import { PACKAGE } from "./package-folder.js";
import { LIBRARY_FILE, libraryInPackage, platformPackageFor } from "./package-library.js";
import type { Surroundings } from "./surroundings.js";

/** One place to look at. */
export interface Place {
  /** The file, or the name that the system's loader is given. `undefined`: the package that would hold it is not installed. */
  path: string | undefined;
  /** Where the path comes from, in words: for the error that lists what was looked at. */
  source: string;
}

/** A place as an error names it. */
export const nameOf = ({ path, source }: Place): string => (path === undefined ? source : `${path} (${source})`);

/** A folder from which packages are found in node_modules, and beside which loose files may lie. */
export interface Anchor {
  folder: string;
  /** In words. */
  source: string;
}

/** Which file a request like "koffi/package.json" names from this folder; `undefined`: none. */
export type Resolve = (request: string, folder: string) => string | undefined;

/** koffi's addon, which can be loaded by itself. */
export const KOFFI_FILE = "koffi.node";
/** The preload script, by its path in the package. Beside a bundle it has the same name. */
export const PRELOAD_PATH = "dist/electron/session-replay-preload.js";
/** The licences of the run-time files, which go where they go (scripts/write-notices.mjs). */
export const NOTICES_PATH = "dist/session-replay-NOTICES.txt";

const pathOf = ({ system }: Surroundings): typeof posix => (system.platform === "win32" ? win32 : posix);

/** The folders from which packages are found. */
export function anchorsOf(around: Surroundings): Anchor[] {
  const { join } = pathOf(around);
  const { here, entryFolder, resourcesPath, executableFolder } = around;
  const resources = resourcesPath === undefined ? [] : [join(resourcesPath, "app.asar"), join(resourcesPath, "app")];
  return distinct([
    { folder: here, source: "this code's folder" },
    { folder: entryFolder, source: "the entry script's folder" },
    ...resources.map((folder) => ({ folder, source: "the app's resources" })),
    { folder: executableFolder, source: "the executable's folder" },
  ]);
}

/** Where a loose file of this name may lie: beside the bundle, the entry script, the app's resources, the executable. */
export function looseFiles(around: Surroundings, name: string): (Place & { path: string })[] {
  const { join } = pathOf(around);
  const { here, packageFolder, entryFolder, resourcesPath, executableFolder } = around;
  const folders = distinct([
    { folder: packageFolder === undefined ? here : undefined, source: "beside the bundle" },
    { folder: entryFolder, source: "beside the entry script" },
    { folder: resourcesPath, source: "the app's resources" },
    { folder: executableFolder, source: "beside the executable" },
  ]);
  return folders.map(({ folder, source }) => ({ path: join(folder, name), source }));
}

/** A file of this package: in its own folder, or, seen from a bundle, in the one that is installed. */
function inPackage(around: Surroundings, path: string, resolve: Resolve): Place[] {
  const { dirname, join } = pathOf(around);
  if (around.packageFolder !== undefined) return [{ path: join(around.packageFolder, path), source: "the package's own" }];
  const installed = firstResolved(around, `${PACKAGE}/package.json`, resolve);
  return installed === undefined ? [] : [{ path: join(dirname(installed), path), source: `in the installed ${PACKAGE}` }];
}

/** A run-time file of the package, as the preload script: in the package, or a loose file. */
export const packageFilePlaces = (around: Surroundings, path: string, resolve: Resolve): Place[] => [
  ...inPackage(around, path, resolve),
  ...looseFiles(around, posix.basename(path)),
];

/** What the host says about where the library is. */
export interface GivenPaths {
  libraryPath?: string | undefined;
  /** What the process has loaded in another thread: another file would be a second recorder. */
  inUse?: string | undefined;
  variable?: string | undefined;
}

/** The native library. A path that was given is the only one: loading another library in its place would be a surprise. */
export function libraryPlaces(around: Surroundings, given: GivenPaths, resolve: Resolve): Place[] {
  const { libraryPath, inUse, variable } = given;
  if (libraryPath) return [{ path: libraryPath, source: "the option libraryPath" }];
  if (inUse) return [{ path: inUse, source: "the one that this process uses" }];
  if (variable) return [{ path: variable, source: "the variable SESSION_REPLAY_LIBRARY" }];
  const platformPackage = platformPackageFor(around.system);
  return [
    ...inPackage(around, libraryInPackage(around.system), resolve),
    { path: firstResolved(around, `${platformPackage}/${LIBRARY_FILE}`, resolve), source: `the package ${platformPackage}` },
    ...looseFiles(around, LIBRARY_FILE),
    { path: systemLibraryName(around.system.platform), source: "the system's loader" },
  ];
}

const SYSTEM_NAMES: Partial<Record<string, string>> = {
  win32: "session_replay.dll",
  darwin: "libsession_replay.dylib",
};

/** The name by which the system's loader knows the library. */
export const systemLibraryName = (platform: string): string => SYSTEM_NAMES[platform] ?? "libsession_replay.so";

function firstResolved(around: Surroundings, request: string, resolve: Resolve): string | undefined {
  for (const { folder } of anchorsOf(around)) {
    const file = resolve(request, folder);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Those that are known, each folder once. */
function distinct(anchors: { folder: string | undefined; source: string }[]): Anchor[] {
  const seen = new Set<string>();
  return anchors.filter((anchor): anchor is Anchor => {
    if (anchor.folder === undefined || seen.has(anchor.folder)) return false;
    seen.add(anchor.folder);
    return true;
  });
}
