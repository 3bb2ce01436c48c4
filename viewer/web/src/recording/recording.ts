// A session's events in playing order, fit to be played.

import type { Sequence } from "../api/client";
import { Offline } from "../offline/offline";
import { isPlayable, mend } from "./playable";

export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const META = 4;
export const CUSTOM = 5;
export const PLUGIN = 6;

export interface RrwebEvent {
  type: number;
  timestamp: number;
  delay?: number;
  data: Record<string, unknown> & { source?: number };
}

export class Recording {
  /** Sorted by time; threads that record at once, and retries, arrive out of order. */
  readonly events: RrwebEvent[] = [];
  readonly arrivals: number[] = [];
  duplicates = 0;
  private readonly known = new Set<string>();
  private readonly offline = new Offline();

  /** Adds a sequence and returns its new events in playing order. */
  add(sequence: Sequence): RrwebEvent[] {
    this.arrivals.push(sequence.meta.arrived);
    // A batch whose reply was lost is sent again: what an earlier sequence had, word for word, is not played twice.
    const fresh = sequence.events.filter((text) => !this.known.has(text));
    this.duplicates += sequence.events.length - fresh.length;
    for (const text of sequence.events) this.known.add(text);
    const added = fresh.map((text) => this.parse(text)).filter((event) => event !== null).sort(byTime);
    const last = this.events.at(-1);
    this.events.push(...added);
    if (last && added[0] && added[0].timestamp < last.timestamp) this.events.sort(byTime);
    return added;
  }

  /** The event as it may be played; null if the player would stop at it. */
  private parse(text: string): RrwebEvent | null {
    // `delay` belongs to the player; one from the recorder would only confuse it.
    const { type, timestamp, data } = JSON.parse(text) as RrwebEvent;
    if (!isPlayable(type, data)) return null;
    mend(type, data);
    if (type === FULL_SNAPSHOT || type === INCREMENTAL) this.offline.clean(data);
    return { type, timestamp, data: data ?? {} };
  }

  get start(): number {
    return this.events[0]?.timestamp ?? 0;
  }

  get end(): number {
    return this.events.at(-1)?.timestamp ?? 0;
  }

  get hasFullSnapshot(): boolean {
    return this.events.some((event) => event.type === FULL_SNAPSHOT);
  }

  /** Where the last drawable stretch begins: the last full snapshot, with the meta event before it. */
  lastSnapshotIndex(): number {
    const snapshot = this.events.findLastIndex((event) => event.type === FULL_SNAPSHOT);
    const before = this.events[snapshot - 1];
    return before?.type === META ? snapshot - 1 : snapshot;
  }
}

function byTime(a: RrwebEvent, b: RrwebEvent): number {
  return a.timestamp - b.timestamp;
}
