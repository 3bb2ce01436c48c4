// Full snapshots at intervals, of a page in which something happens: with the first event after the interval, as rrweb's own
// checkouts. So a page in which nothing happens has neither a timer nor snapshots.

import { EventType, type RrwebEvent } from "../model/rrweb-event";

export class Checkout {
  private last = 0;

  /** Whether a full snapshot is to be taken after this event; asked once for each. `intervalMs` 0: never. */
  isDue({ type }: RrwebEvent, intervalMs: number): boolean {
    const now = performance.now();
    if (type === EventType.FullSnapshot) this.last = now;
    if (type !== EventType.Incremental || intervalMs === 0 || now - this.last < intervalMs) return false;
    // It is taken a moment later: the events until then need not ask for another.
    this.last = now;
    return true;
  }
}
