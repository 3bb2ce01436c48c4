// A CSS selector for an element: `@medv/finder`, of which the browser SDK has a copy. Both find the same one; but here the
// search ends in bounded time, and asks for all elements only where the first one is the right one.

import { finder } from "@medv/finder";
import { querySelector, querySelectorAll } from "../dom/native-dom";
import type { SelectorLimits } from "../model/page-options";

/** Characters; a longer one is of no use. */
const MAX_LENGTH = 1_000;
/** Classes of one element: the combinations of more would take memory without end. */
const MAX_CLASSES = 32;
/** Selectors that are tried whatever the clock says: a thread that waited for its processor has not searched. */
const MIN_TRIES = 4;

/** undefined: none was found in time. `hides`: whether this attribute must not be told. */
export function selectorOf(
  element: Element,
  limits: SelectorLimits,
  hides: (attribute: "id" | "class") => boolean,
): string | undefined {
  const [hidesId, hidesClass] = [hides("id"), hides("class")];
  const hasClass = (_name: string, index = 0) => !hidesClass && index < MAX_CLASSES;
  try {
    const selector = finder(element, {
      root: searched(element, limits.timeoutMs) as Element,
      idName: () => !hidesId,
      className: hasClass as (name: string) => boolean,
      threshold: limits.threshold,
      maxNumberOfTries: limits.maxNumberOfTries,
    });
    return selector.length <= MAX_LENGTH ? selector : undefined;
  } catch {
    return undefined;
  }
}

/** What finder searches in place of the document, while there is time. Of all that match, it asks only whether there is one. */
function searched(element: Element, timeoutMs: number): object {
  const inTime = stopwatch(timeoutMs);
  const first = (selector: string) => {
    if (!inTime()) throw new Error("no selector was found in time");
    return querySelector.call(document, selector);
  };
  return {
    querySelector: first,
    querySelectorAll: (selector: string): { length: number } => {
      const found = first(selector);
      if (found === element) return querySelectorAll.call(document, selector);
      return { length: found ? 2 : 0 };
    },
  };
}

/** Whether there is time for one more selector. Of the time since the last one a fourth of all counts at most: the thread may have waited. */
function stopwatch(timeoutMs: number): () => boolean {
  let [last, searchedMs] = [performance.now(), 0];
  return () => {
    const now = performance.now();
    searchedMs += Math.min(now - last, timeoutMs / MIN_TRIES);
    last = now;
    return searchedMs <= timeoutMs;
  };
}
