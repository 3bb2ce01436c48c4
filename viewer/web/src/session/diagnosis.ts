// Why is there no replay? What only the events themselves can tell; the rest comes from the server.

import type { Problem } from "../api/client";
import { count } from "../dom/format";
import { FULL_SNAPSHOT, INCREMENTAL, META, type Recording } from "../recording/recording";

export function diagnose(recording: Recording): Problem[] {
  const problems: Problem[] = [];
  const events = recording.events;
  const snapshot = events.findIndex((event) => event.type === FULL_SNAPSHOT);
  if (snapshot > 0 && !events.slice(0, snapshot).some((event) => event.type === META)) {
    problems.push({
      code: "meta_after_snapshot",
      message:
        "No meta event (rrweb event type 4) comes before the first full snapshot, so the page's size is guessed. Record " +
        "rrweb's events in the order it emits them.",
    });
  }
  const before = snapshot > 0 ? events.slice(0, snapshot).filter((event) => event.type === INCREMENTAL).length : 0;
  if (before > 0) {
    problems.push({
      code: "late_snapshot",
      message: `${count(before, "change")} before the first full snapshot can't be drawn; the replay begins at the snapshot.`,
    });
  }
  const far = events.find((event) => Math.abs(event.timestamp - recording.start) > 86_400_000 * 2);
  if (far) {
    problems.push({
      code: "odd_times",
      message: "The events' timestamps are days apart. Are they milliseconds since the epoch, from one clock?",
    });
  }
  return problems;
}
