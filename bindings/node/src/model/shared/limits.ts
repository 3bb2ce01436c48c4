// The bounds of the Rust core's options, and its defaults where this package needs them. docs/guide/options.md lists them all.

/** The smallest and the largest value, both allowed. */
export type Bounds = readonly [min: number, max: number];

export const FLUSH_RETRIES: Bounds = [1, 100];
export const FLUSH_INTERVAL_MS: Bounds = [10, 600_000];
export const SEND_TIMEOUT_MS: Bounds = [100, 120_000];
export const PERSISTED_EVENTS_BYTES: Bounds = [1_000, 9_000_000];
export const SINGLE_EVENT_BYTES: Bounds = [1_000, 9_000_000];
export const DEFAULT_SINGLE_EVENT_BYTES = 9_000_000;

/** Characters of `library.version`, of printable ASCII. */
export const MAX_LIBRARY_VERSION_LENGTH = 64;

/** Bytes of one selector of `privacyConfig`, in UTF-8. */
export const MAX_SELECTOR_BYTES = 4_096;
/** Selectors in one list of `privacyConfig`. */
export const MAX_SELECTORS = 1_000;
