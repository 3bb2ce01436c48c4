// Reports popovers, which rrweb's player does not show.

import { listen } from "../dom/listeners";
import type { ProblemLog } from "./problem-log";

const PROBLEM = "the page opens popovers: rrweb's player does not show what is in an open popover";

/** Notes popovers that are opened from now on. */
export function watchPopovers(problems: ProblemLog): void {
  const onToggle = (event: Event) => {
    const isOpening = (event as { newState?: string }).newState === "open";
    if (isOpening && (event.target as Element | null)?.hasAttribute?.("popover")) problems.note(PROBLEM);
  };
  listen(document, "toggle", onToggle, { capture: true, passive: true });
}

/** Notes popovers that are open. */
export function noteOpenPopovers(problems: ProblemLog): void {
  try {
    if (document.querySelector(":popover-open")) problems.note(PROBLEM);
  } catch {
    // A browser that does not know the selector has no popovers.
  }
}
