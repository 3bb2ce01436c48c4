// The host's function that sees events before they are recorded.

/** An rrweb event. */
export interface ReplayEvent {
  /** rrweb's: 2 full snapshot, 3 incremental snapshot, 4 meta, 5 custom, 6 plugin. */
  type: number;
  /** Milliseconds since 1970. */
  timestamp: number;
  data?: any;
  [member: string]: any;
}

/**
 * Keeps an event by returning it, replaces it by returning another of the same type, drops it by returning null. It must return at
 * once. What it throws, and anything else that it returns, as a promise, drops the event, and the log says so. docs/guide/filter.md.
 */
export type BeforeRecord = (event: ReplayEvent) => ReplayEvent | null;
