// Whether the session is captured is not known while the remote configuration is awaited. Where events can wait for
// that, the first ones of a start lead to the replay, too. They don't wait while the analytics are flushed or closed, which
// may be given little time, or while the page goes.
import type { SessionReplayApi } from "./api.js";

/** Three questions of a second each, with pauses in between: then `init` gives up, too. */
const LONGEST_MS = 4_000;
const POLL_MS = 20;

type Wait = (...given: any[]) => unknown;

export class Decision {
  #deadline = 0;
  /** How many there are for whom nobody is to wait. */
  #hurries = 0;
  #enough = signal();

  constructor(private readonly api: SessionReplayApi) {
    const { addEventListener } = globalThis as { addEventListener?: (name: string, listener: () => void) => void };
    addEventListener?.("pagehide", () => this.#hurry());
    addEventListener?.("pageshow", () => (this.#hurries = 0));
  }

  /** Session replay starts now. */
  begins(): void {
    this.#deadline = performance.now() + LONGEST_MS;
  }

  /** Settles when it is known, at once where it is. */
  async isMade(): Promise<void> {
    while (this.isOpen()) await this.orEnough(new Promise((resolve) => setTimeout(resolve, POLL_MS)));
  }

  /** Whether it is still awaited, and worth waiting for. */
  isOpen(): boolean {
    const mayWait = this.#hurries === 0 && performance.now() < this.#deadline;
    return mayWait && this.api.stats()?.state === "waiting-for-remote-config";
  }

  /** Settles with this, or when nobody is to wait any more. */
  async orEnough(work: Promise<unknown>): Promise<void> {
    if (this.#hurries === 0) await Promise.race([work, this.#enough.promise]);
  }

  /** From now on nobody waits while these analytics are flushed or closed: that waits for the events. */
  heed(analytics: { flush?: unknown; closeAndFlush?: unknown } | undefined): void {
    for (const name of ["flush", "closeAndFlush"] as const) {
      const wait = analytics?.[name];
      if (analytics === undefined || typeof wait !== "function") continue;
      try {
        analytics[name] = this.#hurrying(wait as Wait);
      } catch {
        // Frozen: then events may be late for it.
      }
    }
  }

  #hurrying(wait: Wait): Wait {
    const decision = this;
    return function (this: unknown, ...given) {
      decision.#hurry();
      const relax = () => void (decision.#hurries = Math.max(0, decision.#hurries - 1));
      const waited = wait.apply(this, given);
      Promise.resolve(waited).then(relax, relax);
      return waited;
    };
  }

  #hurry(): void {
    this.#hurries++;
    this.#enough.give();
    this.#enough = signal();
  }
}

function signal(): { promise: Promise<void>; give: () => void } {
  let give = () => {};
  const promise = new Promise<void>((resolve) => (give = resolve));
  return { promise, give };
}
