// A session's events in playing order, fit to be played.

import type { Batch } from "../api/types";
import { EventType, type RrwebEvent } from "../model/rrweb-event";
import { Missing } from "../missing/missing";
import { OfflineCleaner } from "../offline/offline";
import { type BrokenSnapshot, snapshotFault } from "./broken-snapshot";
import { isPlayable } from "./playable";
import { repair } from "./repair";
import { type Finding, type Mistake, TreeCheck } from "./tree-check";

export class Recording {
  /** Sorted by time; threads that record at once, and retries, arrive out of order. */
  readonly events: RrwebEvent[] = [];
  readonly arrivals: number[] = [];
  duplicates = 0;
  private readonly known = new Set<string>();
  private readonly numbers = new WeakMap<RrwebEvent, number>();
  private readonly tree = new TreeCheck();
  private arrived = 0;
  /** What the recording shows and does not hold; what it holds of its canvases. */
  readonly missing = new Missing();
  /** Full snapshots that no player can build, in the order of arrival. */
  readonly brokenSnapshots: BrokenSnapshot[] = [];
  private readonly offline = new OfflineCleaner(this.missing);

  /** Adds a batch and returns its new events in playing order. */
  add(batch: Batch): RrwebEvent[] {
    this.arrivals.push(batch.meta.arrived);
    // A batch whose reply was lost is sent again: what an earlier batch had, word for word, is not played twice.
    const first = this.arrived;
    this.arrived += batch.events.length;
    const fresh = batch.events.map((text, index) => ({ text, number: first + index })).filter(({ text }) => !this.known.has(text));
    this.duplicates += batch.events.length - fresh.length;
    for (const text of batch.events) this.known.add(text);
    const added = fresh.map(({ text, number }) => this.parse(text, number)).filter((event) => event !== null).sort(byTime);
    const last = this.events.at(-1);
    this.events.push(...added);
    if (last && added[0] && added[0].timestamp < last.timestamp) this.events.sort(byTime);
    return added;
  }

  /** The event as it may be played; null if the player would stop at it. */
  private parse(text: string, number: number): RrwebEvent | null {
    // `delay` belongs to the player; one from the recorder would only confuse it.
    const { type, timestamp, data } = JSON.parse(text) as RrwebEvent;
    if (!isPlayable(type, data)) {
      if (type === EventType.FullSnapshot) this.brokenSnapshots.push({ number, fault: snapshotFault(data) });
      return null;
    }
    repair(type, data);
    this.missing.begin(number, timestamp);
    if (type === EventType.FullSnapshot) this.missing.frames.reset(timestamp);
    if (type === EventType.FullSnapshot || type === EventType.Incremental) this.offline.clean(data);
    const event = { type, timestamp, data: data ?? {} };
    this.numbers.set(event, number);
    return event;
  }

  /** Which event it was in the order of arrival, counted from 0. */
  numberOf(event: RrwebEvent): number {
    return this.numbers.get(event) ?? -1;
  }

  /** What a player leaves out of it, or mixes up. */
  mistakes(): ReadonlyMap<Mistake, Finding> {
    this.tree.update(this.events);
    return this.tree.found;
  }

  get start(): number {
    return this.events[0]?.timestamp ?? 0;
  }

  get end(): number {
    return this.events.at(-1)?.timestamp ?? 0;
  }

  get hasFullSnapshot(): boolean {
    return this.events.some((event) => event.type === EventType.FullSnapshot);
  }

  /** `head`: the last full snapshot, with the meta event before it if there is one; `tail`: all after it. */
  splitAtLastSnapshot(): { head: RrwebEvent[]; tail: RrwebEvent[] } {
    const { events } = this;
    const snapshot = events.findLastIndex((event) => event.type === EventType.FullSnapshot);
    const first = events[snapshot - 1]?.type === EventType.Meta ? snapshot - 1 : snapshot;
    return { head: events.slice(first, snapshot + 1), tail: events.slice(snapshot + 1) };
  }
}

function byTime(a: RrwebEvent, b: RrwebEvent): number {
  return a.timestamp - b.timestamp;
}
