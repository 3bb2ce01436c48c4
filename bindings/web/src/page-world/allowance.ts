// How much a page may have recorded of what its scripts do at will: so much at once, and so much a second after that.

/** Each is refilled evenly. */
export interface Rates {
  /** How many at once. */
  burst: number;
  perSecond: number;
}

export type Costs<Name extends string> = Record<Name, number>;

/** A token bucket of several measures, such as messages and characters: while one of them is used up, nothing is allowed. */
export class Allowance<Name extends string> {
  private readonly left: Costs<Name>;
  private refilledAt: number;

  /** `now` is in milliseconds. */
  constructor(
    private readonly rates: Record<Name, Rates>,
    private readonly now: () => number,
  ) {
    this.left = Object.fromEntries(this.names.map((name) => [name, rates[name].burst])) as Costs<Name>;
    this.refilledAt = now();
  }

  get isLeft(): boolean {
    this.refill();
    return this.names.every((name) => this.left[name] > 0);
  }

  /** May take more than is left, which is then missing later. */
  spend(costs: Costs<Name>): void {
    for (const name of this.names) this.left[name] -= costs[name];
  }

  private get names(): Name[] {
    return Object.keys(this.rates) as Name[];
  }

  private refill(): void {
    const seconds = Math.max(0, this.now() - this.refilledAt) / 1000;
    this.refilledAt = this.now();
    for (const name of this.names) {
      const { burst, perSecond } = this.rates[name];
      this.left[name] = Math.min(burst, this.left[name] + seconds * perSecond);
    }
  }
}
