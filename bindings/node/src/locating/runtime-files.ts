// Finds the files that are needed at run time.
import { isThere } from "./is-there.js";
import { runtimeFilePlaces, type Place } from "./places.js";
import { resolveFrom } from "./runtime-require.js";
import { surroundings } from "./surroundings.js";

/** What was found, and where it was looked for. */
export interface Located {
  /** The first file that is there; `undefined`: there is none. */
  path: string | undefined;
  places: readonly Place[];
}

/** Finds a file of the package by its name: at `pathInPackage` in the package, or a loose copy beside the bundle and so on. */
export function locateRuntimeFile(name: string, pathInPackage: string): Located {
  const places = runtimeFilePlaces(surroundings(), name, pathInPackage, resolveFrom);
  return { path: places.find(({ path }) => path !== undefined && isThere(path))?.path, places };
}
