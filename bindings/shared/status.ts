// Generated from src/ffi/status.rs: run `SR_GENERATED=write cargo test --lib generated`.
// What the library's functions answer.

/** The values of `sr_status` in session_replay.h. */
export const Status = {
  /** Done. */
  Ok: 0,
  /**
   * Done, and the replay can't be drawn without a full snapshot (rrweb event type 2): this session has none yet, or the
   * one it had was lost on its way to the server.
   */
  NeedsFullSnapshot: 1,
  /** Nothing was recorded: the session is not captured. */
  NotCaptured: 2,
  /**
   * Done, but storageDir can't be used ("storage" in sr_stats() says why): the event is kept in memory only, and is
   * lost if the process ends before it is delivered.
   */
  NotStored: 3,
  /** sr_init was not called, or sr_shutdown or sr_shutdown_begin was called since. */
  NotInitialized: -1,
  /**
   * An argument is NULL, malformed or out of bounds, or the call is not allowed now, on this thread or in this build.
   */
  InvalidArgument: -2,
  /** The event is not an rrweb event, or not one that a player can play. */
  InvalidJson: -3,
  /** The event is larger than the option maxSingleEventSizeBytes; the interaction is larger than 32,000 bytes. */
  EventTooLarge: -4,
  /** The undelivered events of the current session have reached the option storageLimitBytes. */
  BufferFull: -5,
  /**
   * There is no memory for events, or storageDir can't be used and the limit of events in memory is reached; or a
   * choice can't be remembered (sr_set_opt_out), or not everything deleted (sr_delete_stored), there.
   */
  Storage: -6,
  /** This process was forked from one that had called sr_init: call sr_init here too. */
  Forked: -7,
  /** Not done within the timeout; from sr_flush_poll: not done yet; from sr_respond: too late. */
  Timeout: -8,
  /** A fault of this library. */
  Internal: -9,
  /** The system refuses a resource: no thread can be started. */
  Resources: -10,
} as const;

/** Negative where the call was refused. A later version of the library may know more of them. */
export type Status = (typeof Status)[keyof typeof Status];

/** The refusals by the names that an error's `status` has. */
export const ERROR_NAMES = {
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
} as const;
