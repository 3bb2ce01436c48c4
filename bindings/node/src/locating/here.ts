// Where this code runs from: the package's own dist, or, where a bundler has put the package into a file of the app's, that file.
import { statSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isRuntime } from "./executable.js";

/** `import.meta.url` in the ES module that bundlers take (scripts/build-module.mjs); a CommonJS file has `__dirname`. */
declare const OWN_URL: string;

/**
 * The file whose code this is, as the engine knows it. webpack, Parcel, bun and others write the path of the machine that built
 * in the place of `__dirname` and `import.meta.url`: what lies at that path where the bundle runs may be anybody's.
 */
function runningFile(): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_error, sites) => sites;
    const sites: unknown = new Error().stack;
    // Text: something else decides what a stack looks like.
    return Array.isArray(sites) ? absolute((sites as NodeJS.CallSite[])[0]?.getFileName()) : undefined;
  } catch {
    // --frozen-intrinsics.
    return undefined;
  } finally {
    restore({ prepareStackTrace, stackTraceLimit });
  }
}

function restore(before: Partial<Pick<ErrorConstructor, "prepareStackTrace" | "stackTraceLimit">>): void {
  try {
    Object.assign(Error, before);
  } catch {
    // What can't be set was not changed.
  }
}

/** Code that was evaluated has no name, or one like "[eval]". */
function absolute(name: string | null | undefined): string | undefined {
  const path = name?.startsWith("file:") ? fileURLToPath(name) : name;
  return path && isAbsolute(path) ? path : undefined;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** What a bundler may have written: of use where that folder is there. It may have left a name that is not, which throws. */
function written(way: () => string): string | undefined {
  try {
    const file = way();
    // A relative one would lead from the current folder, which may be anybody's.
    return isAbsolute(file) && isFolder(dirname(file)) ? resolve(file) : undefined;
  } catch {
    return undefined;
  }
}

/** The file itself: two copies of this package may share a folder. */
export const ownFile: string =
  runningFile() ?? written(() => __filename) ?? written(() => fileURLToPath(OWN_URL)) ?? process.execPath;

/** Bun tells the source's file, by the bundle's source map, which needs not be there: then what was written is no better. */
const known = ownFile === process.execPath ? undefined : written(() => ownFile);
const executable = process.execPath;

/** The folder. Where nothing tells it, only a single executable's: beside a runtime nothing of the app's lies. */
export const here: string = known === undefined && isRuntime(executable) ? executable : dirname(known ?? executable);
