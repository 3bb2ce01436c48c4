// Delivers what is recorded while a quit is held, and decides how long that is of use.
import * as sessionReplay from "../index.js";
import type { PendingDelivery } from "./quit-hold.js";

const DEFAULT_QUIT_MS = 3_000;
/** macOS cancels the log-out when an app has not ended after 45 seconds; the app's own windows need some of them. */
const MAX_QUIT_MS = 10_000;
/** How often it is checked whether waiting is still of use. */
const CHECK_INTERVAL_MS = 50;

export class QuitDelivery implements PendingDelivery {
  readonly #timeoutMs: number;

  constructor(quitTimeoutMs: unknown) {
    this.#timeoutMs = quitTimeout(quitTimeoutMs);
  }

  isNeeded(): boolean {
    return this.#timeoutMs > 0 && isWaiting();
  }

  /** Where the disk keeps what waits, there is no use in waiting for a server that can't be reached. */
  async finish(): Promise<void> {
    const errorBefore = lastError();
    let timer: NodeJS.Timeout | undefined;
    const isUseless = new Promise<void>((resolve) => {
      timer = setInterval(() => isOnDisk() && lastError() !== errorBefore && resolve(), CHECK_INTERVAL_MS);
    });
    await Promise.race([this.#deliver(), isUseless]);
    clearInterval(timer);
  }

  end(): void {
    void sessionReplay.shutdown(0).catch(() => {});
  }

  /** Where memory alone keeps them, events that are recorded meanwhile are delivered, too. */
  async #deliver(): Promise<void> {
    const deadline = performance.now() + this.#timeoutMs;
    for (let left = 1; left > 0; left = deadline - performance.now()) {
      await sessionReplay.flush(Math.max(1, deadline - performance.now())).catch(() => {});
      if (isOnDisk() || !isWaiting()) return;
    }
  }
}

export const quitTimeout = (given: unknown): number =>
  typeof given === "number" && given >= 0 ? Math.min(given, MAX_QUIT_MS) : DEFAULT_QUIT_MS;

/** Frames that the main process has shown become events only when their images are made. */
function isWaiting(): boolean {
  const { events, frames } = sessionReplay.stats().waiting;
  return events > 0 || frames > 0;
}

const lastError = (): string => JSON.stringify(sessionReplay.stats().lastError);

function isOnDisk(): boolean {
  const { kind, problem } = sessionReplay.stats().storage;
  return kind === "disk" && problem === null;
}
