// What the feed of the list says, and what a window and the worker that holds the feed for all windows say to each other.

import type { Summary } from "./types";

/** How often a window that is seen says so. */
export const SAY_MS = 20_000;
/** A window, or a hub, of which nothing was heard for so long is gone. */
export const GONE_MS = 3 * SAY_MS + 5_000;

/** What is new in the list of sessions. */
export interface FeedMessage {
  /** Grows with each change. */
  revision: number;
  /** Sessions there are. */
  total: number;
  changed: Summary[];
  /** `<device>/<session>` of those that were deleted. */
  removed: string[];
  /** More has changed than is told here: what is shown has to be asked for again. */
  reset: boolean;
}

/** From the hub to one window. */
export type ToWindow = { message: FeedMessage } | { isDown: boolean } | { alive: true };

/** From a window to the hub. A window that is seen says so again and again: one that crashed takes no leave. */
export type ToHub = { isVisible: boolean } | { leave: true };
