// Places in a list that is sorted by time.

/** The place of the first that is later; the list's length where none is. */
export function firstAfter(events: readonly { timestamp: number }[], time: number): number {
  let [from, to] = [0, events.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((events[middle] as { timestamp: number }).timestamp <= time) from = middle + 1;
    else to = middle;
  }
  return from;
}
