// Where nothing happens: parts of a recording without any event.

/** Shorter pauses belong to what is going on: people read, wait for a reply, and look where to click. */
export const MIN_GAP_MS = 5_000;

/** In milliseconds from the beginning. */
export interface Gap {
  from: number;
  to: number;
}

/** The gaps between events, which are sorted by time. */
export function gapsOf(events: readonly { timestamp: number }[], min = MIN_GAP_MS): Gap[] {
  const gaps: Gap[] = [];
  const start = events[0]?.timestamp ?? 0;
  let last = start;
  for (const { timestamp } of events) {
    if (timestamp - last > min) gaps.push({ from: last - start, to: timestamp - start });
    last = timestamp;
  }
  return gaps;
}

/** The gap that a moment lies in; its edges are no part of it. */
export function gapAt(gaps: readonly Gap[], ms: number): Gap | null {
  let [low, high] = [0, gaps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((gaps[middle] as Gap).to <= ms) low = middle + 1;
    else high = middle;
  }
  const gap = gaps[low];
  return gap && gap.from < ms ? gap : null;
}
