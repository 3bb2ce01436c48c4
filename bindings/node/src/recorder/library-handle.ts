// The library that this thread uses. It is loaded when the first call needs it.
import { announceLibrary } from "../copies/threads.js";
import type { LoadOptions } from "../model/backend.js";
import { SessionReplayError } from "../model/errors.js";
import type { Status } from "../model/shared/status.js";
import type { DeferredResults, NativeLibrary } from "../native/library.js";
import { load } from "../native/load.js";

export class LibraryHandle {
  #current: NativeLibrary | undefined;
  #loadError: SessionReplayError | undefined;

  /** `refusal`: why no library may be used. */
  constructor(
    private readonly deferred: DeferredResults,
    private readonly refusal?: SessionReplayError,
  ) {}

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
    return load(options, this.deferred);
  }

  use(library: NativeLibrary): void {
    this.#current = library;
    announceLibrary(library.path);
  }

  /** The library in use, loaded now if it must be: this thread may use a recorder that another one started. */
  attach(): NativeLibrary | undefined {
    if (this.#current !== undefined || this.#loadError !== undefined) return this.#current;
    try {
      this.use(this.load({}));
    } catch (error) {
      this.#loadError = error as SessionReplayError;
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
