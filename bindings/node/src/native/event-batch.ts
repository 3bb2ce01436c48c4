// Gathers events for a backend where each call is expensive, and hands many of them over in one call.
//
// An event waits here no longer than the running turn: a microtask hands over the batch, and so does any other call to the
// library, a full batch, and the end of the process. Only events that the library can't refuse for what they are wait; any
// other is handed over by itself, so that its caller gets the error.
import { shared } from "../copies/shared.js";
import type { EventLimits } from "../model/backend.js";
import { atEndOfTurn } from "../model/end-of-turn.js";
import { Status } from "../model/shared/status.js";
import type { DeferredResults, LinesProgress } from "./library.js";

/** A batch takes no longer than a few milliseconds, even where every event in it is refused. */
const MAX_EVENTS = 256;
const MAX_BYTES = 256 * 1024;
/** For a longer event a call of its own costs little beside the copying. */
const MAX_UNITS_PER_EVENT = 32 * 1024;
/** The most bytes of one UTF-16 unit in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** The type of rrweb's full snapshots. */
const FULL_SNAPSHOT = "2".charCodeAt(0);
const LINE_FEED = "\n".charCodeAt(0);
const OPENING = "{".charCodeAt(0);
const CLOSING = "}".charCodeAt(0);

export class EventBatch {
  /** The events that wait, in UTF-8, each with a line feed behind it: one piece of memory for all batches. */
  readonly #bytes = Buffer.allocUnsafeSlow(MAX_BYTES);
  #end = 0;
  #events = 0;
  #maxUnits = MAX_UNITS_PER_EVENT;
  /** The library's status for the newest event; undefined where that says nothing about the next one. */
  #lastStatus: Status | undefined;

  /** Hands over what waits, at the end of the running turn. */
  readonly #atEndOfTurn = (): void => this.handOver();

  constructor(
    private readonly recordLines: (lines: Uint8Array) => LinesProgress,
    private readonly lastError: () => string,
    private readonly deferred: DeferredResults,
  ) {
    atExit(this.#atEndOfTurn);
  }

  limit(limits: EventLimits): void {
    const units = limits.validateOnRecord ? 0 : Math.floor(limits.maxEventBytes / MAX_BYTES_PER_UNIT);
    this.#maxUnits = Math.min(MAX_UNITS_PER_EVENT, units);
  }

  /** Something else changes, such as the session: the status of the next event is not known any more. */
  forgetStatus(): void {
    this.#lastStatus = undefined;
  }

  /** The library's status for an event that was handed over. */
  onStatus(status: Status): Status {
    this.#lastStatus = status >= 0 ? status : undefined;
    return status;
  }

  /**
   * Adds an event, if it may wait, and returns the status of the event before it, which holds for it, too. Returns
   * `undefined` if the event has to be handed over by itself.
   */
  add(event: string | Uint8Array, isOneLine: boolean): Status | undefined {
    const lastStatus = this.#lastStatus;
    if (lastStatus === undefined || event.length > this.#maxUnits) return undefined;
    const isText = typeof event === "string";
    const unit = (at: number) => (isText ? event.charCodeAt(at) : event[at]);
    if (unit(0) !== OPENING || unit(event.length - 1) !== CLOSING) return undefined;
    if (!isOneLine && (isText ? event.includes("\n") : event.includes(LINE_FEED))) return undefined;
    // A full snapshot, as rrweb writes it, changes the status. Another event that looks like one costs a call.
    if (lastStatus === Status.NeedsFullSnapshot && unit('{"type":'.length) === FULL_SNAPSHOT) return undefined;
    if (this.#end + event.length * MAX_BYTES_PER_UNIT >= MAX_BYTES || this.#events >= MAX_EVENTS) this.handOver();
    if (this.#events++ === 0) atEndOfTurn(this.#atEndOfTurn);
    if (isText) this.#end += this.#bytes.write(event, this.#end);
    else this.#end += this.#copy(event);
    this.#bytes[this.#end++] = LINE_FEED;
    return lastStatus;
  }

  #copy(event: Uint8Array): number {
    this.#bytes.set(event, this.#end);
    return event.length;
  }

  /** Hands over what waits. An event that is refused takes no other with it. */
  handOver(): void {
    const end = this.#end;
    this.#end = 0;
    this.#events = 0;
    for (let start = 0; start < end; ) {
      const { status, end: read } = this.recordLines(this.#bytes.subarray(start, end));
      this.onStatus(status);
      if (status >= 0) return this.deferred.onStatus(status);
      this.deferred.onRefused(status, this.lastError());
      // Nothing was looked at, so nothing would be the next time.
      if (read === 0) return;
      start += read;
    }
  }
}

/**
 * One listener for the process, however many copies of this package are loaded into it (a test runner loads one for each
 * file, and drops it again).
 */
function atExit(handOver: () => void): void {
  const all = shared("at-exit", () => {
    const handlers = new Set<WeakRef<() => void>>();
    process.on("exit", () => handlers.forEach((it) => it.deref()?.()));
    return handlers;
  });
  for (const it of all) if (it.deref() === undefined) all.delete(it);
  all.add(new WeakRef(handOver));
}
