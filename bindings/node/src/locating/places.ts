// Where the files that are needed at run time may lie, in the order in which they are looked for. A pure decision: the
// process's surroundings, and what `require.resolve` answers, are given.
import { posix, win32 } from "node:path";
import { isInside } from "./inside.js";
import { oneLine } from "./one-line.js";
import { PACKAGE } from "./package-folder.js";
import { LIBRARY_FILE, libraryInPackage, platformPackageFor } from "./package-library.js";
import type { Surroundings } from "./surroundings.js";

/** One place to look at. */
export interface Place {
  /** The file, or the name that the system's loader is given. `undefined`: the package that would hold it is not installed. */
  path: string | undefined;
  /** Where the path comes from, in words: for the error that lists what was looked at. */
  source: string;
  /** The package of one system's own that holds it. */
  platformPackage?: string;
}

/** A place as an error names it. */
export const nameOf = ({ path, source }: Place): string => (path === undefined ? source : `${oneLine(path)} (${source})`);

/** A folder from which packages are found in node_modules. */
export interface Anchor {
  folder: string;
  /** The last folder whose node_modules counts, of `folder` and those above it; `undefined`: as Node.js looks, in each. */
  upTo?: string | undefined;
  /** In words. */
  source: string;
}

/** Which file a request like "koffi/package.json" names from this folder, as an {@link Anchor} says; `undefined`: none. */
export type Resolve = (request: string, folder: string, upTo?: string) => string | undefined;

/** koffi's addon, which can be loaded by itself. */
export const KOFFI_FILE = "koffi.node";
/** The preload script, by its path in the package. Beside a bundle it has the same name. */
export const PRELOAD_PATH = "dist/electron/session-replay-preload.js";
/** The licences of the run-time files, which go where they go (scripts/write-notices.mjs). */
export const NOTICES_PATH = "dist/session-replay-NOTICES.txt";

const pathOf = ({ system }: Surroundings): typeof posix => (system.platform === "win32" ? win32 : posix);

/**
 * The folders from which packages are found. Above this code's own folder Node.js would look by itself; above another one
 * anybody may have put a node_modules, as in a folder that each user may write to.
 */
export function anchorsOf(around: Surroundings): Anchor[] {
  const { join } = pathOf(around);
  const { here, packageFolder, entryFolder, resourcesPath, executableFolder } = around;
  const resources = resourcesPath === undefined ? [] : [join(resourcesPath, "app.asar"), join(resourcesPath, "app"), resourcesPath];
  const others = known(around, [
    { folder: entryFolder, source: "the entry script's folder" },
    ...resources.map((folder) => ({ folder, source: "the app's resources" })),
    { folder: executableFolder, source: "the executable's folder" },
  ]).map((anchor) => ({ ...anchor, upTo: anchor.folder }));
  const own = { folder: here, source: "this code's folder" };
  if (packageFolder !== undefined || !around.isPackedApp) return [own, ...others.filter(({ folder }) => folder !== here)];
  return [...known(around, [own]).map((anchor) => ({ ...anchor, upTo: resourcesPath })), ...others];
}

/**
 * The folders from which the package's own dependencies are found: those, and, seen from a bundle, the installed package itself. pnpm
 * and Plug'n'Play show them to it alone. Where a folder has a bound, only what was installed in it or beside it counts.
 */
export function dependencyAnchors(around: Surroundings, resolve: Resolve): Anchor[] {
  const anchors = anchorsOf(around);
  if (around.packageFolder !== undefined) return anchors;
  const { dirname } = pathOf(around);
  const installed = anchors.flatMap(({ folder, upTo }) => {
    const manifest = resolve(`${PACKAGE}/package.json`, folder, upTo);
    if (manifest === undefined) return [];
    const own = dirname(manifest);
    return [{ folder: own, upTo: upTo === undefined ? undefined : dirname(dirname(own)), source: `the installed ${PACKAGE}` }];
  });
  return [...anchors, ...known(around, installed)];
}

