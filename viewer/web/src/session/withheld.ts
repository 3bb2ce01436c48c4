// Batches that the store does not give now, while the rest is played: each is asked for by itself, after pauses that grow as long as
// none of them comes.

import type { DamagedBatch } from "../api/types";

const PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 60_000;

/** A batch, and which number in the session its first event has. */
interface WithheldBatch {
  batch: DamagedBatch;
  from: number;
}

export class Withheld {
  private readonly batches = new Map<string, WithheldBatch>();
  private pauseMs = PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  get size(): number {
    return this.batches.size;
  }

  /** Those that are asked for again. */
  get all(): DamagedBatch[] {
    return [...this.batches.values()].map(({ batch }) => batch);
  }

  get(sequence: string): WithheldBatch | undefined {
    return this.batches.get(sequence);
  }

  put(batch: DamagedBatch, from: number): void {
    this.batches.set(batch.sequence, { batch, from });
  }

  delete(sequence: string): void {
    this.batches.delete(sequence);
  }

  /** Asks for each by itself. */
  async askAgain(ask: (sequence: string) => Promise<void>): Promise<void> {
    const before = this.size;
    for (const sequence of [...this.batches.keys()]) await ask(sequence);
    this.pauseMs = this.size < before ? PAUSE_MS : Math.min(MAX_PAUSE_MS, 2 * this.pauseMs);
  }

  /** Calls `due` after the pause, where there are any; a later call takes the place of this one. */
  later(due: () => void): void {
    this.stop();
    if (this.size > 0) this.timer = setTimeout(due, this.pauseMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
