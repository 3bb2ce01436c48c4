// The counters and the state of capture, as this package shows them: docs/guide/c-api.md explains each member.
import { STATES, type LibraryStats } from "./shared/stats.js";

/** Every {@link CaptureState}. "not-initialized": before `init` and after `shutdown`. */
export const CAPTURE_STATES = [...STATES, "not-initialized"] as const;

/** Why events are kept, or why they are not. */
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** What {@link stats} returns. Later versions of the library may add members. */
export interface Stats extends Omit<LibraryStats, "state"> {
  state: CaptureState;
}

/** While nothing is being recorded. */
export const noStats = (advice = "call init"): Stats => ({
  state: "not-initialized",
  advice,
  targeting: null,
  sessionReplayId: null,
  sessions: 0,
  recorded: { events: 0, bytes: 0 },
  adopted: 0,
  damaged: 0,
  laterVersion: 0,
  evictedUnread: 0,
  notCaptured: 0,
  filtered: 0,
  notStored: 0,
  refused: { invalidEvent: 0, tooLarge: 0, bufferFull: 0, storage: 0 },
  interactions: { recorded: 0, delivered: 0, off: 0 },
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
      deleted: 0,
      notTriggered: 0,
  },
  held: { events: 0, bytes: 0 },
    waiting: { events: 0, batches: 0, bytes: 0, frames: 0 },
  storage: { kind: "memory", problem: null },
  batches: { sent: 0, retried: 0 },
  bytes: { beforeGzip: 0, onTheWire: 0, ratio: 0 },
  lastError: null,
  crashes: { count: 0, last: null },
});
