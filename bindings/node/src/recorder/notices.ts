// Warnings that the log gets once: options that were changed, and calls at the wrong time.
import type { SessionReplayError } from "../model/errors.js";
import type { EventHub } from "./event-hub.js";

const MAX_WARNINGS = 200;

export class Notices {
  /** Warnings that were given, of whichever recorder. */
  readonly #warned = new Set<string>();
  /** Calls at the wrong time that were warned of since recording began. */
  readonly #idleCalls = new Set<string>();

  constructor(
    private readonly events: EventHub,
    private readonly loadError: () => SessionReplayError | undefined,
  ) {}

  warnOnce(warning: string): void {
    if (this.#warned.has(warning) || this.#warned.size >= MAX_WARNINGS) return;
    this.#warned.add(warning);
    this.events.log("warn", warning);
  }

  /** As in the browser SDK, a call while nothing is being recorded does no harm, and the log says so. */
  notInitialized(call: string): void {
    if (this.#idleCalls.has(call)) return;
    this.#idleCalls.add(call);
    this.events.log("warn", `${call}: nothing is being recorded: ${this.loadError()?.message ?? "call init first"}`);
  }

  /** Recording begins. */
  reset(): void {
    this.#idleCalls.clear();
  }
}
