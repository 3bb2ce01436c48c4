// The list of sessions: what the search finds, the one that heard something last first, and how it changes.

import "./list.css";
import { sessionPath } from "../api/client";
import { onFeed, onFeedConnection } from "../api/feed";
import { isLive, liveUntil } from "../api/is-live";
import { h } from "../dom/elements";
import { count } from "../dom/format";
import { connectionNotice } from "../page/connection-notice";
import { currentRoute } from "../page/route";
import { queryOfAddress, setQueryOfAddress, withQuery } from "./query-address";
import { looksOf, rowOf } from "./row";
import { SearchBox } from "./search-box";
import { Sessions } from "./sessions";
import { MAX_ROWS, VirtualList, type RowContent } from "./virtual-list";

export class SessionList {
  private readonly sessions: Sessions;
  private readonly view: VirtualList;
  private readonly search: SearchBox;
  private readonly status = h("p", { class: "list-status faint grow", id: "list-status", role: "status" }, "Loading…");
  private liveTimer: ReturnType<typeof setTimeout> | undefined;
  /** The open session, `<device>/<session>`. */
  private open: string | null = openId();

  constructor(box: HTMLElement) {
    this.sessions = new Sessions({
      changed: () => this.draw(),
      found: (around) => this.found(around),
      anchor: () => this.view.anchorId,
    });
    this.view = new VirtualList(
      (index) => this.row(index),
      (id) => this.sessions.rows.indexOf(id),
      (from, end) => this.sessions.see(from, end),
      () => this.revealOpen(),
    );
    this.search = new SearchBox(
      this.status,
      (query) => this.find(query),
      () => this.view.move(1, this.openIndex),
    );
    box.append(this.search.element, this.view.element);
    const query = queryOfAddress();
    this.search.show(query);
    this.sessions.search(query, this.open);
    const notice = connectionNotice("list");
    onFeedConnection((isDown) => {
      notice(isDown);
      // The feed may be refused where the list is not.
      if (isDown) this.sessions.settle();
    });
    onFeed((message) => this.sessions.hear(message));
  }

  /** Another session, or none, is open, or the address has another search. */
  routeChanged(): void {
    const before = this.open;
    this.open = openId();
    const query = queryOfAddress();
    if (query !== this.sessions.query) {
      this.search.show(query);
      this.sessions.search(query, this.open);
    } else if (this.open !== before) {
      this.draw();
      this.revealOpen();
    }
  }

  private revealOpen(): void {
    if (this.openIndex !== undefined) this.view.reveal(this.openIndex);
    else if (this.open !== null) this.sessions.search(this.sessions.query, this.open);
  }

  /** Moves the focus by so many sessions, from the focused one or else from the open one. */
  move(by: number): void {
    this.view.move(by, this.openIndex);
  }

  focusSearch(): void {
    this.search.focus();
  }

  private get openIndex(): number | undefined {
    return this.open === null ? undefined : this.sessions.rows.indexOf(this.open);
  }

  private find(query: string): void {
    if (query === this.sessions.query) return;
    setQueryOfAddress(query);
    this.sessions.search(query, query.trim() ? null : this.open);
  }

  private found(around: string | null): void {
    const index = around === null ? undefined : this.sessions.rows.indexOf(around);
    if (index === undefined) this.view.toTop();
    this.draw();
    if (index !== undefined) this.view.reveal(index);
  }

  private row(index: number): RowContent | null {
    const summary = this.sessions.rows.at(index);
    if (!summary) return null;
    const path = sessionPath({ device: summary.device_id, session: summary.session_id });
    return {
      id: summary.replay_id,
      href: withQuery(path, this.sessions.query),
      isCurrent: summary.replay_id === this.open,
      looks: looksOf(summary),
      content: () => rowOf(summary),
    };
  }

  private draw(): void {
    const { total } = this.sessions.rows;
    const { error, query } = this.sessions;
    const said = error ?? (total === null ? "Loading…" : this.counted(total));
    if (this.status.textContent !== said) this.status.textContent = said;
    this.status.classList.toggle("is-error", error !== null);
    this.search.needsHelp(error === null && total === 0 && query.trim() !== "" && this.sessions.isComplete);
    this.view.show(total ?? 0);
    this.redrawWhenLiveEnds();
  }

  private counted(total: number): string {
    const { isComplete, query } = this.sessions;
    const isAll = query.trim() === "";
    const found = isAll ? count(total, "session") : count(total, "session matches", "sessions match");
    if (!isComplete) return `${found} so far; the viewer is reading its store…`;
    if (total === 0) return isAll ? "No sessions yet." : "No session matches.";
    return total > MAX_ROWS ? `${found}; the newest ${count(MAX_ROWS, "session")} are listed` : found;
  }

  /** A session stops being live although nothing arrives. */
  private redrawWhenLiveEnds(): void {
    clearTimeout(this.liveTimer);
    const ends = this.view.shown().flatMap((index) => this.sessions.rows.at(index) ?? []).filter(isLive).map(liveUntil);
    if (ends.length > 0) this.liveTimer = setTimeout(() => this.draw(), Math.min(...ends) - Date.now() + 50);
  }
}

function openId(): string | null {
  const route = currentRoute();
  return route && `${route.device}/${route.session}`;
}
