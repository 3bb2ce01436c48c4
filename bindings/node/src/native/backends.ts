// Which FFI package calls the library: the one that was asked for; otherwise the first that can be loaded.
import { isMainThread } from "node:worker_threads";
import { howToBringFiles } from "../locating/bring-files.js";
import { PACKAGE } from "../locating/package-folder.js";
import { KOFFI_FILE, inOrder } from "../locating/places.js";
import { surroundings } from "../locating/surroundings.js";
import { BACKENDS, type Backend } from "../model/backend.js";
import { SessionReplayError, invalid } from "../model/errors.js";
import { hasOwn, ownMember } from "../model/values.js";
import { findLooseAddon, findPackage, type Found } from "./addons.js";
import { tell, type Attempt } from "./attempts.js";
import { isFfi, loadWithFfiNapi, type Ffi } from "./ffi-napi.js";
import { isKoffi, loadWithKoffi, type Koffi } from "./koffi.js";
import type { DeferredResults, NativeLibrary } from "./library.js";

export interface LoadedBackend {
  name: Backend;
  /** Loads the library; throws what the package throws. */
  open(path: string, deferred: DeferredResults): NativeLibrary;
}

let loaded: LoadedBackend | undefined;

/** Throws a {@link SessionReplayError} that says what to do. */
export function chooseBackend(asked: Backend | undefined): LoadedBackend {
  const wanted = wantedBackend(asked);
  if (loaded && (wanted === undefined || wanted === loaded.name)) return loaded;
  const attempts: Attempt[] = [];
  for (const name of wanted === undefined ? BACKENDS : [wanted]) {
    const result = FINDERS[name]();
    if (hasOwn(result, "open")) return (loaded = result);
    // That a package is not there which few have says nothing.
    attempts.push(...result.attempts.filter(({ wasThere }) => wasThere || name !== "ffi-napi" || wanted === name));
  }
  throw new SessionReplayError("backend-not-found", message(wanted, attempts));
}

function wantedBackend(asked: Backend | undefined): Backend | undefined {
  const wanted: string = asked ?? ownMember(process.env, "SESSION_REPLAY_BACKEND") ?? "";
  if (wanted === "") return undefined;
  if (isBackend(wanted)) return wanted;
  const where = asked === undefined ? "the variable SESSION_REPLAY_BACKEND" : 'option "backend"';
  throw invalid(`${where} must be "koffi" or "ffi-napi", but is ${JSON.stringify(wanted)}`);
}

const isBackend = (name: string): name is Backend => (BACKENDS as readonly string[]).includes(name);

const FINDERS: Record<Backend, () => LoadedBackend | { attempts: Attempt[] }> = {
  koffi: findKoffi,
  "ffi-napi": findFfiNapi,
};

function findKoffi(): LoadedBackend | { attempts: Attempt[] } {
  const use = (addon: unknown): LoadedBackend => ({ name: "koffi", open: (path) => loadWithKoffi(addon as Koffi, path) });
  const attempts: Attempt[] = [];
  for (const find of inOrder(surroundings(), () => findPackage("koffi", isKoffi), () => findLooseAddon(KOFFI_FILE, isKoffi))) {
    const found = find();
    if (hasOwn(found, "addon")) return use(found.addon);
    attempts.push(...found.attempts);
  }
  return { attempts };
}

const IN_WORKER: Attempt = {
  what: "the package ffi-napi",
  reason: "it crashes processes that load it in a worker thread only, so it is not tried in one",
  wasThere: false,
};

function findFfiNapi(): LoadedBackend | { attempts: Attempt[] } {
  if (!isMainThread) return { attempts: [IN_WORKER] };
  const ffi: Found = findPackage("ffi-napi", isFfi);
  if (!hasOwn(ffi, "addon")) return ffi;
  const ref: Found = findPackage("ref-napi", () => true);
  if (!hasOwn(ref, "addon")) return ref;
  return { name: "ffi-napi", open: (path, deferred) => loadWithFfiNapi(ffi.addon as Ffi, path, deferred) };
}

function message(wanted: Backend | undefined, attempts: readonly Attempt[]): string {
  return `session-replay-native calls its library through ${wanted ?? "koffi"}, which can't be loaded: ${tell(attempts, whatToDo(wanted))}`;
}

/** Where nothing was found. What is there and can't be loaded is not mended by installing it. */
function whatToDo(wanted: Backend | undefined): string {
  if (wanted === "ffi-napi") return isMainThread ? "install ffi-napi and ref-napi as dependencies of the app." : "use koffi.";
  return `${howToBringFiles(surroundings()) ?? `install ${PACKAGE} again, which brings koffi`}.`;
}
