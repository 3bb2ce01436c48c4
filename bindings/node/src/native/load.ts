// Loads the library once: which FFI, which file, and one clear error when there is none.
import { readdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { isThere } from "../locating/is-there.js";
import type { Place } from "../locating/places.js";
import { surroundings } from "../locating/surroundings.js";
import { systemName, thisSystem } from "../locating/system.js";
import type { LoadOptions } from "../model/backend.js";
import { SessionReplayError } from "../model/errors.js";
import { hasFailed, isMissing, tell, type Attempt } from "./attempts.js";
import { chooseBackend, type LoadedBackend } from "./backends.js";
import { problemOfFile } from "./binary-header.js";
import { libraryCandidates } from "./candidates.js";
import type { DeferredResults, NativeLibrary } from "./library.js";

const loaded = new Map<string, NativeLibrary>();

/** The library, loaded now or before. Throws a {@link SessionReplayError} that says what to do. */
export function load(options: LoadOptions, deferred: DeferredResults): NativeLibrary {
  const backend = chooseBackend(options.backend);
  const attempts: Attempt[] = [];
  for (const place of libraryCandidates(options.libraryPath)) {
    const opened = open(backend, place, deferred);
    if ("version" in opened) return opened;
    attempts.push(opened);
  }
  const system = systemName(thisSystem());
  throw new SessionReplayError(
    "library-not-found",
    `the session-replay library for ${system} can't be loaded: ${tell(attempts, attempts.length > 1 ? whereNothingIs(system) : "")}`,
  );
}

function open(backend: LoadedBackend, place: Place, deferred: DeferredResults): NativeLibrary | Attempt {
  const { path } = place;
  if (path === undefined) return isMissing(place);
  const key = `${backend.name} ${path}`;
  const before = loaded.get(key);
  if (before) return before;
  const isFile = isAbsolute(path);
  if (isFile && !isThere(path)) return isMissing(place);
  try {
    const problem = isFile ? problemOfFile(path, thisSystem()) : undefined;
    if (problem !== undefined) throw new Error(problem);
    const library = backend.open(path, deferred);
    loaded.set(key, library);
    return library;
  } catch (error) {
    // A library that the system's loader does not know is no finding.
    return { ...hasFailed(place, error), wasThere: isFile };
  }
}

/** What to do where no place had the library. */
function whereNothingIs(system: string): string {
  const name = "or name the file with the option libraryPath or the environment variable SESSION_REPLAY_LIBRARY.";
  const { packageFolder } = surroundings();
  if (packageFolder === undefined) {
    return `it is not beside the bundle: copy it there with \`npx session-replay-native copy <folder>\`, ${name}`;
  }
  const others = otherSystems(packageFolder);
  const why = others === "" ? "it is not installed" : `node_modules comes from another system, with the library for ${others}`;
  return (
    `${why}: install session-replay-native again on this system, without --omit=optional, so that it brings ` +
    `the library for ${system}, ${name}`
  );
}

/** The systems that the package has a library for. */
function otherSystems(packageFolder: string): string {
  try {
    return readdirSync(join(packageFolder, "prebuilds")).join(", ");
  } catch {
    return "";
  }
}
