// Why is there no replay? What only the events themselves can tell; the rest comes from the server.

import type { DamagedBatch, Problem, ProblemCode } from "../api/types";
import { count, iso } from "../dom/format";
import { missingPicture } from "../missing/told";
import { EventType } from "../model/rrweb-event";
import { otherUnit, type Unit } from "../recording/clock";
import type { Recording, Stray } from "../recording/recording";
import { DEFAULT_SIZE } from "../recording/size";
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
  problems.push(...foreignEvents(recording), ...strayTimes(recording), ...oddSizes(recording));
  const broken = brokenSnapshot(recording);
  if (broken) problems.push({ code: "unplayable_events", message: broken });
  for (const [mistake, finding] of recording.mistakes()) problems.push(told(mistake, finding, recording));
  const missing = missingPicture(recording.missing);
  if (missing) problems.push({ code: "missing_picture", message: missing });
  return problems;
}

/** Batches that are lost to the viewer, all or in part, though it accepted them. The server knows of some of them, and says less. */
export function damagedBatches([first, ...more]: readonly DamagedBatch[]): Problem[] {
  if (!first) return [];
  const which = more.length > 0 ? `${count(more.length + 1, "batch", "batches")} of this session can't be read, or not whole, first ${first.sequence}` : `The batch ${first.sequence} can't be read`;
  const message = `${which}: ${first.problem}. The object in the viewer's store is damaged, or was changed by something else; all the rest is played. A download has an event in the place of what is missing.`;
  return [{ code: "damaged_requests", message }];
}

/** Batches that the store does not give, and gives the next time, perhaps. */
export function unreadBatches([first, ...more]: readonly DamagedBatch[]): Problem[] {
  if (!first) return [];
  const which = more.length > 0 ? `${count(more.length + 1, "batch", "batches")} of this session, first ${first.sequence}` : `the batch ${first.sequence}`;
  const message = `The store does not give ${which}: ${first.problem}. The page asks again and again; meanwhile all the rest is played, and a download breaks off.`;
  return [{ code: "unread_requests", message }];
}

/** What stands among the events and is none. */
function foreignEvents({ foreign: [first, ...more] }: Recording): Problem[] {
  if (first === undefined) return [];
  const others = more.length > 0 ? `, and so ${more.length === 1 ? "is another one" : `are ${more.length} others`}` : "";
  const message = `Event ${first} (counted from 0 as they arrived) is no rrweb event, and is passed over${others}. The viewer takes in no such thing: its store was changed by something else.`;
  return [{ code: "foreign_events", message }];
}

/** Times that are not by the session's clock, and sessions whose own clock tells another unit. */
function strayTimes(recording: Recording): Problem[] {
  const { strays, start, end } = recording;
  const own = recording.events.length > 0 ? otherUnit(end) : null;
  return [...(strays[0] ? [strayProblem(strays, strays[0], start, own)] : []), ...(own ? [unitProblem(recording, own)] : [])];
}

/** `own`: the unit of the session's own clock, which is told beside. */
function strayProblem(strays: readonly Stray[], first: Stray, start: number, own: Unit | null): Problem {
  const where = strays.length === 1 ? `event ${first.number}` : `${count(strays.length, "event")}, first in event ${first.number}`;
  const one = strays.length === 1;
  const message =
    `The clock went astray: ${where} (counted from 0 as they arrived) ${one ? "says" : "say"} ${iso(first.time)}, and the rest of the session is of ` +
    `${iso(start)}. ${one ? "It is" : "They are"} shown where ${one ? "it" : "they"} arrived, and ${one ? "does" : "do"} not count for the session's length. ${clockAdvice(strays, own)}`.trimEnd();
  return { code: "odd_times", message };
}

/** For each unit that times are in its own advice; those that are in none are of another clock. */
function clockAdvice(strays: readonly Stray[], own: Unit | null): string {
  const counts = new Map<Unit | null, number>();
  for (const { time } of strays) counts.set(otherUnit(time), (counts.get(otherUnit(time)) ?? 0) + 1);
  // Beside a clock that tells another unit, what is right looks astray.
  const others = own ? 0 : (counts.get(null) ?? 0);
  const said = [...counts].flatMap(([unit, number]) => {
    if (!unit) return [];
    const which = number === strays.length ? "Such times are" : count(number, "of them is", "of them are");
    return [`${which} ${unit.name} in place of milliseconds: ${unit.advice}.`];
  });
  if (others > 0) said.push(`Take ${said.length > 0 ? "the others" : "all timestamps"} from one clock, in milliseconds since 1970.`);
  return said.join(" ");
}

function unitProblem(recording: Recording, { name, advice }: Unit): Problem {
  const { events, end } = recording;
  const event = events.at(-1);
  const effect = name === "seconds" ? "a thousand times too short" : "too long";
  const message =
    `The timestamps are ${name} in place of milliseconds (event ${event ? recording.numberOf(event) : 0} says ${end}, which is ${iso(end)} ` +
    `in milliseconds), so the replay is ${effect}: ${advice}.`;
  return { code: "odd_times", message };
}

function oddSizes({ oddSizes: [first, ...more] }: Recording): Problem[] {
  if (!first) return [];
  const others = more.length > 0 ? ` (and so ${count(more.length, "later event says", "later events say")})` : "";
  const { width, height } = DEFAULT_SIZE;
  const message =
    `Event ${first.number} (counted from 0 as they arrived) says that the page is ${first.width} × ${first.height} pixels large${others}, as no screen is. ` +
    `It is drawn at ${width} × ${height}. Record window.innerWidth and window.innerHeight in CSS pixels.`;
  return [{ code: "odd_size", message }];
}

/** Why nothing is drawn of a session all of which has arrived. */
export function whyNothing(recording: Recording): string {
  const { events } = recording;
  const broken = brokenSnapshot(recording);
  if (!recording.hasFullSnapshot && broken) return broken;
  if (events.length === 0) return "Nothing can be drawn: no event that can be played has arrived.";
  if (!recording.hasFullSnapshot) return `Nothing can be drawn: there is no full snapshot (rrweb event type 2), only ${count(events.length, "event")} of other types.`;
  return "Nothing can be played: there is only one event, and a player needs two.";
}

/** One sentence about the first full snapshot that no player can build; null: there is none. */
function brokenSnapshot(recording: Recording): string | null {
  const { brokenSnapshots } = recording;
  const [first, ...more] = brokenSnapshots;
  if (!first) return null;
  const until = recording.hasFullSnapshot ? "until another one comes" : "at all";
  const others = more.length > 0 ? `, and neither can ${count(more.length, "later one")}` : "";
  return `Event ${first.number} (counted from 0 as they arrived, as in …/events) is a full snapshot that can't be built, since it ${first.fault}: nothing can be drawn ${until}${others}.`;
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
