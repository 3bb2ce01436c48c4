// Any event of the session as JSON, to be read and copied: the one that a moment is told by, and its neighbours.

import { getEventText } from "../api/event-text";
import { copyButton } from "../dom/copyable";
import { h } from "../dom/elements";
import { bytes } from "../dom/format";
import type { SessionContext } from "../session/part";

/** More would make the page slow to no use. */
const MAX_SHOWN = 200_000;

export class EventJson {
  readonly element: HTMLDetailsElement;
  private readonly input = h("input", { type: "number", min: 0, value: 0, "aria-label": "Number of the event" });
  private readonly total = h("span", { class: "faint" });
  private readonly note = h("p", { class: "faint", role: "status" });
  private readonly text = h("pre", { tabindex: 0, role: "region", "aria-label": "JSON of the event" });
  private number = 0;
  /** What is shown, all of it. */
  private json = "";
  private isStale = true;
  private loading = new AbortController();

  constructor(private readonly context: SessionContext) {
    const step = (by: number, label: string, sign: string) => {
      const button = h("button", { type: "button", class: "quiet", "aria-label": label }, sign);
      button.addEventListener("click", () => this.show(this.number + by));
      return button;
    };
    const bar = h(
      "div",
      { class: "row" },
      step(-1, "Previous event", "‹"),
      this.input,
      step(1, "Next event", "›"),
      h("div", { class: "grow" }, this.total),
      copyButton("Copy the event's JSON", () => this.json),
    );
    this.element = h("details", { class: "event-json" }, h("summary", {}, "Event as JSON"), bar, this.note, this.text);
    this.element.addEventListener("toggle", () => void this.load());
    this.input.addEventListener("change", () => this.show(Number(this.input.value)));
  }

  /** How many events there are may have changed. */
  update(): void {
    const count = this.context.details()?.events ?? 0;
    this.total.textContent = count > 0 ? `of 0 to ${count - 1}` : "";
    this.input.max = String(Math.max(0, count - 1));
  }

  /** Shows the event of this number, counted from 0 in the order of arrival; it is loaded as soon as the disclosure is open. */
  show(number: number): void {
    const last = Math.max(0, (this.context.details()?.events ?? 1) - 1);
    this.number = Math.max(0, Math.min(Math.trunc(number) || 0, last));
    this.input.value = String(this.number);
    this.isStale = true;
    void this.load();
  }

  destroy(): void {
    this.loading.abort();
  }

  private async load(): Promise<void> {
    if (!this.element.open || !this.isStale) return;
    this.isStale = false;
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    try {
      const text = await getEventText(this.context.identity, this.number, signal);
      this.fill(text === null ? "" : pretty(text), text === null ? "There is no event of this number." : "");
    } catch (error) {
      if (!signal.aborted) this.fill("", (error as Error).message);
    }
  }

  private fill(json: string, note: string): void {
    this.json = json;
    const isCut = json.length > MAX_SHOWN;
    this.text.textContent = isCut ? `${json.slice(0, MAX_SHOWN)}…` : json;
    this.text.hidden = json === "";
    this.text.scrollTop = 0;
    this.note.textContent = isCut ? `The first ${bytes(MAX_SHOWN)} of ${bytes(json.length)}; Copy takes all of it.` : note;
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
