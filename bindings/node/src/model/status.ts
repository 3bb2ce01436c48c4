// What the library answers, and the error that a refusal becomes.

/** The values of `sr_status` in session_replay.h. */
export const Status = {
  Ok: 0,
  NeedsFullSnapshot: 1,
  NotCaptured: 2,
  NotStored: 3,
  NotInitialized: -1,
  InvalidArgument: -2,
  InvalidJson: -3,
  EventTooLarge: -4,
  BufferFull: -5,
  Storage: -6,
  Forked: -7,
  Timeout: -8,
  Internal: -9,
  Resources: -10,
} as const;

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

/** What went wrong. */
export type ErrorStatus =
  | "not-initialized"
  | "invalid-argument"
  | "invalid-json"
  | "event-too-large"
  | "buffer-full"
  | "storage"
  | "forked"
  | "timeout"
  | "internal"
  /** The system refuses what the library needs: a thread. */
  | "resources"
  /** Neither koffi nor ffi-napi, or not the one that was asked for, can be loaded. */
  | "backend-not-found"
  /** The native library can't be found or loaded. */
  | "library-not-found";

const ERRORS: Record<number, ErrorStatus> = {
  [Status.NotInitialized]: "not-initialized",
  [Status.InvalidArgument]: "invalid-argument",
  [Status.InvalidJson]: "invalid-json",
  [Status.EventTooLarge]: "event-too-large",
  [Status.BufferFull]: "buffer-full",
  [Status.Storage]: "storage",
  [Status.Forked]: "forked",
  [Status.Timeout]: "timeout",
  [Status.Internal]: "internal",
  [Status.Resources]: "resources",
};

/** A call that was refused: `status` for programs, `message` for people; it says what to do. */
export class SessionReplayError extends Error {
  override readonly name = "SessionReplayError";
  readonly status: ErrorStatus;
  /** Of `recordLines`: how many events were kept before the one that was refused. */
  readonly accepted: number | undefined;

  constructor(status: ErrorStatus, message: string, more: { cause?: unknown; accepted?: number | undefined } = {}) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.status = status;
    this.accepted = more.accepted;
  }

  /** @internal */
  static of(status: number, message: string, accepted?: number): SessionReplayError {
    const said = message || `the library answered ${status}`;
    return new SessionReplayError(ERRORS[status] ?? "internal", said, { accepted });
  }
}

/** Refuses an argument. */
export const invalid = (message: string): SessionReplayError => new SessionReplayError("invalid-argument", message);
