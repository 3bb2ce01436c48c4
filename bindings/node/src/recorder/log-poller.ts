// Polls the library for its log lines, its current session and the full snapshots that it wants while somebody listens. The library never calls into
// JavaScript by itself.
import type { SessionId } from "../model/ids.js";
import type { LogLine } from "../model/log.js";
import type { CurrentSession } from "./current-session.js";
import type { EventHub } from "./event-hub.js";
import type { LibraryHandle } from "./library-handle.js";
import type { SnapshotRequester } from "./snapshot-requester.js";
import { clearInterval, isTestOver, setInterval } from "./real-time.js";

export class LogPoller {
  #timer: NodeJS.Timeout | undefined;
  #intervalMs: number | undefined;
  #lastSession: SessionId | undefined;

  constructor(
    private readonly events: EventHub,
    private readonly library: LibraryHandle,
    private readonly session: CurrentSession,
    private readonly snapshots: SnapshotRequester,
  ) {}

  /** Starts, or polls as often as is of use now. The timer does not keep the process alive. */
  start(): void {
    const { pollIntervalMs } = this.events;
    if (this.library.current !== undefined && pollIntervalMs !== this.#intervalMs) this.#setInterval(pollIntervalMs);
  }

  stop(): void {
    this.#setInterval(undefined);
  }

  #setInterval(intervalMs: number | undefined): void {
    clearInterval(this.#timer);
    this.#intervalMs = intervalMs;
    this.#timer = intervalMs === undefined ? undefined : setInterval(() => this.poll(), intervalMs).unref();
  }

  /** Polls now. */
  poll(): void {
    if (isTestOver()) return this.stop();
    const lines = this.library.current?.takeLog();
    for (const { level, message } of (lines == null ? [] : JSON.parse(lines)) as LogLine[]) {
      this.events.log(level, message);
    }
    this.checkSession();
    this.#checkSnapshots();
    // Listeners may have gone.
    if (this.#timer !== undefined) this.start();
  }

  /** A host that records nothing now hears it here that a full snapshot is wanted. */
  #checkSnapshots(): void {
    const { current } = this.library;
    if (current !== undefined && this.events.asksForSnapshots) this.snapshots.onPoll((view) => current.wantsFullSnapshot(view));
  }

  /** Emits `session` if the current session is another one than at the last check. */
  checkSession(): void {
    const { id } = this.session;
    if (id !== undefined && id !== this.#lastSession) this.events.emit("session", id);
    this.#lastSession = id;
  }
}
