// Finds the package's own run-time files.
import { isThere } from "./is-there.js";
import { packageFilePlaces, type Place } from "./places.js";
import { resolveFrom } from "./runtime-require.js";
import { surroundings } from "./surroundings.js";

/** What was found, and where it was looked for. */
export interface Located {
  /** The first file that is there; `undefined`: there is none. */
  path: string | undefined;
  places: readonly Place[];
}

/** Finds a file of the package, by its path in it: there, or as a loose file beside the bundle and so on. */
export function locate(pathInPackage: string): Located {
  const places = packageFilePlaces(surroundings(), pathInPackage, resolveFrom);
  return { path: places.find(({ path }) => path !== undefined && isThere(path))?.path, places };
}
