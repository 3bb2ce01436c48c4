// Gathers events for a backend whose calls are dear, and hands them over many in one call.
//
// An event waits here no longer than the running piece of JavaScript: a microtask hands over what waits, and so does
// whatever else the library is asked meanwhile, a full batch, and the end of the process. Only events that the library
// can't refuse for what they are wait; any other is handed over by itself, so that its caller hears why.
import { Status } from "../model/status.js";
import type { DeferredAnswers, EventLimits, LinesProgress } from "./library.js";

/** A batch takes no longer than a few milliseconds, even where every event in it is refused. */
const MOST_EVENTS = 256;
const MOST_BYTES = 256 * 1024;
/** From here on a call of its own costs little beside the copying. */
const MOST_UNITS_OF_ONE = 32 * 1024;
/** One UTF-16 unit takes at most so many bytes in UTF-8. */
const MOST_BYTES_OF_UNIT = 3;

/** The type of rrweb's full snapshots. */
const FULL_SNAPSHOT = "2".charCodeAt(0);
const LINE_FEED = "\n".charCodeAt(0);
const OPENING = "{".charCodeAt(0);
const CLOSING = "}".charCodeAt(0);

export class Batch {
  /** The events that wait, in UTF-8, each with a line feed behind it: one piece of memory for all batches. */
  readonly #bytes = Buffer.allocUnsafeSlow(MOST_BYTES);
  #end = 0;
  #events = 0;
  #mostUnits = MOST_UNITS_OF_ONE;
  /** What the library said about the newest event; nothing where that says nothing about the next. */
  #news: number | undefined;

  /** Hands over what waits, at the end of the running piece of JavaScript. */
  readonly #later = (): void => this.handOver();

  constructor(
    private readonly recordLines: (lines: Uint8Array) => LinesProgress,
    private readonly lastError: () => string,
    private readonly answers: DeferredAnswers,
  ) {
    atExit(this.#later);
  }

  limit(limits: EventLimits): void {
    const units = limits.validateOnRecord ? 0 : Math.floor(limits.maxEventBytes / MOST_BYTES_OF_UNIT);
    this.#mostUnits = Math.min(MOST_UNITS_OF_ONE, units);
  }

  /** Something changes beside the events: how the library takes the next one is open. */
  forget(): void {
    this.#news = undefined;
  }

  /** The library answered to an event. */
  heard(status: number): number {
    this.#news = status >= 0 ? status : undefined;
    return status;
  }

  /**
   * Takes one event, if it may wait, and answers with the library's newest news, which holds for it, too; `undefined`
   * if it is to be handed over by itself.
   */
  add(event: string | Uint8Array, isOneLine: boolean): number | undefined {
    const news = this.#news;
    if (news === undefined || event.length > this.#mostUnits) return undefined;
    const isText = typeof event === "string";
    const unit = (at: number) => (isText ? event.charCodeAt(at) : event[at]);
    if (unit(0) !== OPENING || unit(event.length - 1) !== CLOSING) return undefined;
    if (!isOneLine && (isText ? event.includes("\n") : event.includes(LINE_FEED))) return undefined;
    // A full snapshot, as rrweb writes it, will change the news. Another event that looks so costs a call.
    if (news === Status.NeedsFullSnapshot && unit('{"type":'.length) === FULL_SNAPSHOT) return undefined;
    if (this.#end + event.length * MOST_BYTES_OF_UNIT >= MOST_BYTES || this.#events >= MOST_EVENTS) this.handOver();
    if (this.#events++ === 0) queueMicrotask(this.#later);
    if (isText) this.#end += this.#bytes.write(event, this.#end);
    else this.#end += this.#copy(event);
    this.#bytes[this.#end++] = LINE_FEED;
    return news;
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
      const { status, end: come } = this.recordLines(this.#bytes.subarray(start, end));
      this.heard(status);
      if (status >= 0) return this.answers.news(status);
      this.answers.refused(status, this.lastError());
      // Nothing was looked at, so nothing would be the next time.
      if (come === 0) return;
      start += come;
    }
  }
}

const AT_EXIT = Symbol.for("session-replay-native.at-exit");

/**
 * One listener for the process, however many copies of this package are loaded into it (a test runner loads one for each
 * file, and drops it again).
 */
function atExit(handOver: () => void): void {
  const holder = process as { [AT_EXIT]?: Set<WeakRef<() => void>> };
  let all = holder[AT_EXIT];
  if (all === undefined) {
    const handlers = (all = holder[AT_EXIT] = new Set());
    process.on("exit", () => handlers.forEach((it) => it.deref()?.()));
  }
  for (const it of all) if (it.deref() === undefined) all.delete(it);
  all.add(new WeakRef(handOver));
}
