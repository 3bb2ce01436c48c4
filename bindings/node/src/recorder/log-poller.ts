// Asks the library now and then what it has to say and which session it is in, while somebody listens.
import type { Events, LogLine } from "../model/events.js";
import type { NativeLibrary } from "../native/library.js";

const INTERVAL_MS = 250;

export class Watch {
  #timer: NodeJS.Timeout | undefined;
  #session: number | string | undefined;

  constructor(
    private readonly events: Events,
    private readonly library: () => NativeLibrary | undefined,
    private readonly session: () => number | string | undefined,
  ) {}

  /** Begins, if somebody listens. The timer does not hold the process. */
  start(): void {
    if (!this.events.isWatched || this.library() === undefined) return;
    this.#timer ??= setInterval(() => this.look(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Looks now. */
  look(): void {
    const lines = this.library()?.takeLog();
    for (const { level, message } of (lines == null ? [] : JSON.parse(lines)) as LogLine[]) {
      this.events.log(level, message);
    }
    this.noticeSession();
    if (!this.events.isWatched) this.stop();
  }

  /** Tells of another session than before. */
  noticeSession(): void {
    const session = this.session();
    if (session !== undefined && session !== this.#session) this.events.emit("session", session);
    this.#session = session;
  }
}
