// Tells the library of errors that the page did not handle, whatever `loggingConfig` has recorded of them: one makes a session that
// is held a captured one. The library stores nothing of it, so it says nothing but that.

import { EventType } from "../model/rrweb-event";
import { UNHANDLED_ERROR_TAG } from "../model/shared";
import type { MakeObserver } from "../observers/observer";
import type { MakeProbe } from "../page-world/probe";
import type { UnhandledErrorConfig, UnhandledErrorReport } from "./probe";

/** One is as good as many, and a page may throw without end. */
const MIN_INTERVAL_MS = 5_000;

// As the browser has it: a page may have a clock of its own later.
const now = performance.now.bind(performance);

export const unhandledErrorObserver =
  (makeProbe: MakeProbe<UnhandledErrorConfig, UnhandledErrorReport>): MakeObserver =>
  (context) => {
    let toldAt = -Infinity;
    const probe = makeProbe({
      report: () => {
        if (now() - toldAt < MIN_INTERVAL_MS) return;
        // In this order of members: the library recognizes it by its first bytes.
        if (context.tell({ type: EventType.Custom, data: { tag: UNHANDLED_ERROR_TAG, payload: {} } })) toldAt = now();
      },
      note: (problem) => context.note(problem),
    });
    return {
      // Always: what went wrong before the first full snapshot, or while nobody used the page, counts as well.
      configure: () => probe.configure({}, true),
      start: () => {},
      pause: () => {},
    };
  };
