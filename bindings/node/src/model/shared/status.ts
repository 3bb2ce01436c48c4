// What the library's functions answer.

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
