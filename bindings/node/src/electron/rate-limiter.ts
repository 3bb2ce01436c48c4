// How much one page may send: a burst, and a rate after that.

export class RateLimiter {
  #available: number;
  #updatedAt: number;

  /** `now` is in milliseconds. */
  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#available = burst;
    this.#updatedAt = now();
  }

  /** Takes this amount if it is available; false: it is not, and nothing was taken. */
  tryTake(amount: number): boolean {
    const now = this.now();
    this.#available = Math.min(this.burst, this.#available + ((now - this.#updatedAt) / 1_000) * this.perSecond);
    this.#updatedAt = now;
    if (amount > this.#available) return false;
    this.#available -= amount;
    return true;
  }
}
