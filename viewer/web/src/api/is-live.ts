// Whether a session is being recorded.

import type { Summary } from "./types";

/** A session with a batch so recent counts as live, as on the server. The SDK sends each 10 s, and a user who reads records nothing for a while. */
export const LIVE_MS = 30_000;

/** What imported batches say of their library: they arrive at once, long after they were recorded. */
const IMPORT = "import";

export function isLive(summary: Summary): boolean {
  return summary.sequences > 0 && summary.library !== IMPORT && Date.now() < liveUntil(summary);
}

/** When it is live no more, unless something arrives. */
export function liveUntil(summary: Summary): number {
  return summary.last_arrival + LIVE_MS;
}
