// Waits for delivery by polling the library on this thread. A call that blocks inside the library would hold one of the few
// threads that Node.js has for files, DNS and crypto, and would delay the end of the process and of every worker thread.
import { Status } from "../model/shared/status.js";
import { delay, now } from "./real-time.js";

/** The longest pause between two polls. */
const MAX_POLL_INTERVAL_MS = 16;

/** Polls until the status is not Timeout, or the time is over. The timer keeps the process alive: somebody awaits this. */
export async function pollUntilDelivered(timeoutMs: number, poll: () => Status): Promise<Status> {
  const deadline = now() + timeoutMs;
  for (let pause = 1; ; pause = Math.min(pause * 2, MAX_POLL_INTERVAL_MS)) {
    const status = poll();
    const left = deadline - now();
    if (status !== Status.Timeout || left <= 0) return status;
    await delay(Math.min(pause, Math.ceil(left)));
  }
}

/** Whether a promise is fulfilled in time. */
export async function isFulfilledWithin(timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise.then(() => true),
      delay(timeoutMs, false, { signal: timer.signal }).catch(() => false),
    ]);
  } finally {
    timer.abort();
  }
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Milliseconds as Node's timers accept them; `undefined` for what is no time. */
export function toTimerMs(value: unknown): number | undefined {
  if (typeof value !== "number" || !(value >= 0)) return undefined;
  return Math.min(MAX_TIMER_MS, Math.ceil(value));
}
