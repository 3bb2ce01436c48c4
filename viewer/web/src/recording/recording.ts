// A session's events in playing order, fit to be played.

import type { Batch } from "../api/types";
import { type Fields, isFields } from "../model/json";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import { Missing } from "../missing/missing";
import { OfflineCleaner } from "../offline/offline";
import { type BrokenSnapshot, snapshotFault } from "./broken-snapshot";
import { Clock } from "./clock";
import { fingerprint } from "./fingerprint";
import { isPlayable } from "./playable";
import { repair } from "./repair";
import { firstAfter } from "./search";
import { DEFAULT_SIZE, isPossible, type OddSize } from "./size";
import { type Finding, type Mistake, TreeCheck } from "./tree-check";

/** An event whose time is not by the session's clock; it is played at the time of the one that arrived before it. */
export interface Stray {
  event: RrwebEvent;
  /** In the order of arrival, counted from 0. */
  number: number;
  /** What the event says. */
  time: number;
}

export class Recording {
  /** Sorted by time; threads that record at once, and retries, arrive out of order. */
  events: RrwebEvent[] = [];
  readonly arrivals: number[] = [];
  duplicates = 0;
  /** Events that arrived, those too that can't be played or came twice. */
  arrived = 0;
  strays: Stray[] = [];
  /** Grows when events came between those that were there, so that places in `events` mean others. */
  changes = 0;
  hasFullSnapshot = false;
  private readonly known = new Set<number>();
  /** By the events' data, which copies share. */
  private readonly numbers = new WeakMap<object, number>();
  private readonly tree = new TreeCheck();
  /** What the recording shows and does not hold; what it holds of its canvases. */
  readonly missing = new Missing();
  /** Full snapshots that no player can build, in the order of arrival. */
  readonly brokenSnapshots: BrokenSnapshot[] = [];
  /** Numbers of what stands among the events and is none, in the order of arrival. */
  readonly foreign: number[] = [];
  /** Sizes that no page has, in the order of arrival. */
  readonly oddSizes: OddSize[] = [];
  private readonly offline = new OfflineCleaner(this.missing);
  private readonly clock = new Clock();
  /** Where the last event that arrived is played. */
  private last: number | null = null;

  /** Adds a batch and returns its new events in playing order. */
  add(batch: Batch): RrwebEvent[] {
    this.arrive(batch.meta.arrived);
    return this.addEvents(batch.events, batch.meta.arrived);
  }

  /** Counts a batch, whose events are then added in parts. */
  arrive(arrived: number): void {
    this.arrivals.push(arrived);
  }

  /** Gives numbers to so many events, which may come later or never; the first of them. */
  reserve(events: number): number {
    const first = this.arrived;
    this.arrived += events;
    return first;
  }

  /** Adds events of a batch that arrived at that time, and returns the new ones in playing order; `from` is the number of the first one. */
  addEvents(texts: Batch["events"], arrived: number, from = this.reserve(texts.length)): RrwebEvent[] {
    const added: RrwebEvent[] = [];
    let isOtherClock = false;
    for (const [place, text] of texts.entries()) {
      const number = from + place;
      // Whoever reads the batch says so.
      if (text === null) continue;
      // A batch whose reply was lost is sent again: what an earlier batch had, word for word, is not played twice.
      if (this.isKnown(text)) continue;
      const event = this.parse(text, number);
      if (!event) continue;
      isOtherClock = this.clock.add(event.timestamp, arrived) || isOtherClock;
      this.place(event);
      added.push(event);
      if (event.type === EventType.FullSnapshot) this.hasFullSnapshot = true;
    }
    this.insert(added.sort(byTime));
    if (isOtherClock) this.placeAll();
    return added;
  }

  /** Which event it was in the order of arrival, counted from 0. */
  numberOf({ data }: RrwebEvent): number {
    return this.numberOfData(data) ?? -1;
  }

