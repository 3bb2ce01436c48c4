// How many bytes there may be, at once and in the long run.

export class ByteBudget {
  private left: number;
  private readAt = performance.now();

  /** `burst` at once, `perSecond` in the long run. */
  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
  ) {
    this.left = burst;
  }

  /** Takes this many out of it; false: there are not as many left. */
  take(count: number): boolean {
    const now = performance.now();
    this.left = Math.min(this.burst, this.left + ((now - this.readAt) / 1_000) * this.perSecond);
    this.readAt = now;
    if (count > this.left) return false;
    this.left -= count;
    return true;
  }
}
