// Polls the library for its log lines and its current session while somebody listens. The library never calls into
// JavaScript by itself.
import type { SessionId } from "../model/ids.js";
import type { LogLine } from "../model/log.js";
import type { CurrentSession } from "./current-session.js";
import type { EventHub } from "./event-hub.js";
import type { LibraryHandle } from "./library-handle.js";

const INTERVAL_MS = 250;

export class LogPoller {
  #timer: NodeJS.Timeout | undefined;
  #lastSession: SessionId | undefined;

  constructor(
    private readonly events: EventHub,
    private readonly library: LibraryHandle,
    private readonly session: CurrentSession,
  ) {}

  /** Starts, if somebody listens. The timer does not keep the process alive. */
  start(): void {
    if (!this.events.needsPolling || this.library.current === undefined) return;
    this.#timer ??= setInterval(() => this.poll(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Polls now. */
  poll(): void {
    const lines = this.library.current?.takeLog();
    for (const { level, message } of (lines == null ? [] : JSON.parse(lines)) as LogLine[]) {
      this.events.log(level, message);
    }
    this.checkSession();
    if (!this.events.needsPolling) this.stop();
  }

  /** Emits `session` if the current session is another one than at the last check. */
  checkSession(): void {
    const { id } = this.session;
    if (id !== undefined && id !== this.#lastSession) this.events.emit("session", id);
    this.#lastSession = id;
  }
}