  /** The same of an event with this data, be it a copy; null: no event of the recording has it. */
  numberOfData(data: unknown): number | null {
    return typeof data === "object" && data !== null ? (this.numbers.get(data) ?? null) : null;
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

  /** `head`: the last full snapshot, with the meta event before it if there is one; `tail`: all after it. */
  splitAtLastSnapshot(): { head: RrwebEvent[]; tail: RrwebEvent[] } {
    const { events } = this;
    const snapshot = events.findLastIndex((event) => event.type === EventType.FullSnapshot);
    const first = events[snapshot - 1]?.type === EventType.Meta ? snapshot - 1 : snapshot;
    return { head: events.slice(first, snapshot + 1), tail: events.slice(snapshot + 1) };
  }

  private isKnown(text: string): boolean {
    const print = fingerprint(text);
    if (this.known.has(print)) {
      this.duplicates += 1;
      return true;
    }
    this.known.add(print);
    return false;
  }

  /** The event as it may be played; null if the player would stop at it. */
  private parse(text: string, number: number): RrwebEvent | null {
    const told = fieldsOf(text);
    if (typeof told?.["type"] !== "number" || typeof told["timestamp"] !== "number") {
      this.foreign.push(number);
      return null;
    }
    // `delay` belongs to the player; one from the recorder would only confuse it.
    const { type, timestamp, data } = told as unknown as RrwebEvent;
    if (!isPlayable(type, data)) {
      if (type === EventType.FullSnapshot) this.brokenSnapshots.push({ number, fault: snapshotFault(data) });
      return null;
    }
    repair(type, data);
    if (type === EventType.Meta || (type === EventType.Incremental && data.source === Source.ViewportResize)) this.checkSize(data, number, type === EventType.Meta);
    this.missing.begin(number, timestamp);
    if (type === EventType.FullSnapshot) this.missing.frames.reset(timestamp);
    if (type === EventType.FullSnapshot || type === EventType.Incremental) this.offline.clean(data);
    // The player does not read the data of the types that need none; as an object it can be told from that of others.
    const event = { type, timestamp, data: isFields(data) ? data : {} };
    this.numbers.set(event.data, number);
    return event;
  }

  private checkSize(data: Fields, number: number, isFirst: boolean): void {
    if (isPossible(data, isFirst)) return;
    this.oddSizes.push({ number, width: data["width"], height: data["height"] });
    Object.assign(data, DEFAULT_SIZE);
  }

  /** Gives a stray event a time at which it can be played: a snapshot must not be lost with its clock. */
  private place(event: RrwebEvent): void {
    const time = event.timestamp;
    if (this.clock.isStray(time)) {
      event.timestamp = this.last ?? this.clock.start;
      this.strays.push({ event, number: this.numberOf(event), time });
    }
    this.last = event.timestamp;
  }

  /** The session's clock turned out to be another one: each event is placed anew. */
  private placeAll(): void {
    for (const { event, time } of this.strays) event.timestamp = time;
    this.strays = [];
    this.last = null;
    for (const event of this.events.toSorted((a, b) => this.numberOf(a) - this.numberOf(b))) this.place(event);
    this.events.sort((a, b) => this.inOrder(a, b));
    this.changes += 1;
  }

  /** Which one is played first: by their times, then by their arrival. */
  private inOrder(a: RrwebEvent, b: RrwebEvent): number {
    return byTime(a, b) || this.numberOf(a) - this.numberOf(b);
  }

  private insert(added: RrwebEvent[]): void {
    const [first] = added;
    if (!first) return;
    let from = firstAfter(this.events, first.timestamp);
    // What the store withheld comes before that of the same time which arrived behind it.
    for (let before = this.events[from - 1]; before && this.inOrder(first, before) < 0; before = this.events[from - 1]) from -= 1;
    const later = this.events.splice(from);
    if (later.length > 0) this.changes += 1;
    const tail = later.length > 0 ? [...later, ...added].sort((a, b) => this.inOrder(a, b)) : added;
    // One by one: as arguments there may be too many.
    for (const event of tail) this.events.push(event);
  }
}

/** What the viewer took in was checked; what another program wrote into its store was not. */
function fieldsOf(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function byTime(a: RrwebEvent, b: RrwebEvent): number {
  return a.timestamp - b.timestamp;
}
