// Where a moment lies on an axis whose gaps are squeezed, so that three hours of nothing leave room for the minutes of something.

import type { Gap } from "./gaps";

export interface Scale {
  /** Milliseconds from the beginning to the end. */
  readonly length: number;
  readonly gaps: readonly Gap[];
  /** From 0 to 1. */
  toX(ms: number): number;
  /** In milliseconds from the beginning. */
  toMs(x: number): number;
}

/** One gap takes no more of what the rest takes, */
const MAX_GAP_SHARE = 0.03;
/** and all together no more than this. */
const MAX_SHARE_OF_ALL = 0.3;

/** A scale of `length` milliseconds. `gaps` are in order, and do not overlap. */
export function scaleOf(length: number, gaps: readonly Gap[] = []): Scale {
  const end = Math.max(1, length);
  const inside = gaps.filter(({ from, to }) => from >= 0 && to <= end && from < to);
  const idle = inside.reduce((sum, { from, to }) => sum + to - from, 0);
  const share = Math.min(MAX_GAP_SHARE, MAX_SHARE_OF_ALL / Math.max(1, inside.length));
  // Where there is nothing but gaps, none is squeezed.
  const most = end > idle ? (end - idle) * share : end;
  // Knots of a line from moments to room: it rises everywhere, so each way has one answer.
  const moments = [0];
  const rooms = [0];
  const knot = (ms: number, room: number) => {
    moments.push(ms);
    rooms.push((rooms.at(-1) as number) + room);
  };
  let done = 0;
  for (const { from, to } of inside) {
    knot(from, from - done);
    knot(to, Math.min(to - from, most));
    done = to;
  }
  knot(end, end - done);
  const room = rooms.at(-1) as number;
  return {
    length: end,
    gaps: inside,
    toX: (ms) => between(moments, rooms, Math.max(0, Math.min(end, ms))) / room,
    toMs: (x) => between(rooms, moments, Math.max(0, Math.min(1, x)) * room),
  };
}

/** The value in `to` that belongs to one in `from`; both rise. */
function between(from: readonly number[], to: readonly number[], value: number): number {
  let [low, high] = [0, from.length - 1];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((from[middle] as number) <= value) low = middle;
    else high = middle;
  }
  const [a, b, c, d] = [from[low], from[high], to[low], to[high]] as [number, number, number, number];
  return b > a ? c + ((value - a) / (b - a)) * (d - c) : d;
}
