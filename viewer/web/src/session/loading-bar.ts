// How much of a session is loaded.

import { h } from "../dom/elements";
import { count } from "../dom/format";

/** A session that is there at once needs no bar. */
const DELAY_MS = 400;

export class LoadingBar {
  private readonly progress = h("progress", { "aria-label": "Loading the session" });
  private readonly said = h("span", { class: "faint" });
  readonly element = h("div", { class: "loading", hidden: true }, this.progress, this.said);
  private readonly since = performance.now();

  /** `all`: events there are; 0: it is not known. */
  update(loaded: number, all: number, isDone: boolean): void {
    this.element.hidden = isDone || performance.now() - this.since < DELAY_MS;
    if (this.element.hidden || all === 0) return;
    this.progress.max = all;
    this.progress.value = Math.min(loaded, all);
    this.said.textContent = `${Math.min(100, Math.floor((loaded / all) * 100))} % of ${count(all, "event")} loaded`;
  }
}
