// Brings a session into a recording: first what there is, a part after the other so that the page stays responsive, and then
// what arrives.

import { type BatchesQuery, isDamaged, readBatches } from "../api/batches";
import { ApiError } from "../api/client";
import type { Batch, DamagedBatch, Identity } from "../api/types";
import { pause } from "../dom/pause";
import type { RrwebEvent } from "../model/rrweb-event";
import type { Recording } from "../recording/recording";
import { Withheld } from "./withheld";

/** Work at a stretch: a frame of a screen takes 16 ms. */
const MAX_STRETCH_MS = 10;
/** Events are added in parts of so many characters; looking at the clock after each would take longer than most events. */
const PART_LENGTH = 32_768;
/** When reading is tried again. */
const RETRY_MS = 2_000;

export interface LoaderEvents {
  /** Events were added to the recording, in playing order. More of them wait for what is answered. */
  onEvents(added: RrwebEvent[]): Promise<void> | undefined;
  /** All that there was is loaded. */
  onLoaded(): void;
  onConnection(isDown: boolean): void;
  /** The viewer answers, but can't read the session: what it says; null: it can again. */
  onRefusal(says: string | null): void;
}

export class Loader {
  isLoaded = false;
  /** Batches that the viewer could not read, or not whole; the rest is played. */
  readonly damaged: DamagedBatch[] = [];
  private readonly withheld = new Withheld();
  /** What is withheld is to be asked for once more. */
  private isRetryDue = false;
  private readonly seen = new Set<string>();
  private readonly aborter = new AbortController();
  /** The newest name; names sort by arrival. */
  private last: string | undefined;
  private isReading = false;
  /** Batches there should be; more than were read: something arrived. */
  private wanted = 0;
  private isAsked = false;

  constructor(
    private readonly identity: Identity,
    private readonly recording: Recording,
    private readonly events: LoaderEvents,
  ) {
    void this.read();
  }

  /** Reads what has arrived, where there are so many batches. */
  more(batches: number): void {
    this.wanted = Math.max(this.wanted, batches);
    if (this.wanted <= this.seen.size + this.withheld.size) return;
    this.ask();
  }

  /** Batches that are asked for again. */
  get unread(): DamagedBatch[] {
    return this.withheld.all;
  }

  stop(): void {
    this.withheld.stop();
    this.aborter.abort();
  }

  private ask(): void {
    this.isAsked = true;
    if (!this.isReading) void this.read();
  }

  private async read(): Promise<void> {
    this.isReading = true;
    do {
      this.isAsked = false;
      try {
        await this.readOnce({ after: this.last, exact: true });
        // A batch of another viewer became visible after one that arrived later.
        if (this.seen.size + this.withheld.size < this.wanted && !this.isAsked) await this.readOnce({ after: this.last });
        if (this.isRetryDue) await this.readWithheld();
        this.events.onConnection(false);
        this.events.onRefusal(null);
      } catch (error) {
        if (this.aborter.signal.aborted) return;
        const isRefusal = error instanceof ApiError;
        this.events.onConnection(!isRefusal);
        this.events.onRefusal(isRefusal ? error.message : null);
        this.isAsked = true;
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    } while (this.isAsked && !this.aborter.signal.aborted);
    this.isReading = false;
    if (this.aborter.signal.aborted) return;
    this.withheld.later(() => {
      this.isRetryDue = true;
      this.ask();
    });
  }

  private async readWithheld(): Promise<void> {
    this.isRetryDue = false;
    await this.withheld.askAgain((only) => this.readOnce({ only }));
    // What is said of them has changed, perhaps.
    await this.events.onEvents([]);
  }

  private async readOnce(query: BatchesQuery): Promise<void> {
    const { signal } = this.aborter;
    for await (const batch of readBatches(this.identity, { ...query, signal })) {
      const { sequence } = batch;
      if (this.seen.has(sequence)) continue;
      // The numbers of the events behind it are what they are with it.
      const from = this.withheld.get(sequence)?.from ?? this.recording.reserve(isDamaged(batch) ? batch.count : batch.events.length);
      if (isDamaged(batch) && batch.isRetried) this.withheld.put(batch, from);
      else {
        if (isDamaged(batch)) this.damaged.push(batch);
        else await this.take(batch, from);
        if (signal.aborted) return;
        this.seen.add(sequence);
        this.withheld.delete(sequence);
      }
      if (this.last === undefined || sequence > this.last) this.last = sequence;
    }
    if (this.isLoaded || signal.aborted) return;
    this.isLoaded = true;
    this.events.onLoaded();
  }

  private async take({ sequence, meta, events, left_out }: Batch, number: number): Promise<void> {
    if (left_out !== undefined) this.damaged.push({ sequence, problem: String(left_out), count: events.length, isRetried: false });
    this.recording.arrive(meta.arrived);
    let since = performance.now();
    for (let from = 0; from < events.length; ) {
      const to = partFrom(events, from);
      const isFree = this.events.onEvents(this.recording.addEvents(events.slice(from, to), meta.arrived, number + from));
      from = to;
      if (isFree) {
        await isFree;
        if (this.aborter.signal.aborted) return;
        since = performance.now();
      }
      if (performance.now() - since < MAX_STRETCH_MS) continue;
      await pause();
      if (this.aborter.signal.aborted) return;
      since = performance.now();
    }
  }
}

/** Where the part ends that begins at `from`. */
function partFrom(events: Batch["events"], from: number): number {
  let [to, length] = [from, 0];
  while (to < events.length && (length < PART_LENGTH || to === from)) length += events[to++]?.length ?? 0;
  return to;
}
