// What the wrappers of `fetch`, XMLHttpRequest and `sendBeacon` share: whether a request is recorded now, and by which rules.

import { asOwnWork, isOwnWork } from "../page-world/own-work";
import type { NetworkConfig } from "./config";
import type { RequestReport } from "./request";

export interface Recording {
  /** The rules for a request that a script makes now; null: it is not recorded. */
  begin(url: string): NetworkConfig | null;
  /** Whether there is room for one more report: asked before a body is read. */
  hasRoom(): boolean;
  report(request: RequestReport): void;
}

/** What is seen of a call by the page; undefined: nothing, or the recorder itself has called. */
export const seenOf = <T>(look: () => T): T | undefined => (isOwnWork() ? undefined : safely(look));

/** Our errors stay ours; the page's requests go on. */
export function safely<T>(work: () => T): T | undefined {
  try {
    return asOwnWork(work);
  } catch {
    return undefined;
  }
}
