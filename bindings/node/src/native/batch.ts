// Gathers events for a backend whose calls are dear, and hands them over many in one call.
//
// An event waits here no longer than the running piece of JavaScript: a microtask hands over what waits, and so does
// whatever else the library is asked meanwhile, a full batch, and the end of the process. Only events that the library
// can't refuse for what they are wait; any other is handed over by itself, so that its caller hears why.
import { Status } from "../status.js";
import type { DeferredAnswers, EventLimits, LinesAnswer } from "./library.js";

/** A batch takes no longer than a few milliseconds, even where every event in it is refused. */
const MOST_EVENTS = 256;
const MOST_UNITS = 128 * 1024;
/** From here on a call of its own costs little beside the copying. */
const MOST_UNITS_OF_ONE = 32 * 1024;
/** One UTF-16 unit takes at most so many bytes in UTF-8. */
const MOST_BYTES_OF_UNIT = 3;

/** How rrweb's full snapshots begin as JSON. */
const FULL_SNAPSHOT = '{"type":2,';
const OPENING = "{".charCodeAt(0);
const CLOSING = "}".charCodeAt(0);

export class Batch {
  #lines: string[] = [];
  #units = 0;
  #mostUnits = MOST_UNITS_OF_ONE;
  /** What the library said about the newest event; nothing where that says nothing about the next. */
  #news: number | undefined;

  /** Hands over what waits, at the end of the running piece of JavaScript. */
  readonly #later = (): void => this.handOver();

  constructor(
    private readonly recordLines: (lines: Uint8Array) => LinesAnswer,
    private readonly lastError: () => string,
    private readonly answers: DeferredAnswers,
  ) {
    process.on("exit", this.#later);
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
    if (news === undefined || typeof event !== "string" || event.length > this.#mostUnits) return undefined;
    if (event.charCodeAt(0) !== OPENING || event.charCodeAt(event.length - 1) !== CLOSING) return undefined;
    if (!isOneLine && event.includes("\n")) return undefined;
    // It will change the news.
    if (news === Status.NeedsFullSnapshot && event.startsWith(FULL_SNAPSHOT)) return undefined;
    if (this.#lines.push(event) === 1) queueMicrotask(this.#later);
    this.#units += event.length;
    if (this.#lines.length >= MOST_EVENTS || this.#units >= MOST_UNITS) this.handOver();
    return news;
  }

  /** Hands over what waits. An event that is refused takes no other with it. */
  handOver(): void {
    if (this.#lines.length === 0) return;
    let lines = this.#lines;
    this.#lines = [];
    this.#units = 0;
    while (lines.length > 0) {
      const { status, accepted } = this.recordLines(Buffer.from(lines.join("\n")));
      if (status >= 0) {
        this.answers.news(this.heard(status));
        return;
      }
      this.heard(status);
      this.answers.refused(status, this.lastError());
      lines = lines.slice(accepted + 1);
    }
  }
}
