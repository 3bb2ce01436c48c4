// Rows of one height, of which only those that are seen are in the document. Rows are links; one of them takes the Tab key, the
// others the arrows. A row that changes or moves keeps its element, and with it the focus.

import { h } from "../dom/elements";

/** Height of a row. */
export const ROW = 68;
/** Rows beyond the edges, so that scrolling shows no gap. */
const BEYOND = 8;
/** Browsers limit the height of an element; Firefox to 17 million pixels. */
export const MAX_ROWS = Math.floor(15_000_000 / ROW);

/** What a row shows. */
export interface RowContent {
  id: string;
  href: string;
  isCurrent: boolean;
  /** As long as these are the same, the row looks the same. */
  looks: readonly unknown[];
  content(): HTMLElement[];
}

interface Drawn {
  item: HTMLElement;
  link: HTMLAnchorElement;
  looks: readonly unknown[];
}

export class VirtualList {
  readonly element: HTMLElement;
  private readonly list = h("ul", { role: "list" });
  private readonly drawn = new Map<string, Drawn>();
  private total = 0;
  /** The row at the upper edge: it stays there when rows above it come and go. */
  private anchor: { id: string; index: number } | null = null;
  private focused: { id: string; index: number } | null = null;
  /** The row that takes the focus as soon as it is known. */
  private wanted: number | null = null;
  private isScheduled = false;
  private isFolded = false;

  /**
   * `row` gives what is known of a row, `find` where a row is; `see` is told which rows are seen; `unfolded` is called when
   * the list has room again, and stands at its beginning.
   */
  constructor(
    private readonly row: (index: number) => RowContent | null,
    private readonly find: (id: string) => number | undefined,
    private readonly see: (from: number, end: number) => void,
    private readonly unfolded: () => void,
  ) {
    this.element = h("div", { class: "session-rows", style: `--session-row: ${ROW}px` }, this.list);
    this.element.addEventListener("scroll", () => this.schedule(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("focusin", ({ target }) => this.onFocus(target as Element));
    // Who has gone elsewhere is not called back by a row that comes late.
    document.addEventListener("focusin", ({ target }) => {
      if (!this.list.contains(target as Node)) this.focused = this.wanted = null;
    });
    new ResizeObserver(() => this.onSize()).observe(this.element);
  }

  /** Browsers forget how far an element is scrolled while it is folded away. */
  private onSize(): void {
    const isFolded = this.element.clientHeight === 0;
    if (this.isFolded && !isFolded) this.unfolded();
    this.isFolded = isFolded;
    this.schedule();
  }

  /** The row that stays where it is; null: the list is at its beginning, and new rows are seen. */
  get anchorId(): string | null {
    return this.anchor?.id ?? null;
  }

  /** The rows that are in the document. */
  shown(): number[] {
    return [...this.drawn.keys()].flatMap((id) => this.find(id) ?? []);
  }

  /** Draws so many rows. */
  show(total: number): void {
    this.total = Math.min(total, MAX_ROWS);
    this.list.style.height = `${this.total * ROW}px`;
    const index = this.anchor && this.find(this.anchor.id);
    if (this.anchor && index != null && index !== this.anchor.index) this.element.scrollTop += (index - this.anchor.index) * ROW;
    this.draw();
  }

  /** Goes to the beginning. */
  toTop(): void {
    this.anchor = null;
    this.element.scrollTop = 0;
  }

  /** Scrolls so that this row is seen, in the middle if it was not. */
  reveal(index: number): void {
    const { scrollTop, clientHeight } = this.element;
    const top = index * ROW;
    if (top >= scrollTop && top + ROW <= scrollTop + clientHeight) return;
    this.element.scrollTop = top - (clientHeight - ROW) / 2;
    this.draw();
  }

  /** Moves the focus by so many rows, from the focused one or else from this one. */
  move(by: number, from: number | undefined): void {
    const focused = this.list.contains(document.activeElement) ? this.focused?.index : undefined;
    const start = this.wanted ?? focused ?? from;
    this.focus(start === undefined ? (by > 0 ? 0 : this.total - 1) : start + by);
  }

  /** Puts the focus on a row, at once or when it is known. */
  private focus(index: number): void {
    if (this.total === 0) return;
    const to = Math.max(0, Math.min(this.total - 1, index));
    const { scrollTop, clientHeight } = this.element;
    if (to * ROW < scrollTop) this.element.scrollTop = to * ROW;
    else if ((to + 1) * ROW > scrollTop + clientHeight) this.element.scrollTop = (to + 1) * ROW - clientHeight;
    this.wanted = to;
    this.draw();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.metaKey || event.ctrlKey || event.altKey || !this.list.contains(event.target as Node)) return;
    const at = this.wanted ?? this.focused?.index ?? 0;
    const screen = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 1);
    const to = { Home: 0, End: this.total - 1, PageUp: at - screen, PageDown: at + screen }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.focus(to);
  }

