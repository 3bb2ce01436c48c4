// A text of which parts are masked, one behind the other. As src/companions/masked_text.rs.

/** Of a fixed length: that of a password, or of what was chosen, would tell which it is. */
export const FIXED_MASK = "*".repeat(8);

/** What is to be put in place of which part. */
export interface Found {
  start: number;
  end: number;
  mask: string;
}

export class MaskedText {
  /** Up to where the text stands in `shown`. */
  kept = 0;
  private shown = "";
  private readonly further: Found[] = [];

  constructor(private readonly text: string) {}

  /** Found, here or further on. Of two that overlap all of both is masked. */
  add(found: Found): void {
    let added = found;
    for (let next = this.next(); next && added.end > next.start; next = this.next()) {
      added = { start: Math.min(added.start, next.start), end: Math.max(added.end, next.end), mask: FIXED_MASK };
      this.further.pop();
    }
    this.further.push(added);
  }

  /** Where to go on at or behind a place: behind what was found that begins before it, if that was. */
  goOnAt(at: number): number | null {
    const next = this.next();
    if (!next || next.start > at) return null;
    this.further.pop();
    this.shown += this.text.slice(this.kept, next.start) + next.mask;
    this.kept = next.end;
    return next.end;
  }

  end(): string {
    while (this.goOnAt(this.text.length) !== null);
    return this.shown + this.text.slice(this.kept);
  }

  /** The nearest is the last. */
  private next(): Found | undefined {
    return this.further[this.further.length - 1];
  }
}
