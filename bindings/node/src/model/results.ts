// What the package's calls answer.

/** What became of an event that {@link record} was given. */
export type RecordStatus =
  /** It is kept. */
  | "ok"
  /** It is kept, but this session has no full snapshot yet: have the recorder take one. */
  | "needs-full-snapshot"
  /** It is not kept: the session is not captured, or nothing is being recorded. `stats().state` says why. */
  | "not-captured";

/** What became of a wait: all is delivered, or the time was not enough. Nothing is dropped because of it. */
export type WaitStatus = "ok" | "timeout";
