// What a host can listen to.
import type { LogLine } from "./log.js";

/** The events and what their listeners are given. */
export interface SessionReplayEvents {
  /**
   * The library begins to ask for a full snapshot: have the recorder take one. Once each time it begins to ask, also while nothing
   * is recorded (then within half a second), and only if no full snapshot was recorded in the same turn. `view`: whose page it is, where pages are recorded in views.
   */
  "needs-full-snapshot": (view?: number) => void;
  /** Another session is the current one. */
  session: (sessionId: number | string) => void;
  /** A line of the log of the library or of this package. The option `logLevel` says how much the library logs. */
  log: (line: LogLine) => void;
}
