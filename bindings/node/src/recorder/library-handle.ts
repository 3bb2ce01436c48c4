// The library that this thread uses. It is loaded when the first call needs it.
import { announceLibrary } from "../copies/threads.js";
import type { LoadOptions } from "../model/backend.js";
import { SessionReplayError } from "../model/errors.js";
import type { Status } from "../model/shared/status.js";
import type { DeferredResults, NativeLibrary } from "../native/library.js";
import { load } from "../native/load.js";
import { now } from "./real-time.js";

/** Loads the library, as a copy of this package does. */
export type Loader = (options: LoadOptions, deferred: DeferredResults) => NativeLibrary;

/** This copy's own. */
export const loadLibrary: Loader = load;

/** How long a library that can't be loaded is not looked for again, unless `init` asks: it may appear later. */
const RETRY_MS = 2_000;

export class LibraryHandle {
  #current: NativeLibrary | undefined;
  #loadError: SessionReplayError | undefined;
  #failedAt = 0;
  /** That of this copy first. */
  readonly #loaders: Loader[] = [loadLibrary];

  /** `refusal`: why no library may be used. */
  constructor(
    private readonly deferred: DeferredResults,
    private readonly refusal?: SessionReplayError,
  ) {}

  /** Another copy of this package finds a library in its own places, where those before it find none. */
  addLoader(loader: Loader): void {
    this.#loaders.push(loader);
    this.#loadError = undefined;
  }

  /** The library in use, if one is loaded. */
  get current(): NativeLibrary | undefined {
    return this.#current;
  }

  /** Why {@link attach} found no library. */
  get loadError(): SessionReplayError | undefined {
    return this.#loadError;
  }

  /** The library that these options name; {@link use} makes it the one in use. Throws where it can't be loaded. */
  load(options: LoadOptions): NativeLibrary {
    if (this.refusal) throw this.refusal;
    let first: unknown;
    for (const loader of this.#loaders) {
      try {
        return loader(options, this.deferred);
      } catch (error) {
        first ??= error;
      }
    }
    throw first;
  }

  use(library: NativeLibrary): void {
    this.#current = library;
    this.#loadError = undefined;
    announceLibrary(library.path);
  }

  /** The library in use, loaded now if it must be: this thread may use a recorder that another one started. */
  attach(): NativeLibrary | undefined {
    if (this.#current !== undefined) return this.#current;
    if (this.#loadError !== undefined && now() - this.#failedAt < RETRY_MS) return undefined;
    try {
      this.use(this.load({}));
    } catch (error) {
      this.#loadError = error as SessionReplayError;
      this.#failedAt = now();
    }
    return this.#current;
  }

  /** The same, if it is recording. */
  attachRunning(): NativeLibrary | undefined {
    const library = this.attach();
    return library?.stats() == null ? undefined : library;
  }

  errorOf(status: Status, accepted?: number): SessionReplayError {
    return SessionReplayError.of(status, this.#current?.lastError() ?? "", accepted);
  }
}
