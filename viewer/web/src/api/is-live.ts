// Whether a session is being recorded.

import type { Summary } from "./types";

/** A session with a batch so recent counts as live. */
const LIVE_MS = 15_000;

export function isLive(summary: Summary): boolean {
  return summary.sequences > 0 && Date.now() < liveUntil(summary);
}

/** When it is live no more, unless something arrives. */
export function liveUntil(summary: Summary): number {
  return summary.last_arrival + LIVE_MS;
}