  private onFocus(target: Element): void {
    const id = target.closest<HTMLElement>("a.session")?.dataset["id"];
    const index = id === undefined ? undefined : this.find(id);
    if (id === undefined || index === undefined) return;
    this.focused = { id, index };
    this.wanted = null;
    for (const [other, { link }] of this.drawn) link.tabIndex = other === id ? 0 : -1;
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.draw();
    });
  }

  private draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.min(Math.floor(scrollTop / ROW), Math.max(0, this.total - 1));
    const end = Math.min(this.total, Math.ceil((scrollTop + clientHeight) / ROW));
    const indices = new Set<number>();
    for (let index = Math.max(0, first - BEYOND); index < Math.min(this.total, end + BEYOND); index++) indices.add(index);
    const hadFocus = this.focused && this.list.contains(document.activeElement);
    if (hadFocus && this.focused) {
      const { id, index } = this.focused;
      const now = this.find(id);
      // A row that is gone leaves the focus to the one in its place.
      if (now === undefined && this.row(index) !== null) this.wanted = Math.min(index, this.total - 1);
      else if (now !== undefined) this.focused = { id, index: now };
      indices.add(Math.min(now ?? index, this.total - 1));
    }
    const rows: { index: number; row: RowContent }[] = [];
    for (const index of [...indices].sort((a, b) => a - b)) {
      const row = index >= 0 && this.row(index);
      if (row) rows.push({ index, row });
    }
    this.place(rows);
    this.anchor = scrollTop < ROW / 2 ? null : this.anchorFrom(rows, first);
    this.takeFocus(rows);
    this.see(first, end);
  }

  private anchorFrom(rows: { index: number; row: RowContent }[], first: number): { id: string; index: number } | null {
    const found = rows.find(({ index }) => index >= first);
    return found ? { id: found.row.id, index: found.index } : this.anchor;
  }

  /** Makes the document hold these rows, in this order. */
  private place(rows: { index: number; row: RowContent }[]): void {
    const ids = new Set(rows.map(({ row }) => row.id));
    const active = document.activeElement;
    for (const [id, { item, link }] of this.drawn) {
      if (ids.has(id)) continue;
      // What has the focus and is not known for a moment stays; it is told apart by its place in `drawn`.
      if (link === active && this.wanted === null) continue;
      item.remove();
      this.drawn.delete(id);
    }
    const items = rows.map(({ index, row }) => this.item(index, row));
    const fixed = items.find((item) => item.contains(active));
    let before: Element | null = null;
    for (const item of items) {
      // The one with the focus is not moved, which would take it away: the others are moved around it.
      if (item !== fixed && (item.parentElement === null || item.previousElementSibling !== before)) {
        if (before) before.after(item);
        else this.list.prepend(item);
      }
      before = item;
    }
  }

  private item(index: number, row: RowContent): HTMLElement {
    let drawn = this.drawn.get(row.id);
    if (!drawn) {
      const link = h("a", { class: "session", "data-link": true, "data-id": row.id, tabindex: -1 });
      drawn = { item: h("li", {}, link), link, looks: [] };
      this.drawn.set(row.id, drawn);
    }
    const { item, link, looks } = drawn;
    const place = String(index + 1);
    if (item.ariaPosInSet !== place) {
      item.ariaPosInSet = place;
      item.style.transform = `translateY(${index * ROW}px)`;
    }
    if (item.ariaSetSize !== String(this.total)) item.ariaSetSize = String(this.total);
    if (link.getAttribute("href") !== row.href) link.setAttribute("href", row.href);
    link.ariaCurrent = row.isCurrent ? "page" : null;
    if (looks.length !== row.looks.length || looks.some((look, n) => look !== row.looks[n])) {
      drawn.looks = row.looks;
      link.replaceChildren(...row.content());
    }
    return item;
  }

  /** Gives the focus to the row that waits for it, and the Tab key to one row. */
  private takeFocus(rows: { index: number; row: RowContent }[]): void {
    const wanted = rows.find(({ index }) => index === this.wanted);
    if (wanted) this.drawn.get(wanted.row.id)?.link.focus({ preventScroll: true });
    const links = rows.map(({ row }) => this.drawn.get(row.id)?.link);
    if (links.some((link) => link?.tabIndex === 0)) return;
    const stop = links[rows.findIndex(({ row }) => row.isCurrent)] ?? links[0];
    if (stop) stop.tabIndex = 0;
  }
}
