// Tells later threads of this process which native library is in use. Each file of the library has a recorder of its own, so
// a worker thread with another copy of this package has to load the same file.
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { ownCopy, type Copy } from "./copy.js";

const KEY = "session-replay-native.library";

/** The library that this process uses, and the copy of this package that loaded it. Every version reads this. */
export interface LibraryInUse {
  readonly path: string;
  readonly copy: Copy;
}

/** For the threads that this one starts from now on. */
export function announceLibrary(path: string): void {
  setEnvironmentData(KEY, { path, copy: ownCopy() } satisfies LibraryInUse);
}

/** What was in use when this thread was started; undefined in the main thread, which chooses itself. */
export function libraryInUse(): LibraryInUse | undefined {
  return isMainThread ? undefined : (getEnvironmentData(KEY) as unknown as LibraryInUse | undefined);
}
