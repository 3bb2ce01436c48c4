// When the address should name another moment: the reader moved in the replay, or stopped it. Not while it merely plays.

/** Fastest that a replay plays; whatever moves faster is a jump. */
const MAX_SPEED = 16;
/** A step back by less is how players round. */
const MIN_STEP_BACK_MS = 200;
/** A moment counts when nothing has jumped for so long: dragging passes over many. */
const SETTLE_MS = 250;

export class MomentTracker {
  private last: { ms: number; time: number } | null = null;
  /** Jumped to, and not told yet. */
  private target: { ms: number; since: number } | null = null;
  /** Since when nothing moves; null: it does. */
  private stoodSince: number | null = null;
  private hasMoved = false;

  /** `opensElsewhere`: the first jump is the page's own, to the moment that the address asked for. */
  constructor(private opensElsewhere: boolean) {}

  /** Where the replay is at a time, both in milliseconds; returns the moment that the address should name, if there is another. */
  at(ms: number, time: number): number | null {
    const { last } = this;
    this.last = { ms, time };
    if (!last) return null;
    const step = ms - last.ms;
    if (step < -MIN_STEP_BACK_MS || step > (time - last.time) * (MAX_SPEED + 1)) {
      if (!this.opensElsewhere) this.target = { ms, since: time };
      this.opensElsewhere = false;
      this.hasMoved = false;
      this.stoodSince = null;
    } else if (step !== 0) {
      this.opensElsewhere = false;
      this.hasMoved = true;
      this.stoodSince = null;
    } else {
      this.stoodSince ??= last.time;
    }
    if (this.target && time - this.target.since >= SETTLE_MS) {
      const { ms: moment } = this.target;
      this.target = null;
      return moment;
    }
    if (!this.target && this.hasMoved && this.stoodSince !== null && time - this.stoodSince >= SETTLE_MS) {
      this.hasMoved = false;
      return ms;
    }
    return null;
  }
}
