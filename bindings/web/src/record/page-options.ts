// The browser SDK's options that say how a page is recorded, read from whatever the host sent.

export interface PageOptions {
  /** Whether style sheets of the page go into the snapshot. Default: true. */
  shouldInlineStylesheet: boolean;
  /** Whether images go into the snapshot. Default: false. */
  inlineImages: boolean;
  /** Whether a page that gains the focus is described anew. Default: false. */
  captureFullSnapshotOnFocus: boolean;
  /** Milliseconds between full snapshots. Default: 0, no more of them than are needed. */
  fullSnapshotIntervalMs: number;
}

/** More often would only keep the page busy. */
const LEAST_INTERVAL_MS = 1_000;
/** More would be less for the browser, whose timers count in 32 bits. */
const MOST_INTERVAL_MS = 2_147_483_647;

export function readPageOptions(given: unknown): PageOptions {
  const options = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  const every = options["fullSnapshotIntervalMs"];
  return {
    shouldInlineStylesheet: options["shouldInlineStylesheet"] !== false,
    inlineImages: options["inlineImages"] === true,
    captureFullSnapshotOnFocus: options["captureFullSnapshotOnFocus"] === true,
    fullSnapshotIntervalMs:
      typeof every === "number" && every > 0 ? Math.min(MOST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, every)) : 0,
  };
}
