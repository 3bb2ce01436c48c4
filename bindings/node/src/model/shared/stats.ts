// The counters and the state of capture: docs/guide/c-api.md explains each member.

/** Every {@link CaptureState}. */
export const CAPTURE_STATES = [
  "capturing",
  "waiting-for-remote-config",
  /** With `sessionTimeoutMs`: the first event begins a session. */
  "waiting-for-event",
  "no-device-id",
  "no-session-id",
  "opted-out",
  "not-in-sample",
  "capture-disabled",
  "targeting-not-evaluated",
  "session-ended-by-server",
  /** Before `init` and after `shutdown`. */
  "not-initialized",
] as const;

/** Why events are kept, or why they are not. */
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** Where events wait until they are delivered. */
export type StorageKind = "disk" | "memory";

/** What {@link stats} returns. Later versions of the library may add members. */
export interface Stats {
  state: CaptureState;
  /** What to do about `state`; null while capturing. */
  advice: string | null;
  /** `<device id>/<session id>`. */
  sessionReplayId: string | null;
  /** Sessions captured. */
  sessions: number;
  recorded: { events: number; bytes: number };
  /** Events of earlier runs that were recovered from `storageDir`. */
  adopted: number;
  damaged: number;
  /** Files in `storageDir` that a later version of the library left behind. */
  laterVersion: number;
  /** Files of earlier runs that were more than `storageLimitBytes`, removed unread. */
  evictedUnread: number;
  notCaptured: number;
  /** Accepted, but only in memory although there is a `storageDir`. */
  notStored: number;
  refused: { invalidEvent: number; tooLarge: number; bufferFull: number; storage: number };
  /** Events that the server has. */
  delivered: number;
  /** Of these, events that the server discarded because it was overloaded. */
  throttled: number;
  dropped: {
    invalidEvent: number;
    rejectedByServer: number;
    tooLargeForServer: number;
    storageLimit: number;
    notCaptured: number;
    expired: number;
    storageLost: number;
    sessionTooShort: number;
    sessionEndedByServer: number;
  };
  waiting: { events: number; batches: number; bytes: number };
  storage: { kind: StorageKind; problem: string | null };
  batches: { sent: number; retried: number };
  bytes: { beforeGzip: number; onTheWire: number; ratio: number };
  lastError: { message: string; atMs: number } | null;
  /** Earlier runs that reported a crash with `sr_mark_crash`. */
  crashes: { count: number; last: { code: number; atMs: number } | null };
}

/** Before `init`. */
export const noStats = (): Stats => ({
  state: "not-initialized",
  advice: "call init",
  sessionReplayId: null,
  sessions: 0,
  recorded: { events: 0, bytes: 0 },
  adopted: 0,
  damaged: 0,
  laterVersion: 0,
  evictedUnread: 0,
  notCaptured: 0,
  notStored: 0,
  refused: { invalidEvent: 0, tooLarge: 0, bufferFull: 0, storage: 0 },
  delivered: 0,
  throttled: 0,
  dropped: {
    invalidEvent: 0,
    rejectedByServer: 0,
    tooLargeForServer: 0,
    storageLimit: 0,
    notCaptured: 0,
    expired: 0,
    storageLost: 0,
    sessionTooShort: 0,
    sessionEndedByServer: 0,
  },
  waiting: { events: 0, batches: 0, bytes: 0 },
  storage: { kind: "memory", problem: null },
  batches: { sent: 0, retried: 0 },
  bytes: { beforeGzip: 0, onTheWire: 0, ratio: 0 },
  lastError: null,
  crashes: { count: 0, last: null },
});
