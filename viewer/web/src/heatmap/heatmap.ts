// Clicks and scroll depth of a session, or of all sessions: which pages they are of, and over the replay where they were.

import { getAllInteractions, getInteractions } from "../api/client";
import type { Interaction } from "../api/types";
import { h, redraw } from "../dom/elements";
import { count } from "../dom/format";
import { addressAt, isAddress } from "../recording/address";
import type { SessionContext, SessionPart } from "../part/session-part";
import { Overlay } from "./overlay";
import { type HeatmapPage, keyOf, medianDepth, pagesOf } from "./pages";

export class Heatmap implements SessionPart {
  readonly element: HTMLElement;
  private readonly list = h("ul", { class: "heatmap-pages" });
  private readonly all = h("input", { type: "checkbox" });
  private readonly overlay = new Overlay();
  private own: Interaction[] = [];
  private everybody: Interaction[] = [];
  private pages: HeatmapPage[] = [];
  /** The page whose clicks are drawn. */
  private shown: string | null = null;

  constructor(private readonly context: SessionContext) {
    const everybody = h("label", { class: "faint" }, this.all, " of all sessions");
    this.element = h("section", { class: "heatmaps", "aria-label": "Heatmaps", hidden: true }, everybody, this.list);
    this.all.addEventListener("change", () => this.refresh());
    this.list.addEventListener("click", (event) => this.toggle((event.target as Element).closest<HTMLElement>("button[data-page]")));
  }

  /** Asks for the interactions again: some may have arrived. */
  refresh(): void {
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.own = await getInteractions(this.context.identity);
      this.everybody = this.all.checked ? await getAllInteractions() : [];
    } catch {
      // What was known stays; the session's own problems are told elsewhere.
    }
    this.pages = pagesOf(this.all.checked ? this.everybody : this.own);
    this.element.hidden = this.own.length === 0;
    redraw(this.list, ...this.pages.map((page) => this.row(page)));
  }

  /** Draws over this moment of the replay. */
  at(ms: number): void {
    const { events, start } = this.context.recording;
    const page = this.pages.find((page) => keyOf(page) === this.shown) ?? null;
    // A page that is not in this replay is drawn over whatever there is: so native windows are, which have no address.
    const isHere = page !== null && (!isAddress(events, page.url) || addressAt(events, start + ms) === page.url);
    this.overlay.draw(this.context.scene()?.frame ?? null, isHere ? page : null);
  }

  private toggle(button: HTMLElement | null): void {
    const key = button?.dataset["page"] ?? null;
    if (key === null) return;
    this.shown = this.shown === key ? null : key;
    redraw(this.list, ...this.pages.map((page) => this.row(page)));
    this.list.querySelector<HTMLElement>(`button[data-page="${CSS.escape(key)}"]`)?.focus();
  }

  private row(page: HeatmapPage): HTMLElement {
    const key = keyOf(page);
    const depth = medianDepth(page);
    const told = [
      count(page.clicks, "click"),
      depth !== null && `seen to ${depth} px`,
      `${page.viewportWidth} × ${page.viewportHeight}`,
    ].filter(Boolean);
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "quiet", "data-page": key, "aria-pressed": String(this.shown === key), title: "Show it over the replay" },
        h("span", { class: "heatmap-url", title: page.url }, page.url),
        h("span", { class: "faint" }, told.join(" · ")),
      ),
    );
  }
}
