// Errors that this process does not handle, where they make a session that is held a captured one. Listening changes nothing of what
// the process does then: "uncaughtExceptionMonitor" is for lookers-on. A rejected promise that nobody handles comes there, too, where
// Node.js throws it, which is its rule.
import type { Stats } from "../model/stats.js";
import type { NativeLibrary } from "../native/library.js";
import type { NativeValues } from "../options/sorted.js";
import { parseJson } from "./json.js";

/** As the library says it of a page's errors. */
const REASON = "unhandled-error";

/** Listens once it is wanted, and as long as the process lives. */
export class UnhandledErrors {
  #library: NativeLibrary | undefined;
  #isListening = false;

  /** The library has started with these options. */
  begin(library: NativeLibrary, { onErrorSampleRate, captureOnUnhandledError }: NativeValues): void {
    this.#listen(library, typeof onErrorSampleRate === "number" && onErrorSampleRate > 0 && captureOnUnhandledError !== false);
  }

  /** This thread joins what another one has started, with a rate that is not known here. */
  join(library: NativeLibrary, { captureOnUnhandledError }: NativeValues): void {
    this.#listen(library, captureOnUnhandledError !== false);
  }

  #listen(library: NativeLibrary, isWanted: boolean): void {
    this.#library = isWanted ? library : undefined;
    if (!isWanted || this.#isListening) return;
    this.#isListening = true;
    process.on("uncaughtExceptionMonitor", this.#capture);
  }

  readonly #capture = (): void => {
    try {
      // Events that a backend has gathered belong before it.
      this.#library?.handOver();
      const state = parseJson<Stats>(this.#library?.stats() ?? null)?.state;
      if (state === "held" || state === "waiting-for-remote-config") this.#library?.captureNow(REASON);
    } catch {
      // The process has an error of its own to tell of.
    }
  };
}