/** Where a loose file of this name may lie: beside the bundle, the entry script, the app's resources, the executable. */
export function looseFiles(around: Surroundings, name: string): (Place & { path: string })[] {
  const { join } = pathOf(around);
  const { here, packageFolder, entryFolder, resourcesPath, executableFolder } = around;
  const folders = known(around, [
    { folder: packageFolder === undefined ? here : undefined, source: "beside the bundle" },
    { folder: entryFolder, source: "beside the entry script" },
    { folder: resourcesPath, source: "the app's resources" },
    { folder: executableFolder, source: "beside the executable" },
  ]);
  return folders.map(({ folder, source }) => ({ path: join(folder, name), source }));
}

/** What is beside a bundle was meant for it; of a package in node_modules its own parts come first. */
export const inOrder = <T>({ packageFolder }: Pick<Surroundings, "packageFolder">, packages: T, loose: T): [T, T] =>
  packageFolder === undefined ? [loose, packages] : [packages, loose];

/** A file of this package: in its own folder, or, seen from a bundle, in the one that is installed. */
function inPackage(around: Surroundings, path: string, resolve: Resolve): Place[] {
  const { dirname, join } = pathOf(around);
  if (around.packageFolder !== undefined) return [{ path: join(around.packageFolder, path), source: "the package's own" }];
  const manifests = allResolved(anchorsOf(around), `${PACKAGE}/package.json`, resolve);
  return manifests.map((manifest) => ({ path: join(dirname(manifest), path), source: `in the installed ${PACKAGE}` }));
}

/** A run-time file of the package, as the preload script: in the package, or a loose file. */
export const packageFilePlaces = (around: Surroundings, path: string, resolve: Resolve): Place[] =>
  inOrder<Place[]>(around, inPackage(around, path, resolve), looseFiles(around, posix.basename(path))).flat();

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
  const packages = [...inPackage(around, libraryInPackage(around.system), resolve), ...inPlatformPackage(around, resolve)];
  const places = inOrder<Place[]>(around, packages, looseFiles(around, LIBRARY_FILE)).flat();
  return asksSystem(around) ? [...places, { path: "libsession_replay.so", source: "the system's loader" }] : places;
}

/**
 * The package of this system's own, where there is one: each that is installed, since an app may have one of an older version at the
 * top of its node_modules, and the right one lies in that of this package.
 */
function inPlatformPackage(around: Surroundings, resolve: Resolve): Place[] {
  const platformPackage = platformPackageFor(around.system);
  if (platformPackage === undefined) return [];
  const paths = allResolved(dependencyAnchors(around, resolve), `${platformPackage}/${LIBRARY_FILE}`, resolve);
  return (paths.length === 0 ? [undefined] : paths).map((path) => ({ path, source: `the package ${platformPackage}`, platformPackage }));
}

/** The loaders of Windows and macOS look in the current folder, too, which may be anybody's. */
const asksSystem = ({ system, isPackedApp }: Surroundings): boolean =>
  !isPackedApp && system.platform !== "win32" && system.platform !== "darwin";

/** What each of these folders has, once. */
const allResolved = (anchors: readonly Anchor[], request: string, resolve: Resolve): string[] => [
  ...new Set(anchors.flatMap(({ folder, upTo }) => resolve(request, folder, upTo) ?? [])),
];

/** Those that are known, each folder once. In an app that a packager has made only what lies in its resources was made with it. */
function known<A extends { folder: string | undefined }>(around: Surroundings, anchors: readonly A[]): (A & { folder: string })[] {
  const { isPackedApp, resourcesPath } = around;
  const top = isPackedApp ? resourcesPath : undefined;
  const seen = new Set<string>();
  return anchors.filter((anchor): anchor is A & { folder: string } => {
    if (anchor.folder === undefined || seen.has(anchor.folder)) return false;
    if (top !== undefined && !isInside(anchor.folder, top, pathOf(around))) return false;
    seen.add(anchor.folder);
    return true;
  });
}
