// Why is there no replay? What only the events themselves can tell; the rest comes from the server.

import type { Problem, ProblemCode } from "../api/types";
import { count, iso } from "../dom/format";
import { EventType } from "../model/rrweb-event";
import { isInSeconds } from "../recording/clock";
import type { Recording } from "../recording/recording";
import type { Finding, Mistake } from "../recording/tree-check";

export function diagnose(recording: Recording): Problem[] {
  const { events } = recording;
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
  problems.push(...strayTimes(recording));
  for (const [mistake, finding] of recording.mistakes()) problems.push(told(mistake, finding, recording));
  return problems;
}

/** Times that are not by the session's clock, and sessions whose own clock is of the first days of 1970. */
function strayTimes(recording: Recording): Problem[] {
  const { strays, start, end } = recording;
  const [first] = strays;
  if (first) {
    const seconds = strays.filter(({ time }) => isInSeconds(time));
    const isInside = seconds.length > 0 && !isInSeconds(start);
    const where = strays.length === 1 ? `event ${first.number}` : `${count(strays.length, "event")}, first in event ${first.number}`;
    const advice = isInside
      ? "Such times are seconds in place of milliseconds: multiply them by 1,000."
      : "Take all timestamps from one clock, in milliseconds since 1970.";
    const message =
      `The clock went astray: ${where} (counted from 0 as they arrived) says ${iso(first.time)}, and the rest of the session is of ` +
      `${iso(start)}. It is shown where it arrived, and does not count for the session's length. ${advice}`;
    return [{ code: "odd_times", message }];
  }
  if (recording.events.length === 0 || !isInSeconds(end)) return [];
  const [event] = recording.events;
  const message =
    `The timestamps are seconds in place of milliseconds (event ${event ? recording.numberOf(event) : 0} says ${start}, which is ${iso(start)} ` +
    `in milliseconds), so the replay is a thousand times too short. Multiply them by 1,000.`;
  return [{ code: "odd_times", message }];
}

/** What players do with it, and what to do. */
const MISTAKES: Record<Mistake, { code: ProblemCode; one: string; many: string; advice: string }> = {
  nested: {
    code: "nested_adds",
    one: "node lies inside of a node that is added, and players drop it",
    many: "nodes lie inside of nodes that are added, and players drop them",
    advice: "Give each node an entry of its own in `adds`, with an empty `childNodes`; only the document of an iframe is added whole.",
  },
  duplicate: {
    code: "duplicate_ids",
    one: "node has the id of another one in the same tree, so that changes reach only one of the two",
    many: "nodes have the id of another one in the same tree, so that changes reach only one of the two",
    advice: "Give each node an id of its own.",
  },
  misplaced: {
    code: "unknown_places",
    one: "node is added to a parent, or before a node, that is not there, and players leave it out",
    many: "nodes are added to a parent, or before a node, that is not there, and players leave them out",
    advice: "Add the parent (`parentId`) and the next node (`nextId`) before or in the same event, or take a full snapshot.",
  },
  broken: {
    code: "broken_images",
    one: "image is a data: URL that is no PNG, JPEG, GIF or WebP, and is not drawn",
    many: "images are data: URLs that are no PNG, JPEG, GIF or WebP, and are not drawn",
    advice: "Look at what encodes them: base64 of the whole file belongs behind the comma.",
  },
};

function told(mistake: Mistake, { first, events, nodes }: Finding, recording: Recording): Problem {
  const { code, one, many, advice } = MISTAKES[mistake];
  const number = recording.numberOf(first);
  const where = events === 1 ? `in event ${number}` : `in ${count(events, "event")}, first in event ${number}`;
  return { code, message: `${count(nodes, one, many)} (${where} of this session, counted from 0 as they arrived). ${advice}` };
}
