// Loads the library once: which FFI, which file, and one clear error when there is none.
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { isMainThread } from "node:worker_threads";
import { runtimeRequire } from "../locating/runtime-require.js";
import { BACKENDS, type Backend, type LoadOptions } from "../model/backend.js";
import { SessionReplayError, invalid, messageOf } from "../model/errors.js";
import { libraryCandidates } from "./candidates.js";
import { loadWithFfiNapi } from "./ffi-napi.js";
import { loadWithKoffi } from "./koffi.js";
import type { DeferredResults, NativeLibrary } from "./library.js";

/** What has to be installed for each. */
const PACKAGES: Record<Backend, readonly string[]> = { koffi: ["koffi"], "ffi-napi": ["ffi-napi", "ref-napi"] };

const loaded = new Map<string, NativeLibrary>();

/** The library, loaded now or before. Throws a {@link SessionReplayError} that says what to do. */
export function load(options: LoadOptions, deferred: DeferredResults): NativeLibrary {
  const backend = chooseBackend(options.backend);
  const failures: string[] = [];
  for (const { path, source } of libraryCandidates(options.libraryPath)) {
    const key = `${backend} ${path}`;
    const before = loaded.get(key);
    if (before) return before;
    if (isAbsolute(path) && !existsSync(path)) {
      failures.push(`${path} (${source}): there is no such file`);
      continue;
    }
    try {
      const library = backend === "koffi" ? loadWithKoffi(path) : loadWithFfiNapi(path, deferred);
      loaded.set(key, library);
      return library;
    } catch (error) {
      failures.push(`${path} (${source}): ${firstLineOf(error)}`);
    }
  }
  throw new SessionReplayError(
    "library-not-found",
    `the session-replay library for ${process.platform}-${process.arch} can't be loaded. Tried:\n` +
      failures.map((failure) => `  - ${failure}\n`).join("") +
      "Build it with `cargo build --release`, and name it with the option libraryPath or the environment variable " +
      "SESSION_REPLAY_LIBRARY.",
  );
}

/** The backend that was asked for; otherwise the first that is installed. */
function chooseBackend(asked: Backend | undefined): Backend {
  const wanted: string = asked ?? process.env["SESSION_REPLAY_BACKEND"] ?? "";
  if (wanted !== "" && !isBackend(wanted)) {
    const where = asked === undefined ? "the variable SESSION_REPLAY_BACKEND" : 'option "backend"';
    throw invalid(`${where} must be "koffi" or "ffi-napi", but is ${JSON.stringify(wanted)}`);
  }
  const candidates = wanted === "" ? BACKENDS : [wanted];
  const failures: string[] = [];
  for (const backend of candidates) {
    if (backend === "ffi-napi" && !isMainThread) {
      failures.push(
        "  - ffi-napi: it crashes processes that load it in a worker thread only, so it is not tried in one\n",
      );
      continue;
    }
    try {
      PACKAGES[backend].forEach((name) => void runtimeRequire(name));
      return backend;
    } catch (error) {
      failures.push(`  - ${backend}: ${firstLineOf(error)}\n`);
    }
  }
  const install = candidates[0] === "koffi" || !isMainThread ? "npm install koffi" : "npm install ffi-napi ref-napi";
  throw new SessionReplayError(
    "backend-not-found",
    `session-replay-native calls its library through ${candidates.join(" or ")}, which can't be loaded: run ` +
      `\`${install}\`\n${failures.join("")}`.trimEnd(),
  );
}

const isBackend = (name: string): name is Backend => (BACKENDS as readonly string[]).includes(name);

/** The loader's messages go on with a stack or advice that is of no use here. */
const firstLineOf = (error: unknown): string => messageOf(error).split("\n")[0] ?? "";
