// Whether a session is being recorded.

import type { Summary } from "./types";

/** A session with a batch so recent counts as live. */
const LIVE_MS = 15_000;

export function isLive(summary: Summary): boolean {
  return Date.now() - summary.last_arrival < LIVE_MS;
}
