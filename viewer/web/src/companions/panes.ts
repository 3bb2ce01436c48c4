// The panes below the replay, in step with it: the console, and requests. There are none where nothing of the kind was recorded.

import { h } from "../dom/elements";
import type { RrwebEvent } from "../model/rrweb-event";
import type { SessionContext, SessionPart } from "../part/session-part";
import { type Entry, type EntryKind, entryOf } from "./entries";
import { Pane } from "./pane";

const LABELS: [EntryKind, string][] = [
  ["console", "Console"],
  ["network", "Network"],
];

interface Tab {
  kind: EntryKind;
  label: string;
  pane: Pane;
  button: HTMLButtonElement;
}

export class CompanionPanes implements SessionPart {
  readonly element: HTMLElement;
  readonly title = "Console, network";
  private readonly tabs: Tab[];
  private readonly known = new WeakMap<RrwebEvent, ReturnType<typeof entryOf>>();
  private start = 0;
  private seen = -1;
  /** Null: none, the reader closed them. */
  private open: EntryKind | null = "console";
  private isChosen = false;

  constructor(private readonly context: SessionContext) {
    const seekTo = (time: number) => context.seek(Math.max(0, time - this.start));
    this.tabs = LABELS.map(([kind, label]) => {
      const button = h("button", { type: "button", role: "tab", class: "quiet tab" });
      button.addEventListener("click", () => this.choose(kind));
      return { kind, label, pane: new Pane(kind, label, seekTo), button };
    });
    const bar = h("div", { class: "tabs", role: "tablist", "aria-label": "Beside the replay" }, ...this.tabs.map(({ button }) => button));
    this.element = h("section", { class: "panes", "aria-label": "Console and network", hidden: true }, bar, ...this.tabs.map(({ pane }) => pane.element));
  }

  /** Shows what was recorded. */
  update(): void {
    const { events } = this.context.recording;
    if (events.length === this.seen) return;
    this.seen = events.length;
    this.start = events[0]?.timestamp ?? 0;
    const entries: Record<EntryKind, Entry[]> = { console: [], network: [] };
    for (const event of events) {
      const found = this.entryOf(event);
      if (found) entries[found.kind].push(found.entry);
    }
    // A request began before its event.
    entries.network.sort((a, b) => a.time - b.time);
    for (const { kind, pane } of this.tabs) pane.show(entries[kind], this.start);
    if (!this.isChosen) this.open = this.tabs.find(({ pane }) => pane.count > 0)?.kind ?? null;
    this.draw();
  }

  /** Marks what has happened so many milliseconds from the beginning. */
  at(ms: number): void {
    for (const { pane, kind } of this.tabs) if (kind === this.open) pane.at(this.start + ms);
  }

  private entryOf(event: RrwebEvent): ReturnType<typeof entryOf> {
    let entry = this.known.get(event);
    if (entry === undefined) this.known.set(event, (entry = entryOf(event)));
    return entry;
  }

  private choose(kind: EntryKind): void {
    this.isChosen = true;
    this.open = this.open === kind ? null : kind;
    this.draw();
  }

  private draw(): void {
    this.element.hidden = this.tabs.every(({ pane }) => pane.count === 0);
    this.element.classList.toggle("is-closed", this.open === null);
    for (const { kind, label, pane, button } of this.tabs) {
      button.hidden = pane.count === 0;
      button.textContent = `${label} ${pane.count}`;
      button.ariaSelected = String(kind === this.open);
      pane.element.hidden = kind !== this.open;
    }
  }
}
