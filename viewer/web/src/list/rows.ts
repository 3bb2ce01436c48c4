// What is known of the rows of a long list: some at their places, most not yet asked for. Rows that may have moved are stale: they
// are shown until they have been asked for again, so that nothing flickers.

import type { Summary } from "../api/types";

/** Rows kept; of more, those far from what is seen are forgotten. */
const MAX_KEPT = 1_000;

interface Row {
  summary: Summary;
  isStale: boolean;
}

/** The order of the list: the one that heard something last is first. */
export function compare(a: Summary, b: Summary): number {
  const byId = descending(a.device_id, b.device_id) || descending(a.session_id, b.session_id);
  return b.last_arrival - a.last_arrival || byId;
}

const descending = (a: string, b: string) => (a === b ? 0 : a < b ? 1 : -1);

export class Rows {
  private rows = new Map<number, Row>();
  private places = new Map<string, number>();
  /** Rows that there are; null: nobody knows yet. */
  total: number | null = null;

  at(index: number): Summary | undefined {
    return this.rows.get(index)?.summary;
  }

  indexOf(id: string): number | undefined {
    return this.places.get(id);
  }

  /** Takes what the server says of the rows from `offset` on. */
  put(offset: number, summaries: Summary[], total: number): void {
    this.total = total;
    for (const summary of summaries) {
      const elsewhere = this.places.get(summary.replay_id);
      if (elsewhere !== undefined) this.rows.delete(elsewhere);
    }
    summaries.forEach((summary, n) => this.rows.set(offset + n, { summary, isStale: false }));
    for (const index of this.rows.keys()) if (index >= total) this.rows.delete(index);
    this.findPlaces();
  }

  /** The first of these rows of which nothing is known; with `orStale` also one that may have moved. */
  firstMissing(from: number, end: number, orStale: boolean): number | null {
    for (let index = from; index < Math.min(end, this.total ?? end); index++) {
      const row = this.rows.get(index);
      if (!row || (orStale && row.isStale)) return index;
    }
    return null;
  }

  /** Any row may have moved. */
  expire(): void {
    for (const row of this.rows.values()) row.isStale = true;
  }

  /** All rows moved down by so many places, as far as anybody knows. */
  shift(by: number): void {
    if (by === 0) return;
    this.rows = new Map([...this.rows].map(([index, row]): [number, Row] => [index + by, row]).filter(([index]) => index >= 0));
    this.findPlaces();
  }

  /** Changes these sessions where they stand; those that are not known are left out. */
  patch(changed: Summary[]): void {
    for (const summary of changed) {
      const row = this.rows.get(this.places.get(summary.replay_id) ?? -1);
      if (row) row.summary = summary;
    }
  }

  /** Takes these sessions out; those behind them move up, as far as anybody knows. How many of them were known. */
  remove(ids: readonly string[]): number {
    const gone = ids.flatMap((id) => this.places.get(id) ?? []).sort((a, b) => a - b);
    if (gone.length === 0) return 0;
    for (const index of gone) this.rows.delete(index);
    const before = (index: number) => gone.findLastIndex((place) => place < index) + 1;
    this.rows = new Map([...this.rows].map(([index, row]): [number, Row] => [index - before(index), row]));
    this.findPlaces();
    return gone.length;
  }

  /**
   * Moves sessions that heard something new to where they belong, if all of them are in the known beginning of the list: then it
   * has the same members as before, and nothing has to be asked.
   */
  promote(changed: Summary[]): boolean {
    let known = 0;
    while (this.rows.get(known)?.isStale === false) known++;
    const isKnown = ({ replay_id: id }: Summary) => (this.places.get(id) ?? known) < known;
    if (!changed.every(isKnown)) return false;
    this.patch(changed);
    const beginning = Array.from({ length: known }, (_, index) => this.rows.get(index) as Row);
    beginning.sort((a, b) => compare(a.summary, b.summary)).forEach((row, index) => this.rows.set(index, row));
    this.findPlaces();
    return true;
  }

  /** Forgets rows that are far from these, when there are many. */
  keepNear(from: number, end: number): void {
    if (this.rows.size <= MAX_KEPT) return;
    const middle = (from + end) / 2;
    const near = [...this.rows].sort(([a], [b]) => Math.abs(a - middle) - Math.abs(b - middle)).slice(0, MAX_KEPT / 2);
    this.rows = new Map(near);
    this.findPlaces();
  }

  private findPlaces(): void {
    this.places = new Map([...this.rows].map(([index, { summary }]): [string, number] => [summary.replay_id, index]));
  }
}
