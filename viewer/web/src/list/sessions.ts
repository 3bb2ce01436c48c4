// The sessions that a search finds: asks for the rows that are seen, and follows the feed. Of a hundred thousand sessions only what is
// seen is ever asked for, one question at a time.

import { ApiError, search, type Place } from "../api/client";
import type { FeedMessage } from "../api/feed-message";
import { LIVE_MS } from "../api/is-live";
import type { Found } from "../api/types";
import { dependsOnTime, withDaysAsSpans } from "./query";
import { Rows } from "./rows";

/** Rows asked for at once: more than a tall screen shows. */
const PAGE = 100;
/** Rows of them that stand before the first one that is missing: scrolling goes up, too. */
const BEFORE = 30;
/** Shortest time between two questions whether rows have moved; longer where an answer takes long, up to so much. */
const MIN_SETTLE_MS = 1_000;
const MAX_SETTLE_MS = 10_000;
/** Of the time, searching again and again takes at most one part in so many. */
const SETTLE_SHARE = 50;
/** When a question that failed is asked again. */
const RETRY_MS = 3_000;
/** That a session stops being live is no message: what `is:live` finds is asked for again a little later. */
const AFTER_LIVE_MS = LIVE_MS + 1_000;

/** What the rows are shown for. */
export interface Reader {
  /** Something changed. */
  changed(): void;
  /** A search has its first answer; `around`: this session should be seen. */
  found(around: string | null): void;
  /** The session whose row stays where it is on the screen; null: the list is at its beginning. */
  anchor(): string | null;
}

export class Sessions {
  rows = new Rows();
  query = "";
  /** Why nothing is found, in the server's words. */
  error: string | null = null;
  /** The server has read all of its store. */
  isComplete = true;
  /** The last revision that the feed told of. */
  private heard = -1;
  private seen = { from: 0, end: 1 };
  /** A search that has no answer yet, and the session it should show. */
  private fresh: { around: string | null } | null = null;
  /** Rows may have moved. */
  private isUnsettled = false;
  private settledAt = -Infinity;
  private retryAt = -Infinity;
  /** How long the last search took, in milliseconds. */
  private took = 0;
  private asking: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private liveTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly reader: Reader) {}

  /** Searches; `around` is the session that should be seen, if it is found. */
  search(query: string, around: string | null): void {
    this.query = query;
    this.fresh = { around };
    this.retryAt = -Infinity;
    this.asking?.abort();
    this.asking = null;
    clearTimeout(this.liveTimer);
    this.liveTimer = undefined;
    this.ask();
  }

  /** These rows are seen. */
  see(from: number, end: number): void {
    this.seen = { from, end };
    this.rows.keepNear(from, end);
    this.ask();
  }

  /** Any row may have moved; asks when the last question is some time ago. */
  settle(): void {
    this.rows.expire();
    this.isUnsettled = true;
    this.ask();
  }

  hear(message: FeedMessage): void {
    this.heard = message.revision;
    if (message.reset) return this.settle();
    if (dependsOnTime(this.query)) this.settleLater();
    const isAll = this.query.trim() === "";
    const isSame = message.removed.length === 0 && (message.changed.length === 0 || (isAll && message.total === this.rows.total));
    if (isSame && this.rows.promote(message.changed)) return this.reader.changed();
    this.rows.patch(message.changed);
    this.takeOut(message, isAll);
    this.reader.changed();
    this.settle();
  }

  /** What was deleted goes at once; how many are left is asked for a little later, where the message does not tell it. */
  private takeOut({ removed, total }: FeedMessage, isAll: boolean): void {
    const gone = this.rows.remove(removed);
    if (this.rows.total !== null && removed.length > 0) this.rows.total = Math.max(0, isAll ? Math.min(total, this.rows.total) : this.rows.total - gone);
  }

  /** Sessions leave and enter what `is:live` finds without a message. */
  private settleLater(): void {
    clearTimeout(this.liveTimer);
    this.liveTimer = setTimeout(() => this.settle(), AFTER_LIVE_MS);
  }

  /** Asks what has to be asked next, unless a question is on its way. */
  private ask(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.asking) return;
    const now = performance.now();
    if (now < this.retryAt) return this.askIn(this.retryAt - now);
    if (this.fresh) {
      const { around } = this.fresh;
      void this.fetch(around === null ? { offset: 0 } : { around });
      return;
    }
    if (this.error !== null) return;
    const pause = this.settledAt + Math.min(MAX_SETTLE_MS, Math.max(MIN_SETTLE_MS, SETTLE_SHARE * this.took)) - now;
    if (this.isUnsettled && pause <= 0) {
      this.isUnsettled = false;
      this.settledAt = now;
      const anchor = this.reader.anchor();
      void this.fetch(anchor === null ? { offset: 0 } : { around: anchor });
      return;
    }
    const missing = this.rows.firstMissing(this.seen.from, this.seen.end, !this.isUnsettled);
    if (missing !== null) void this.fetch({ offset: Math.max(0, missing - BEFORE) });
    else if (this.isUnsettled) this.askIn(pause);
  }

  private askIn(ms: number): void {
    this.timer = setTimeout(() => this.ask(), ms);
  }

  private async fetch(place: Place): Promise<void> {
    const asking = new AbortController();
    const begin = performance.now();
    this.asking = asking;
    const answer = await search(withDaysAsSpans(this.query), place, PAGE, asking.signal).catch((error: unknown) => error);
    // A later search is on its way.
    if (this.asking !== asking) return;
    this.asking = null;
    this.took = performance.now() - begin;
    if (isFound(answer)) this.take(answer, place);
    else this.fail(answer, place);
    this.ask();
  }

  private take(found: Found, place: Place): void {
    const { fresh } = this;
    this.fresh = null;
    this.error = null;
    this.isComplete = found.complete;
    if (fresh) this.rows = new Rows();
    if ("around" in place) {
      const at = found.sessions.findIndex(({ replay_id: id }) => id === place.around);
      const before = this.rows.indexOf(place.around);
      if (at >= 0 && before !== undefined) this.rows.shift(found.offset + at - before);
    }
    this.rows.put(found.offset, found.sessions, found.total);
    // A server that says there is more and does not give it is not asked again and again.
    if (found.sessions.length === 0 && found.offset < found.total) this.retryAt = performance.now() + RETRY_MS;
    // There is more to come, or the feed was quicker than the answer.
    if (!this.isComplete || found.revision < this.heard) {
      this.rows.expire();
      this.isUnsettled = true;
    }
    if (!fresh) return this.reader.changed();
    this.settledAt = performance.now();
    if (dependsOnTime(this.query)) this.settleLater();
    this.reader.found(fresh.around);
  }

  private fail(error: unknown, place: Place): void {
    const isRefused = error instanceof ApiError && error.status === 400;
    if (isRefused && "around" in place) {
      // An address may name what can be no session.
      if (this.fresh) this.fresh = { around: null };
    } else if (isRefused) {
      this.fresh = null;
      this.error = error.message;
      this.reader.changed();
    } else {
      // The page says already that the viewer can't be reached.
      if (!this.fresh) this.isUnsettled = true;
      this.retryAt = performance.now() + RETRY_MS;
    }
  }
}

const isFound = (answer: unknown): answer is Found => Array.isArray((answer as Partial<Found> | null)?.sessions);
