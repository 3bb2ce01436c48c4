// Where the native library may be.
import { dirname, resolve } from "node:path";
import { libraryInUse } from "../copies/threads.js";
import { unpacked } from "../locating/archive.js";
import { versionIn } from "../locating/installed.js";
import { libraryPlaces, type Place } from "../locating/places.js";
import { resolveFrom } from "../locating/runtime-require.js";
import { surroundings } from "../locating/surroundings.js";
import { ownMember } from "../model/values.js";

export interface Candidate extends Place {
  /** Of the platform's own package that holds it, where that tells. */
  version?: string | undefined;
}

/** The candidates, in the order in which they are tried. */
export function libraryCandidates(libraryPath: string | undefined): Candidate[] {
  const named = ownMember(process.env, "SESSION_REPLAY_LIBRARY");
  const given = {
    libraryPath: libraryPath && resolve(libraryPath),
    inUse: libraryInUse()?.path,
    variable: named && resolve(named),
  };
  return libraryPlaces(surroundings(), given, resolveFrom).map(({ path, ...place }) => ({
    ...place,
    path: path === undefined ? undefined : unpacked(path),
    version: path === undefined || place.platformPackage === undefined ? undefined : versionIn(dirname(path)),
  }));
}
