// The options of the Rust core that take one value of a closed list.

/** In the order of the browser SDK's numbers, 0 to 4. */
export const LOG_LEVELS = ["none", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SERVER_ZONES = ["US", "EU"] as const;
export type ServerZone = (typeof SERVER_ZONES)[number];

export const LIBRARY_TYPES = ["standalone", "plugin", "segment"] as const;
export type LibraryType = (typeof LIBRARY_TYPES)[number];

export const SEGMENT_MODES = ["actions", "classic-device", "classic-cloud"] as const;
/** How Amplitude is connected in Segment, by who owns the session id: docs/guide/segment.md. */
export type SegmentMode = (typeof SEGMENT_MODES)[number];

export const MASK_LEVELS = ["light", "medium", "conservative"] as const;
