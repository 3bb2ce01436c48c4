// A list of rows of one height, of which only those that are seen are in the document: it may have a hundred thousand.

import { h } from "../dom/elements";

/** As the style sheet has it. */
const ROW = 24;
/** Rows beyond the edges, so that scrolling shows no gap. */
const BEYOND = 10;

export class LongList {
  readonly element: HTMLElement;
  private readonly rows = h("div", { class: "rows" });
  private readonly room = h("div", { class: "room" }, this.rows);
  private count = 0;
  private row: (index: number) => HTMLElement = () => h("div");
  private isPointed = false;

  /** `choose` is called with the row that was clicked. */
  constructor(label: string, choose: (index: number) => void) {
    this.element = h("div", { class: "long-list", role: "group", "aria-label": label }, this.room);
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    this.element.addEventListener("mouseenter", () => (this.isPointed = true));
    this.element.addEventListener("mouseleave", () => (this.isPointed = false));
    this.rows.addEventListener("click", (event) => {
      const index = (event.target as Element).closest<HTMLElement>("[data-index]")?.dataset["index"];
      if (index !== undefined) choose(Number(index));
    });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Shows so many rows, each made by `row`; one that is shown again is made anew. */
  show(count: number, row: (index: number) => HTMLElement): void {
    this.count = count;
    this.row = row;
    this.room.style.height = `${count * ROW}px`;
    this.draw();
  }

  /** Scrolls so that this row is seen, unless somebody is reading with the pointer in the list. */
  follow(index: number): void {
    if (index < 0 || this.isPointed || this.element.contains(document.activeElement)) return;
    const { scrollTop, clientHeight } = this.element;
    const top = index * ROW;
    if (top < scrollTop || top + ROW > scrollTop + clientHeight) this.element.scrollTop = top - Math.max(0, clientHeight - ROW) / 2;
  }

  private draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - BEYOND);
    const end = Math.min(this.count, Math.ceil((scrollTop + clientHeight) / ROW) + BEYOND);
    const focused = (document.activeElement as HTMLElement | null)?.dataset["index"];
    const hadFocus = focused !== undefined && this.rows.contains(document.activeElement);
    this.rows.style.transform = `translateY(${first * ROW}px)`;
    const fresh = Array.from({ length: Math.max(0, end - first) }, (_, at) => this.row(first + at));
    if (this.patch(fresh)) return;
    this.rows.replaceChildren(...fresh);
    if (hadFocus) this.rows.querySelector<HTMLElement>(`[data-index="${focused}"]`)?.focus({ preventScroll: true });
  }

  /** Takes over how rows look that are there already: one that is replaced while it is clicked would not hear of it. */
  private patch(fresh: HTMLElement[]): boolean {
    const old = [...this.rows.children] as HTMLElement[];
    const looks = (row: HTMLElement | undefined) => `${row?.dataset["index"]} ${row?.innerHTML}`;
    const isSame = (row: HTMLElement, at: number) => looks(row) === looks(fresh[at]);
    if (old.length !== fresh.length || !old.every(isSame)) return false;
    old.forEach((row, at) => {
      const { className, ariaCurrent } = fresh[at] as HTMLElement;
      if (row.className !== className) row.className = className;
      if (row.ariaCurrent !== ariaCurrent) row.ariaCurrent = ariaCurrent;
    });
    return true;
  }
}
