// Whether the session is captured is not known while the remote configuration is fetched. Events that can wait for it also
// lead to the replay when they are the first after a start. They don't wait while the analytics library is flushed or closed,
// which may have little time, or while the page is being left.
import type { SessionReplayApi } from "./api.js";

/** Three requests of a second each, with pauses between them: then `init` gives up, too. */
const MAX_WAIT_MS = 4_000;
const POLL_MS = 20;

type Flush = (...given: any[]) => unknown;

export class CaptureDecision {
  #deadline = 0;
  /** Flushes under way, during which no event may wait. */
  #urgent = 0;
  #interruption = signal();

  constructor(private readonly api: SessionReplayApi) {
    const { addEventListener } = globalThis as { addEventListener?: (name: string, listener: () => void) => void };
    addEventListener?.("pagehide", () => this.#interrupt());
    addEventListener?.("pageshow", () => (this.#urgent = 0));
  }

  /** Session replay starts now. */
  start(): void {
    this.#deadline = performance.now() + MAX_WAIT_MS;
  }

  /** Settles when the decision is known, or not worth waiting for. */
  async settled(): Promise<void> {
    while (this.isPending()) await this.uninterrupted(new Promise((resolve) => setTimeout(resolve, POLL_MS)));
  }

  /** Whether the decision is still awaited, and worth waiting for. */
  isPending(): boolean {
    const mayWait = this.#urgent === 0 && performance.now() < this.#deadline;
    return mayWait && this.api.stats()?.state === "waiting-for-remote-config";
  }

  /** Settles with this work, or as soon as no event may wait any more. */
  async uninterrupted(work: Promise<unknown>): Promise<void> {
    if (this.#urgent === 0) await Promise.race([work, this.#interruption.promise]);
  }

  /** Wraps the library's flush and close, which wait for its events: from now on no event waits while they run. */
  watchFlushes(analytics: { flush?: unknown; closeAndFlush?: unknown } | undefined): void {
    for (const name of ["flush", "closeAndFlush"] as const) {
      const flush = analytics?.[name];
      if (analytics === undefined || typeof flush !== "function") continue;
      try {
        analytics[name] = this.#interrupting(flush as Flush);
      } catch {
        // Frozen: then events may be late for it.
      }
    }
  }

  #interrupting(flush: Flush): Flush {
    const decision = this;
    return function (this: unknown, ...given) {
      decision.#interrupt();
      const done = () => void (decision.#urgent = Math.max(0, decision.#urgent - 1));
      const flushed = flush.apply(this, given);
      Promise.resolve(flushed).then(done, done);
      return flushed;
    };
  }

  #interrupt(): void {
    this.#urgent++;
    this.#interruption.fire();
    this.#interruption = signal();
  }
}

function signal(): { promise: Promise<void>; fire: () => void } {
  let fire = () => {};
  const promise = new Promise<void>((resolve) => (fire = resolve));
  return { promise, fire };
}
