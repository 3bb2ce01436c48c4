// Writes events as JSON when the page has nothing better to do: at the time to send them, or soon after. What is masked in them
// was masked at once, since the page may change meanwhile.

import type { RrwebEvent } from "../model/rrweb-event";
import type { Sender } from "./sender";
import { weightOf } from "./weight";

export interface WriterOptions {
  /** Whether to wait for the page; without it, events are written as they come, and none are joined. */
  isDeferred: () => boolean;
  /** How long the page may keep it waiting, in milliseconds. */
  timeoutMs: () => number;
  /** Joins events that follow one another; changes none of them. */
  join: (events: RrwebEvent[]) => RrwebEvent[];
  /** Runs what the browser calls. */
  guard: (work: () => void) => void;
  note: (error: unknown) => void;
}

export type ToJson = (event: RrwebEvent) => string;
type Entry = { event: RrwebEvent; toJson: ToJson } | string;

/** More are written without waiting any longer. */
const MAX_WAITING = 1_000;
/** What is left of a frame is left to the page. */
const MIN_REMAINING_MS = 1;

const whenIdle = typeof requestIdleCallback === "function" ? requestIdleCallback.bind(window) : null;

export class EventWriter {
  private waiting: Entry[] = [];
  /** Joined, and still to be written. */
  private ready: Entry[] = [];
  /** About how many characters were added since nothing waited. */
  private weight = 0;
  /** When the first of what waits was added, or something before it written. */
  private since = 0;
  /** Dropped before they were written, or because they can't be. */
  droppedEvents = 0;

  /** `maxWeight`: about how many characters may wait here and at the sender together. */
  constructor(
    private readonly sender: Sender,
    private readonly maxWeight: number,
    private readonly options: WriterOptions,
  ) {}

  add(event: RrwebEvent, toJson: ToJson): void {
    if (this.options.isDeferred()) this.push({ event, toJson }, weightOf(event, this.maxWeight));
    else this.addJson(toJson(event));
  }

  /** Adds an event that is written already, after those before it. */
  addJson(json: string): void {
    if (this.length > 0) this.push(json, json.length);
    else this.sender.add(json);
  }

  get length(): number {
    return this.waiting.length + this.ready.length;
  }

  /** How long nothing was written while something waits, in milliseconds; null: nothing waits. */
  get waitingMs(): number | null {
    return this.length > 0 ? performance.now() - this.since : null;
  }

  /** To be called when it is time to send: writes everything as the page permits, and calls `done` then, whatever goes wrong. */
  prepare(done: () => void): void {
    if (this.length === 0 || !whenIdle || !this.options.isDeferred() || document.visibilityState === "hidden") {
      this.writeAll();
      return done();
    }
    this.writeInSteps(whenIdle, done);
  }

  writeAll(): void {
    this.write(() => true);
  }

  clear(): void {
    this.droppedEvents += this.length;
    this.waiting = [];
    this.ready = [];
    this.weight = 0;
  }

  private writeInSteps(whenIdle: typeof requestIdleCallback, done: () => void): void {
    const { guard, timeoutMs, note } = this.options;
    const next = () => whenIdle((deadline) => guard(() => attempt(() => step(deadline))), { timeout: timeoutMs() });
    const step = (deadline: IdleDeadline) => {
      this.write(() => deadline.didTimeout || deadline.timeRemaining() > MIN_REMAINING_MS);
      if (this.length > 0) next();
    };
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        // The page may have put something else in place of the browser's.
        note(error);
        this.writeAll();
      }
      if (this.length === 0) done();
    };
    attempt(next);
  }

  private push(entry: Entry, weight: number): void {
    if (this.length === 0) this.since = performance.now();
    this.waiting.push(entry);
    this.weight += weight;
    const isTooMuch = this.length > MAX_WAITING || this.weight + this.sender.outbox.queuedLength > this.maxWeight;
    if (isTooMuch) this.writeAll();
    else this.sender.schedule();
  }

  private write(mayGoOn: () => boolean): void {
    this.join();
    const { length } = this;
    while (this.ready.length > 0 && mayGoOn()) {
      const entry = this.ready.shift() as Entry;
      try {
        this.sender.add(typeof entry === "string" ? entry : entry.toJson(entry.event));
      } catch (error) {
        this.droppedEvents++;
        this.options.note(error);
      }
    }
    if (this.length === 0) this.weight = 0;
    if (this.length < length) this.since = performance.now();
  }

  /** Makes what waits ready. */
  private join(): void {
    const entries = this.waiting;
    this.waiting = [];
    for (let i = 0; i < entries.length; ) {
      const first = entries[i] as Entry;
      if (typeof first === "string") {
        this.ready.push(first);
        i++;
        continue;
      }
      const events: RrwebEvent[] = [];
      for (let next: Entry | undefined = first; typeof next === "object" && next.toJson === first.toJson; next = entries[++i]) {
        events.push(next.event);
      }
      for (const event of this.joined(events)) this.ready.push({ event, toJson: first.toJson });
    }
  }

  /** As they came if they can't be joined: none is lost for it. */
  private joined(events: RrwebEvent[]): RrwebEvent[] {
    try {
      return this.options.join(events);
    } catch (error) {
      this.options.note(error);
      return events;
    }
  }
}
