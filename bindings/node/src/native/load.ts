// Loads the library once: which FFI, which file, and one clear error when there is none.
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { isMainThread } from "node:worker_threads";
import { SessionReplayError, invalid } from "../model/status.js";
import { loadWithFfiNapi } from "./ffi-napi.js";
import { loadWithKoffi } from "./koffi.js";
import type { Backend, DeferredAnswers, NativeLibrary } from "./library.js";
import { placesOf } from "./locate.js";

const BACKENDS: readonly Backend[] = ["koffi", "ffi-napi"];
/** What has to be installed for each. */
const PACKAGES: Record<Backend, readonly string[]> = { koffi: ["koffi"], "ffi-napi": ["ffi-napi", "ref-napi"] };

/** How the library is to be loaded. */
export interface LoadOptions {
  backend?: Backend | undefined;
  libraryPath?: string | undefined;
}

const loaded = new Map<string, NativeLibrary>();

/** The library, loaded now or before. Throws a {@link SessionReplayError} that says what to do. */
export function load(options: LoadOptions, answers: DeferredAnswers): NativeLibrary {
  const backend = choose(options.backend);
  const places = placesOf(options.libraryPath);
  const failures: string[] = [];
  for (const { path, said } of places) {
    const key = `${backend} ${path}`;
    const before = loaded.get(key);
    if (before) return before;
    if (isAbsolute(path) && !existsSync(path)) {
      failures.push(`${path} (${said}): there is no such file`);
      continue;
    }
    try {
      const library = backend === "koffi" ? loadWithKoffi(path) : loadWithFfiNapi(path, answers);
      loaded.set(key, library);
      return library;
    } catch (error) {
      failures.push(`${path} (${said}): ${messageOf(error)}`);
    }
  }
  throw new SessionReplayError(
    "library-not-found",
    `the session-replay library for ${process.platform}-${process.arch} can't be loaded. Looked at:\n` +
      failures.map((failure) => `  - ${failure}\n`).join("") +
      "Build it with `cargo build --release`, and name it with the option libraryPath or the environment variable " +
      "SESSION_REPLAY_LIBRARY.",
  );
}

/** The backend that was asked for; or else the first that is installed. */
function choose(asked: Backend | undefined): Backend {
  const wanted = asked ?? process.env["SESSION_REPLAY_BACKEND"] ?? "";
  if (wanted !== "" && !BACKENDS.includes(wanted as Backend)) {
    const where = asked === undefined ? "the variable SESSION_REPLAY_BACKEND" : 'option "backend"';
    throw invalid(`${where} must be "koffi" or "ffi-napi", but is ${JSON.stringify(wanted)}`);
  }
  const candidates = wanted === "" ? BACKENDS : [wanted as Backend];
  const failures: string[] = [];
  for (const backend of candidates) {
    if (backend === "ffi-napi" && !isMainThread) {
      failures.push(
        "  - ffi-napi: it crashes processes that load it in a worker thread only, so it is not tried in one\n",
      );
      continue;
    }
    try {
      PACKAGES[backend].forEach((name) => void requireByName(name));
      return backend;
    } catch (error) {
      failures.push(`  - ${backend}: ${messageOf(error)}\n`);
    }
  }
  const install = candidates[0] === "koffi" || !isMainThread ? "npm install koffi" : "npm install ffi-napi ref-napi";
  throw new SessionReplayError(
    "backend-not-found",
    `session-replay-native calls its library through ${candidates.join(" or ")}, which can't be loaded: run ` +
      `\`${install}\`\n${failures.join("")}`.trimEnd(),
  );
}

/** Literal names, so that bundlers see them. */
function requireByName(name: string): unknown {
  switch (name) {
    case "koffi":
      return require("koffi");
    case "ffi-napi":
      return require("ffi-napi");
    default:
      return require("ref-napi");
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
