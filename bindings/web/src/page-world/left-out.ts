// Counts what was left out because there was too much of it, and has that told: soon, and not again and again.

const { setTimeout } = globalThis;
const TELL_AFTER_MS = 1_000;

export class LeftOut {
  private count = 0;
  private isScheduled = false;

  /** `tell` is called with how many were left out since it was called last. */
  constructor(private readonly tell: (count: number) => void) {}

  add(): void {
    this.count++;
    if (this.isScheduled) return;
    this.isScheduled = true;
    setTimeout(() => {
      this.isScheduled = false;
      this.tellNow();
    }, TELL_AFTER_MS);
  }

  /** So that what is recorded next stands behind it. */
  tellNow(): void {
    const { count } = this;
    if (count === 0) return;
    this.count = 0;
    this.tell(count);
  }
}
