// Where the native library may be.
import { resolve } from "node:path";
import { libraryInUse } from "../copies/threads.js";
import { unpacked } from "../locating/archive.js";
import { libraryPlaces, type Place } from "../locating/places.js";
import { resolveFrom } from "../locating/runtime-require.js";
import { surroundings } from "../locating/surroundings.js";
import { ownMember } from "../model/values.js";

/** The candidates, in the order in which they are tried. */
export function libraryCandidates(libraryPath: string | undefined): Place[] {
  const named = ownMember(process.env, "SESSION_REPLAY_LIBRARY");
  const given = {
    libraryPath: libraryPath && resolve(libraryPath),
    inUse: libraryInUse()?.path,
    variable: named && resolve(named),
  };
  return libraryPlaces(surroundings(), given, resolveFrom).map(({ path, source }) => ({
    path: path === undefined ? undefined : unpacked(path),
    source,
  }));
}
