// Whether the session is captured is not known while the remote configuration is awaited. Where events can wait for
// that, the first ones of a start lead to the replay, too.
import type { SessionReplayApi } from "./api.js";

/** Three questions of a second each, with pauses in between: then `init` gives up, too. */
const LONGEST_MS = 4_000;
const POLL_MS = 20;

export class Decision {
  #deadline = 0;

  constructor(private readonly api: SessionReplayApi) {}

  /** Session replay starts now. */
  begins(): void {
    this.#deadline = performance.now() + LONGEST_MS;
  }

  /** Settles when it is known, at once where it is. */
  async isMade(): Promise<void> {
    while (this.isOpen()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }

  /** Whether it is still awaited, and worth waiting for. */
  isOpen(): boolean {
    return performance.now() < this.#deadline && this.api.stats()?.state === "waiting-for-remote-config";
  }
}
