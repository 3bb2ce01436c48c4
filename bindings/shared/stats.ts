// Generated from src/stats/members.rs: run `SR_GENERATED=write cargo test --lib generated`.
// What happened so far, in numbers: the statistics of the library.

/** Every word that `state` may be. */
export const STATES = [
  "capturing",
  "waiting-for-remote-config",
  "waiting-for-event",
  "no-device-id",
  "no-session-id",
  "opted-out",
  "paused",
  "idle",
  "not-in-sample",
  "capture-disabled",
  "targeting-not-evaluated",
  "not-targeted",
  "session-ended-by-server",
  "held",
] as const;
export type State = (typeof STATES)[number];

/** Every word that `storage.kind` may be. */
export const STORAGE_KINDS = ["disk", "memory"] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];

/** What `sr_stats` returns. Later versions of the library may add members. */
export interface LibraryStats {
  /** Whether events are captured, or why not. */
  state: State;
  /** What to do about `state`; null where nothing is to be done. */
  advice: string | null;
  /**
   * Whether the rules of the remote configuration chose this session, and which one decided; null where there are none.
   */
  targeting: { matched: boolean; rule: string | null } | null;
  /** `<device id>/<session id>`, or null. */
  sessionReplayId: string | null;
  /** Sessions captured. */
  sessions: number;
  recorded: {
    /** Events accepted by `sr_record`. */
    events: number;
    /** Bytes of these events. */
    bytes: number;
  };
  /** Events found in `storageDir`, left by earlier runs. */
  adopted: number;
  /** Files in `storageDir` that a later version of the library left behind, and that are left to it. */
  laterVersion: number;
  /**
   * Files of earlier runs that were more than `storageLimitBytes`, removed before the rest was recovered. Their events
   * are in `adopted` and `dropped.storageLimit`.
   */
  evictedUnread: number;
  crashes: {
    /** Earlier runs that reported a crash with `sr_mark_crash`. */
    count: number;
    /** What the last of them reported; null if none did. */
    last: { code: number; atMs: number } | null;
  };
  /** Damaged places in the files of earlier runs, each of which had been an event or more. */
  damaged: number;
  /** Calls that returned `SR_NOT_CAPTURED`. */
  notCaptured: number;
  /** Events that the host's filter (`sr_set_filter`) dropped. */
  filtered: number;
  /** Events accepted, and kept in memory only although there is a `storageDir`. */
  notStored: number;
  refused: {
    /** Calls of `sr_record` refused: not an rrweb event. */
    invalidEvent: number;
    /** Calls of `sr_record` refused: the event is larger than `maxSingleEventSizeBytes`. */
    tooLarge: number;
    /** Calls of `sr_record` refused: `storageLimitBytes` is reached. */
    bufferFull: number;
    /** Calls of `sr_record` refused: neither disk nor memory is to be had. */
    storage: number;
  };
  interactions: {
    /** Of `recorded.events`, interactions. */
    recorded: number;
    /** Of `delivered`, interactions. */
    delivered: number;
    /** Interactions that were told and not recorded: `interactionConfig` is not on. */
    off: number;
  };
  /** Events that the server has. */
  delivered: number;
  /** Of these, events that the overloaded server threw away. */
  throttled: number;
  dropped: {
    /** Accepted, and found afterwards not to be an rrweb event, or one that no player can play. */
    invalidEvent: number;
    /** The server rejected their batch for good. */
    rejectedByServer: number;
    /** Too large for the server by themselves. */
    tooLargeForServer: number;
    /** Of sessions evicted for newer ones, or of earlier runs evicted for newer ones. */
    storageLimit: number;
    /** Kept while the remote configuration was awaited, which then did not capture them. */
    notCaptured: number;
    /** Left behind by an earlier run more than three days ago. */
    expired: number;
    /** Of files in `storageDir` that somebody removed or cut. */
    storageLost: number;
    /** Of sessions shorter than the minimum. */
    sessionTooShort: number;
    /** Of sessions that the server rejected. */
    sessionEndedByServer: number;
    /** Deleted by `sr_delete_stored`, of this run and of earlier ones. */
    deleted: number;
    /**
     * Held, by this run or an earlier one, and never sent: older than `onErrorWindowMs`, or of a session without a
     * trigger.
     */
    notTriggered: number;
  };
  held: {
    /** Events that are held: they are sent only if there is a trigger. */
    events: number;
    /** Bytes of these events. */
    bytes: number;
  };
  waiting: {
    /** Events accepted and not yet delivered. */
    events: number;
    /** Sealed chunks that hold them. */
    batches: number;
    /** The room they take. */
    bytes: number;
    /** Frames of views that wait for their images, or whose images are just made: no events yet. */
    frames: number;
  };
  storage: {
    /** Where events are kept. */
    kind: StorageKind;
    /** Why `storageDir` can't be used; null where all is well. */
    problem: string | null;
  };
  batches: {
    /** Requests that the server took. */
    sent: number;
    /** Attempts that were made again. */
    retried: number;
  };
  bytes: {
    /** Bytes of the bodies that the server took, before gzip. */
    beforeGzip: number;
    /** Bytes of these bodies, as sent. */
    onTheWire: number;
    /** The one by the other; 0 before the first. */
    ratio: number;
  };
  /** What went wrong last; null if nothing did. */
  lastError: { message: string; atMs: number } | null;
}
