// The pictures of each canvas over time. They stay as text until one is shown.

/** Most canvases of which pictures are kept. */
const MAX_CANVASES = 1_000;

export interface Frame {
  timestamp: number;
  base64: string;
}

export class CanvasFrames {
  private readonly byCanvas = new Map<unknown, { frames: Frame[]; isSorted: boolean }>();
  /** When full snapshots began documents anew: their canvases are others. */
  private readonly resets: number[] = [];

  add(id: unknown, timestamp: number, base64: string): void {
    let canvas = this.byCanvas.get(id);
    if (!canvas) {
      if (this.byCanvas.size >= MAX_CANVASES) return;
      canvas = { frames: [], isSorted: true };
      this.byCanvas.set(id, canvas);
    }
    const last = canvas.frames.at(-1);
    if (last && last.timestamp > timestamp) canvas.isSorted = false;
    canvas.frames.push({ timestamp, base64 });
  }

  /** A full snapshot. */
  reset(timestamp: number): void {
    const last = this.resets.at(-1);
    this.resets.push(timestamp);
    if (last !== undefined && last > timestamp) this.resets.sort((a, b) => a - b);
  }

  has(id: unknown): boolean {
    return this.byCanvas.has(id);
  }

  get ids(): Iterable<unknown> {
    return this.byCanvas.keys();
  }

  /** What a canvas shows at this time, in milliseconds since 1970; null: nothing yet. */
  at(id: unknown, time: number): Frame | null {
    const canvas = this.byCanvas.get(id);
    if (!canvas) return null;
    if (!canvas.isSorted) {
      canvas.frames.sort((a, b) => a.timestamp - b.timestamp);
      canvas.isSorted = true;
    }
    const frame = canvas.frames[lastUpTo(canvas.frames, time, ({ timestamp }) => timestamp)];
    const reset = this.resets[lastUpTo(this.resets, time, (timestamp) => timestamp)];
    return frame && (reset === undefined || frame.timestamp >= reset) ? frame : null;
  }
}

/** Where the last item up to this time stands in a sorted list; -1: none does. */
function lastUpTo<T>(list: readonly T[], time: number, timeOf: (item: T) => number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(list[middle] as T) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
