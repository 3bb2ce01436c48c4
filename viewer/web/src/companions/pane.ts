// One pane: its entries, which of them is the current one, and one of them in full.

import { h } from "../dom/elements";
import { offset } from "../dom/format";
import type { Entry, EntryKind } from "./entries";
import { LongList } from "./long-list";

export class Pane {
  readonly element: HTMLElement;
  private readonly list: LongList;
  private readonly detail = h("div", { class: "entry-detail", hidden: true });
  private readonly filter = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter" });
  private readonly none = h("p", { class: "faint none", hidden: true }, "No entry matches the filter.");
  private all: readonly Entry[] = [];
  private shown: readonly Entry[] = [];
  private start = 0;
  private now = 0;
  /** Place of the last of `shown` that has happened; -1: none. */
  private current = -1;
  private chosen: Entry | null = null;

  /** `seek` is called with milliseconds since 1970. */
  constructor(
    private readonly kind: EntryKind,
    label: string,
    seek: (time: number) => void,
  ) {
    this.list = new LongList(label, (index) => {
      const entry = this.shown[index];
      if (!entry) return;
      this.chosen = entry;
      this.showDetail(entry);
      this.redraw();
      seek(entry.time);
    });
    this.filter.addEventListener("input", () => this.select());
    const columns = h("div", { class: "entry-columns" }, this.list.element, this.detail);
    this.element = h("div", { class: "pane", role: "tabpanel", "aria-label": label }, this.filter, this.none, columns);
  }

  get count(): number {
    return this.all.length;
  }

  /** Shows these entries, in their order; `start`: when the recording begins. */
  show(entries: readonly Entry[], start: number): void {
    this.all = entries;
    this.start = start;
    this.select();
  }

  /** Marks the entry of this moment. */
  at(time: number): void {
    this.now = time;
    const current = lastUntil(this.shown, time);
    if (current === this.current) return;
    this.current = current;
    this.redraw();
    this.list.follow(current);
  }

  private select(): void {
    const wanted = this.filter.value.trim().toLowerCase();
    this.shown = wanted === "" ? this.all : this.all.filter((entry) => entry.cells.some((cell) => cell.toLowerCase().includes(wanted)));
    this.none.hidden = this.shown.length > 0 || this.all.length === 0;
    this.current = lastUntil(this.shown, this.now);
    this.redraw();
  }

  private redraw(): void {
    this.list.show(this.shown.length, (index) => this.row(this.shown[index] as Entry, index));
  }

  private row(entry: Entry, index: number): HTMLElement {
    const isCurrent = index === this.current;
    const classes = ["entry", `of-${this.kind}`, entry.tone, isCurrent && "is-current", index > this.current && "is-later", entry === this.chosen && "is-chosen"];
    return h(
      "button",
      { type: "button", class: classes.filter(Boolean).join(" "), "data-index": index, "aria-current": isCurrent && "time" },
      h("span", { class: "cell time" }, offset(entry.time - this.start)),
      ...entry.cells.map((cell) => h("span", { class: "cell" }, cell)),
    );
  }

  private showDetail(entry: Entry): void {
    const close = h("button", { type: "button", class: "quiet", "aria-label": "Close the entry" }, "Close");
    close.addEventListener("click", () => {
      this.detail.hidden = true;
      this.chosen = null;
      this.redraw();
    });
    const parts = entry.details.flatMap(([title, text]) => [title !== "" && h("h3", {}, title), h("pre", {}, text)]);
    this.detail.replaceChildren(close, ...parts.filter((part) => part !== false));
    this.detail.hidden = false;
    this.detail.scrollTop = 0;
  }
}

/** The place of the last entry that has happened by then, in a list that is sorted by time; -1: none has. */
export function lastUntil(entries: readonly { time: number }[], time: number): number {
  let [from, to] = [0, entries.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((entries[middle] as { time: number }).time <= time) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
