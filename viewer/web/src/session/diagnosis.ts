// Why is there no replay? What only the events themselves can tell; the rest comes from the server.

import type { Problem } from "../api/types";
import { count } from "../dom/format";
import { EventType, type RrwebEvent } from "../model/rrweb-event";

/** Events of one session are not further apart. */
const MAX_DISTANCE_MS = 2 * 86_400_000;

/** `events` are in playing order. */
export function diagnose(events: readonly RrwebEvent[]): Problem[] {
  const problems: Problem[] = [];
  const snapshot = events.findIndex((event) => event.type === EventType.FullSnapshot);
  const before = snapshot > 0 ? events.slice(0, snapshot) : [];
  if (snapshot > 0 && !before.some((event) => event.type === EventType.Meta)) {
    problems.push({
      code: "meta_after_snapshot",
      message:
        "No meta event (rrweb event type 4) comes before the first full snapshot, so the page's size is guessed. Record " +
        "rrweb's events in the order it emits them.",
    });
  }
  const changes = before.filter((event) => event.type === EventType.Incremental).length;
  if (changes > 0) {
    problems.push({
      code: "late_snapshot",
      message: `${count(changes, "change")} before the first full snapshot can't be drawn; the replay begins at the snapshot.`,
    });
  }
  const start = events[0]?.timestamp ?? 0;
  if (events.some((event) => Math.abs(event.timestamp - start) > MAX_DISTANCE_MS)) {
    problems.push({
      code: "odd_times",
      message: "The events' timestamps are days apart. Are they milliseconds since the epoch, from one clock?",
    });
  }
  return problems;
}
