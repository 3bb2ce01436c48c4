// Waits for delivery without holding anything: the library is asked now and then, on this thread. A call that waits
// inside the library would hold one of the few threads that Node.js has for files, names and ciphers, and with it the end
// of the process, and of every worker thread.
import { setTimeout as delay } from "node:timers/promises";
import { Status } from "../model/status.js";

/** How long until the library is asked again, at most. */
const MAX_POLL_MS = 16;

/** Asks until the answer is another than "not yet", at most so long. The timer holds the process: somebody awaits this. */
export async function settled(timeoutMs: number, poll: () => number): Promise<number> {
  const deadline = performance.now() + timeoutMs;
  for (let pause = 1; ; pause = Math.min(pause * 2, MAX_POLL_MS)) {
    const status = poll();
    const left = deadline - performance.now();
    if (status !== Status.Timeout || left <= 0) return status;
    await delay(Math.min(pause, Math.ceil(left)));
  }
}

/** Whether a promise is fulfilled in time. */
export async function settles(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const late = new AbortController();
  try {
    return await Promise.race([
      promise.then(() => true),
      delay(timeoutMs, false, { signal: late.signal }).catch(() => false),
    ]);
  } finally {
    late.abort();
  }
}

const MAX_MS = 2 ** 31 - 1;

/** A time that Node's timers take; `undefined` where it is none. */
export function milliseconds(value: unknown): number | undefined {
  if (typeof value !== "number" || !(value >= 0)) return undefined;
  return Math.min(MAX_MS, Math.ceil(value));
}
