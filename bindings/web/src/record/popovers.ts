// A limit that is named: rrweb's player shows no open popovers.

import { listen } from "../dom/listeners";
import type { Problems } from "./problem-log";

const POPOVERS = "the page opens popovers: rrweb's player does not show what is in an open popover";

/** Notes those that are opened from now on. */
export function watchPopovers(problems: Problems): void {
  const note = (event: Event) => {
    const isOpening = (event as { newState?: string }).newState === "open";
    if (isOpening && (event.target as Element | null)?.hasAttribute?.("popover")) problems.note(POPOVERS);
  };
  listen(document, "toggle", note, { capture: true, passive: true });
}

/** Notes those that are open. */
export function noteOpenPopovers(problems: Problems): void {
  try {
    if (document.querySelector(":popover-open")) problems.note(POPOVERS);
  } catch {
    // A browser that knows of none has none.
  }
}
