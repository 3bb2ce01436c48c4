// What of a recording rrweb's player is given: from the full snapshot before a moment on. Its cost is that of all events it has,
// at each seek.

import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import { firstAfter } from "../recording/search";
import { DEFAULT_SIZE } from "../recording/size";


/** The place of the full snapshot that a moment is drawn from: the last one by then, or else the first; -1: there is none. */
export function snapshotFor(events: readonly RrwebEvent[], time: number): number {
  for (let at = firstAfter(events, time) - 1; at >= 0; at--) if (events[at]?.type === EventType.FullSnapshot) return at;
  return events.findIndex(({ type }) => type === EventType.FullSnapshot);
}

/** A meta event of the snapshot's own time: the last one before it, or else the first there is. */
export function metaFor(events: readonly RrwebEvent[], snapshot: number): RrwebEvent {
  let meta: RrwebEvent | undefined;
  for (let at = snapshot; at >= 0 && !meta; at--) if (events[at]?.type === EventType.Meta) meta = events[at];
  meta ??= events.find(({ type }) => type === EventType.Meta);
  return { type: EventType.Meta, timestamp: events[snapshot]?.timestamp ?? 0, data: meta?.data ?? { href: "", ...DEFAULT_SIZE } };
}

/**
 * An event behind the snapshot, as a copy: the player marks its events, ours stay as they are. It forgets all before a meta event,
 * also where no snapshot follows; of such an event it needs nothing but the size.
 */
export function asFollowing({ type, timestamp, data }: RrwebEvent): RrwebEvent {
  if (type !== EventType.Meta) return { type, timestamp, data };
  const { width, height } = data;
  return { type: EventType.Incremental, timestamp, data: { source: Source.ViewportResize, width, height } };
}
