// The browser SDK's options for how a page is recorded, parsed from whatever the host sent.

export interface PageOptions {
  /** Whether style sheets of the page go into the snapshot. Default: true. */
  shouldInlineStylesheet: boolean;
  /** Whether images go into the snapshot. Default: false. */
  inlineImages: boolean;
  /** Whether a full snapshot is taken when the page gets the focus. Default: false. */
  captureFullSnapshotOnFocus: boolean;
  /** Milliseconds between full snapshots. Default: 0, none at intervals. */
  fullSnapshotIntervalMs: number;
}

/** More often would only keep the page busy. */
const MIN_INTERVAL_MS = 1_000;
/** Browsers count timers in 32 bits: a longer one would end at once. */
const MAX_INTERVAL_MS = 2_147_483_647;

export function parsePageOptions(given: unknown): PageOptions {
  const options = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  const interval = options["fullSnapshotIntervalMs"];
  return {
    shouldInlineStylesheet: options["shouldInlineStylesheet"] !== false,
    inlineImages: options["inlineImages"] === true,
    captureFullSnapshotOnFocus: options["captureFullSnapshotOnFocus"] === true,
    fullSnapshotIntervalMs:
      typeof interval === "number" && interval > 0
        ? Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, interval))
        : 0,
  };
}
