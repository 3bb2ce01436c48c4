// Tells the threads of this process whether a filter of another thread stands for all: a function can't be called from another thread.
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";

const KEY = "session-replay-native.filter";

/** One number in memory that the threads share; every version reads it. 1: what passes no filter is dropped. */
export interface FilteredThreads {
  readonly flag: Int32Array;
  /** False: this thread was started before the one that records used this package, and shares nothing with it. */
  readonly isShared: boolean;
}

/** For this thread, and for those that it starts from now on. */
export function filteredThreads(): FilteredThreads {
  const given = getEnvironmentData(KEY) as unknown;
  if (given instanceof Int32Array) return { flag: given, isShared: true };
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  setEnvironmentData(KEY, flag as never);
  return { flag, isShared: isMainThread };
}
