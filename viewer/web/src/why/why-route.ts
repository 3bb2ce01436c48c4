// The address of "Why is there no replay?".

import type { Subject } from "./why-panel";

/** What is asked about; null: another page is. */
export function currentWhy(): Subject | null {
  const match = /^\/why\/([^/]+)(?:\/([^/]+))?\/?$/.exec(location.pathname);
  if (!match?.[1]) return null;
  try {
    return { device: decodeURIComponent(match[1]), session: match[2] ? decodeURIComponent(match[2]) : null };
  } catch {
    return null;
  }
}
