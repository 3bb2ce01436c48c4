// Loads the library once: which FFI, which file, and one clear error when there is none.
import { isAbsolute } from "node:path";
import { isThere } from "../locating/is-there.js";
import { surroundings } from "../locating/surroundings.js";
import { systemName, thisSystem } from "../locating/system.js";
import type { LoadOptions } from "../model/backend.js";
import { SessionReplayError } from "../model/errors.js";
import { hasOwn } from "../model/values.js";
import { hasFailed, howToInstall, howToRenew, isMissing, tell, type Attempt } from "./attempts.js";
import { chooseBackend, type LoadedBackend } from "./backends.js";
import { problemOfFile } from "./binary-header.js";
import { libraryCandidates, type Candidate } from "./candidates.js";
import type { DeferredResults, NativeLibrary } from "./library.js";
import { howToGetLibrary, problemOfVersion } from "./platform-package.js";

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
    `the session-replay library for ${system} can't be loaded: ${tell(attempts, attempts.length > 1 ? howToGetLibrary(surroundings()) : "")}`,
  );
}

function open(backend: LoadedBackend, place: Candidate, deferred: DeferredResults): NativeLibrary | Attempt {
  const { path } = place;
  if (path === undefined) return isMissing(place);
  const key = `${backend.name} ${path}`;
  const before = loaded.get(key);
  if (before) return before;
  const isFile = isAbsolute(path);
  if (isFile && !isThere(path)) return isMissing(place);
  try {
    const problem = problemOfVersion(place, howToInstall()) ?? (isFile ? problemOfFile(path, thisSystem(), howToRenew()) : undefined);
    if (problem !== undefined) throw new Error(problem);
    const library = backend.open(path, deferred);
    loaded.set(key, library);
    return library;
  } catch (error) {
    // A library that the system's loader does not know is no finding.
    return { ...hasFailed(place, error), wasThere: isFile };
  }
}
