// Brings a session into a recording: first what there is, a part after the other so that the page stays responsive, and then
// what arrives.

import { isDamaged, readBatches } from "../api/batches";
import { ApiError } from "../api/client";
import type { Batch, DamagedBatch, Identity } from "../api/types";
import { pause } from "../dom/pause";
import type { RrwebEvent } from "../model/rrweb-event";
import type { Recording } from "../recording/recording";

/** Work at a stretch: a frame of a screen takes 16 ms. */
const MAX_STRETCH_MS = 10;
/** Events are added in parts of so many characters; looking at the clock after each would take longer than most events. */
const PART_LENGTH = 32_768;
/** When reading is tried again. */
const RETRY_MS = 2_000;

export interface LoaderEvents {
  /** Events were added to the recording, in playing order. */
  onEvents(added: RrwebEvent[]): void;
  /** All that there was is loaded. */
  onLoaded(): void;
  onConnection(isDown: boolean): void;
  /** The viewer answers, but can't read the session: what it says; null: it can again. */
  onRefusal(says: string | null): void;
}

export class Loader {
  isLoaded = false;
  /** Batches that the viewer could not read; the rest is played. */
  readonly damaged: DamagedBatch[] = [];
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
    if (this.wanted <= this.seen.size) return;
    this.isAsked = true;
    if (!this.isReading) void this.read();
  }

  stop(): void {
    this.aborter.abort();
  }

  private async read(): Promise<void> {
    this.isReading = true;
    do {
      this.isAsked = false;
      try {
        await this.readOnce(true);
        // A batch of another viewer became visible after one that arrived later.
        if (this.seen.size < this.wanted && !this.isAsked) await this.readOnce(false);
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
  }

  private async readOnce(exact: boolean): Promise<void> {
    const { signal } = this.aborter;
    for await (const batch of readBatches(this.identity, { after: this.last, exact, signal })) {
      if (this.seen.has(batch.sequence)) continue;
      if (isDamaged(batch)) this.damaged.push(batch);
      else await this.take(batch);
      if (signal.aborted) return;
      this.seen.add(batch.sequence);
      if (this.last === undefined || batch.sequence > this.last) this.last = batch.sequence;
    }
    if (this.isLoaded || signal.aborted) return;
    this.isLoaded = true;
    this.events.onLoaded();
  }

  private async take({ meta, events }: Batch): Promise<void> {
    this.recording.arrive(meta.arrived);
    let since = performance.now();
    for (let from = 0; from < events.length; ) {
      const to = partFrom(events, from);
      this.events.onEvents(this.recording.addEvents(events.slice(from, to), meta.arrived));
      from = to;
      if (performance.now() - since < MAX_STRETCH_MS) continue;
      await pause();
      if (this.aborter.signal.aborted) return;
      since = performance.now();
    }
  }
}

/** Where the part ends that begins at `from`. */
function partFrom(events: readonly string[], from: number): number {
  let [to, length] = [from, 0];
  while (to < events.length && (length < PART_LENGTH || to === from)) length += (events[to++] as string).length;
  return to;
}
