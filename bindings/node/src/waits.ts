// Waits for delivery off the main thread, one thread at a time however many wait.
import { Status } from "./status.js";

export class Waits {
  /** How many wait. */
  count = 0;
  /** Settles when the thread that waits now is free. */
  #before: Promise<unknown> = Promise.resolve();

  /** Waits until `wait` says that all is delivered, at most so long; answers with an `sr_status`. */
  wait(timeoutMs: number, wait: (timeoutMs: number) => Promise<number>): Promise<number> {
    const deadline = performance.now() + timeoutMs;
    const before = this.#before;
    const answer = this.counted(async () => {
      if (!(await settles(before, timeoutMs))) return Status.Timeout;
      return wait(Math.max(1, Math.round(deadline - performance.now())));
    });
    this.#before = Promise.allSettled([before, answer]);
    return answer;
  }

  /** Counts what waits on another thread without taking its turn. */
  async counted<T>(work: () => Promise<T>): Promise<T> {
    this.count++;
    try {
      return await work();
    } finally {
      this.count--;
    }
  }
}

/** Whether a promise is fulfilled in time. The timer holds the process: somebody awaits this. */
export async function settles(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, timeoutMs, false)));
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

const MOST_MS = 2 ** 31 - 1;

/** A time that both the library and Node's timers take; `undefined` where it is none. */
export function milliseconds(value: unknown): number | undefined {
  if (typeof value !== "number" || !(value >= 0)) return undefined;
  return Math.min(MOST_MS, Math.ceil(value));
}
