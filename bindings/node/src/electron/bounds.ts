// How much one page may ask for: so much at once, and so much a second after that.

export class Allowance {
  #left: number;
  #at: number;

  constructor(
    private readonly most: number,
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#left = most;
    this.#at = now();
  }

  /** Takes so much of what is left; false: there is not enough, and nothing was taken. */
  take(amount: number): boolean {
    const now = this.now();
    this.#left = Math.min(this.most, this.#left + ((now - this.#at) / 1_000) * this.perSecond);
    this.#at = now;
    if (amount > this.#left) return false;
    this.#left -= amount;
    return true;
  }
}
