// Whether a session is being recorded.

import type { Summary } from "./types";

/** A session with a batch so recent counts as live. */
const LIVE_MS = 15_000;

/** What imported batches say of their library: they arrive at once, long after they were recorded. */
const IMPORT = "import";

export function isLive(summary: Summary): boolean {
  return summary.library !== IMPORT && Date.now() - summary.last_arrival < LIVE_MS;
}
