// Below a replay that is followed live: how far behind it is.

import { h } from "../dom/elements";
import { duration } from "../dom/format";
import { fullscreenButton } from "./icons";

/** Less is no delay that anybody sees. */
const MIN_BEHIND_MS = 1_000;

export class LiveBar {
  readonly element: HTMLElement;
  private readonly badge = h("span", { class: "badge live" }, "live");
  private readonly said = h("span", { class: "said" });
  private readonly catchUp: HTMLButtonElement;

  constructor(catchUp: () => void, fullscreen: () => void) {
    this.catchUp = h("button", { type: "button", click: catchUp }, "Catch up");
    const row = h("div", { class: "controls-row" }, this.badge, this.said, this.catchUp, fullscreenButton(fullscreen));
    this.element = h("div", { class: "controls", role: "group", "aria-label": "Replay controls" }, row);
    this.update(0, true);
  }

  /** `ms`: what is there and not shown yet. */
  update(ms: number, isLive: boolean): void {
    const isBehind = ms >= MIN_BEHIND_MS;
    this.badge.hidden = !isLive;
    this.said.textContent = isBehind ? `behind by ${duration(ms)}` : isLive ? "up to date" : "The recording has ended";
    this.catchUp.hidden = !isBehind;
  }
}
