// Generated from src/options/fields.rs: run `SR_GENERATED=write cargo test --lib generated`.
// The options that take one word of a closed list.

export const SERVER_ZONES = ["US", "EU"] as const;
export type ServerZone = (typeof SERVER_ZONES)[number];

export const MASK_LEVELS = ["light", "medium", "conservative"] as const;
export type MaskLevel = (typeof MASK_LEVELS)[number];

export const LOG_LEVELS = ["none", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SEGMENT_MODES = ["actions", "classic-device", "classic-cloud"] as const;
export type SegmentMode = (typeof SEGMENT_MODES)[number];

export const LIBRARY_TYPES = ["standalone", "plugin", "segment"] as const;
export type LibraryType = (typeof LIBRARY_TYPES)[number];

export const HOST_REQUEST_KINDS = ["none", "events", "config", "all"] as const;
export type HostRequestKind = (typeof HOST_REQUEST_KINDS)[number];
