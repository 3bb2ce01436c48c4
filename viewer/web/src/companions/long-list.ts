// A list of rows of one height, of which only those that are seen are in the document: it may have a hundred thousand.

import { h } from "../dom/elements";

/** Of a row, as the style sheet has it. */
const HEIGHT = 24;
/** Rows beyond the edges, so that scrolling shows no gap. */
const BEYOND = 10;

export class LongList {
  readonly element: HTMLElement;
  private readonly rows = h("div", { class: "rows" });
  private readonly room = h("div", { class: "room" }, this.rows);
  private count = 0;
  private row: (index: number) => HTMLElement = () => h("div");
  private isPointed = false;

  /**
   * `choose` is called with the row that was clicked. In a `group` the rows are controls; a `listbox` is one control, whose
   * rows are its options.
   */
  constructor(
    label: string,
    choose: (index: number) => void,
    private readonly rowHeight = HEIGHT,
    role: "group" | "listbox" = "group",
  ) {
    this.element = h("div", { class: "long-list", role, "aria-label": label, tabindex: role === "listbox" && 0 }, this.room);
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    this.element.addEventListener("mouseenter", () => (this.isPointed = true));
    this.element.addEventListener("mouseleave", () => (this.isPointed = false));
    this.rows.addEventListener("click", (event) => {
      const index = (event.target as Element).closest<HTMLElement>("[data-index]")?.dataset["index"];
      if (index !== undefined) choose(Number(index));
    });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Shows so many rows, each made by `row`; one that looks as before stays as it is. */
  show(count: number, row: (index: number) => HTMLElement): void {
    this.count = count;
    this.row = row;
    this.room.style.height = `${count * this.rowHeight}px`;
    this.draw();
  }

  /** Scrolls so that this row is seen, unless somebody is reading with the pointer in the list. */
  follow(index: number): void {
    if (index < 0 || this.isPointed || this.element.contains(document.activeElement)) return;
    this.reveal(index);
  }

  /** Scrolls so that this row is seen. */
  reveal(index: number): void {
    const { scrollTop, clientHeight } = this.element;
    const top = index * this.rowHeight;
    if (top >= scrollTop && top + this.rowHeight <= scrollTop + clientHeight) return;
    this.element.scrollTop = top - Math.max(0, clientHeight - this.rowHeight) / 2;
    this.draw();
  }

  /** How many rows are seen at a time. */
  get pageSize(): number {
    return Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight));
  }

  private draw(): void {
    const { rowHeight } = this;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - BEYOND);
    const end = Math.min(this.count, Math.ceil((scrollTop + clientHeight) / rowHeight) + BEYOND);
    const focused = (document.activeElement as HTMLElement | null)?.dataset["index"];
    const hadFocus = focused !== undefined && this.rows.contains(document.activeElement);
    this.rows.style.transform = `translateY(${first * rowHeight}px)`;
    this.replaceRows(first, end);
    if (hadFocus) this.rows.querySelector<HTMLElement>(`[data-index="${focused}"]`)?.focus({ preventScroll: true });
  }

  /** A row that looks as before stays: a click on one that was replaced while the button is down is none. */
  private replaceRows(first: number, end: number): void {
    for (const row of [...this.rows.children]) if (indexOf(row) < first || indexOf(row) >= end) row.remove();
    let old = this.rows.firstElementChild;
    for (let index = first; index < end; index++) {
      const fresh = this.row(index);
      const next: Element | null = old?.nextElementSibling ?? null;
      if (!old || indexOf(old) !== index) this.rows.insertBefore(fresh, old);
      else {
        if (old.innerHTML === fresh.innerHTML) takeOver(old, fresh);
        else old.replaceWith(fresh);
        old = next;
      }
    }
  }
}

const indexOf = (row: Element) => Number((row as HTMLElement).dataset["index"]);

/** How a row looks from outside: its class, and what is said of it. */
function takeOver(row: Element, fresh: Element): void {
  for (const name of row.getAttributeNames()) if (!fresh.hasAttribute(name)) row.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (row.getAttribute(name) !== value) row.setAttribute(name, value);
}
