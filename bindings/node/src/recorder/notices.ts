// What the log gets once: options that were changed, calls at the wrong time, and why recording did not begin.
import { messageOf, type SessionReplayError } from "../model/errors.js";
import type { EventHub } from "./event-hub.js";

const MAX_WARNINGS = 200;

export class Notices {
  /** Warnings that were given, of whichever recorder. */
  readonly #warned = new Set<string>();
  /** Calls at the wrong time that were warned of since recording began. */
  readonly #idleCalls = new Set<string>();

  /** Why the last `init` began nothing. */
  #failure: string | undefined;
  /** Failures of `init` that this audience of the log was told since recording began. */
  readonly #told = new Set<string>();
  #toldTo = 0;

  constructor(
    private readonly events: EventHub,
    private readonly loadError: () => SessionReplayError | undefined,
  ) {}

  warnOnce(warning: string): void {
    if (this.#warned.has(warning) || this.#warned.size >= MAX_WARNINGS) return;
    this.#warned.add(warning);
    this.events.log("warn", warning);
  }

  /**
   * As in the browser SDK, a call while nothing is being recorded does no harm, and the log says so. Where `init` has failed,
   * the log has that already.
   */
  notInitialized(call: string): void {
    if (this.#failure !== undefined || this.#idleCalls.has(call)) return;
    this.#idleCalls.add(call);
    this.events.log("warn", `${call}: nothing is being recorded: ${this.loadError()?.message ?? "call init first"}`);
  }

  /** `init` was refused. `isRecording`: what was recorded before goes on. */
  initFailed(error: unknown, isRecording: boolean): void {
    const failure = `init failed: ${messageOf(error)}`;
    if (!isRecording) this.#failure = failure;
    this.#tellOnce(failure);
  }

  /** A listener that calls `init` again on each error must not be told of the same for ever. */
  #tellOnce(failure: string): void {
    if (this.#toldTo !== this.events.audience) this.#told.clear();
    this.#toldTo = this.events.audience;
    if (this.#told.has(failure) || this.#told.size >= MAX_WARNINGS) return;
    this.#told.add(failure);
    this.events.log("error", failure);
  }

  /** What to do while nothing is being recorded. */
  get advice(): string {
    return this.#failure ?? this.loadError()?.message ?? "call init";
  }

  /** Recording begins. */
  reset(): void {
    this.#idleCalls.clear();
    this.#failure = undefined;
    this.#told.clear();
  }
}
