// The last step of a shutdown. It runs on one of libuv's few threads, which the host may keep busy for as long as it likes.
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import { isFulfilledWithin } from "./flush-waiter.js";

/** How long the last step takes at most, once a thread is free; and some room. */
export const END_MS = 500;

/**
 * The last step of each library that is under way. A second one that waits for a thread beside the first would end the recorder
 * that was started in between.
 */
const pending = new WeakMap<NativeLibrary, Promise<Status>>();

export const isEndPending = (library: NativeLibrary): boolean => pending.has(library);

/** Ends what `shutdownBegin` began. Timeout: no thread was free in time; it ends once one is. */
export async function endWithin(library: NativeLibrary, timeoutMs: number): Promise<Status> {
  let end = pending.get(library);
  if (end === undefined) {
    end = library.end().finally(() => pending.delete(library));
    // Whoever waits for it hears of a failure; nobody may be left.
    end.catch(() => {});
    pending.set(library, end);
  }
  return (await isFulfilledWithin(timeoutMs, end)) ? end : Status.Timeout;
}
