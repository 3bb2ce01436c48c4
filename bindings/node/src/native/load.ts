// Loads the library once: which FFI, which file, and one clear error when there is none.
import { isAbsolute } from "node:path";
import { howToBringFiles } from "../locating/bring-files.js";
import { isThere } from "../locating/is-there.js";
import { PACKAGE } from "../locating/package-folder.js";
import { systemsIn } from "../locating/package-library.js";
import type { Place } from "../locating/places.js";
import { surroundings } from "../locating/surroundings.js";
import { systemName, thisSystem } from "../locating/system.js";
import type { LoadOptions } from "../model/backend.js";
import { SessionReplayError } from "../model/errors.js";
import { hasOwn } from "../model/values.js";
import { hasFailed, howToRenew, isMissing, tell, type Attempt } from "./attempts.js";
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
    if (hasOwn(opened, "backend")) return opened;
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
    const problem = isFile ? problemOfFile(path, thisSystem(), howToRenew()) : undefined;
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
  const around = surroundings();
  const bring = howToBringFiles(around);
  if (bring !== undefined) return `${bring}, ${OR_NAME_IT}`;
  const others = around.packageFolder === undefined ? [] : systemsIn(around.packageFolder);
  if (others.length === 0) return `this package holds no library. Install ${PACKAGE} again, ${OR_NAME_IT}`;
  return `this version has no library for ${system}; it has those for ${others.join(", ")}. Run on one of those systems, ${OR_NAME_IT}`;
}

const OR_NAME_IT = "or name the file with the option libraryPath or the variable SESSION_REPLAY_LIBRARY.";
