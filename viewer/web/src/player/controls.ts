// The controls of a replay: play and pause, the time line, the speed, idle time, the whole screen.

import { h } from "../dom/elements";
import { duration, offset } from "../dom/format";
import { TimeBar } from "../timeline/bar";
import type { Scale } from "../timeline/scale";
import { drawing, fullscreenButton } from "./icons";
import type { PlaybackState } from "./playback";
import { SPEEDS } from "./speeds";

export interface ControlActions {
  toggle(): void;
  seek(ms: number): void;
  setSpeed(speed: number): void;
  setSkipsIdle(skips: boolean): void;
  fullscreen(): void;
}

/** How long it is said that time was skipped. */
const NOTICE_MS = 4_000;

export class Controls {
  readonly element: HTMLElement;
  private readonly bar: TimeBar;
  private readonly toggle = h("button", { type: "button", class: "quiet icon", "aria-keyshortcuts": "Space" });
  private readonly time = h("span", { class: "time" });
  private readonly speeds: HTMLButtonElement[];
  private readonly skip = h("input", { type: "checkbox" });
  private readonly said = h("span", { class: "said faint", role: "status" });
  private skipped: PlaybackState["skipped"] = null;
  private skippedAt = 0;
  private icon = "";

  /** `momentOf` says what a moment is called: its time of day. */
  constructor(actions: ControlActions, momentOf: (ms: number) => string) {
    this.bar = new TimeBar((ms) => actions.seek(ms), () => actions.toggle(), momentOf);
    this.speeds = SPEEDS.map((speed) => h("button", { type: "button", class: "quiet", "aria-pressed": "false", click: () => actions.setSpeed(speed) }, `${speed}x`));
    this.toggle.addEventListener("click", () => actions.toggle());
    this.skip.addEventListener("change", () => actions.setSkipsIdle(this.skip.checked));
    this.element = h(
      "div",
      { class: "controls", role: "group", "aria-label": "Replay controls" },
      h("div", { class: "controls-row" }, this.toggle, this.bar.element, this.time),
      h(
        "div",
        { class: "controls-row" },
        h("span", { class: "speeds", role: "group", "aria-label": "Speed" }, ...this.speeds),
        h("label", { class: "faint" }, this.skip, " Skip idle time"),
        this.said,
        fullscreenButton(() => actions.fullscreen()),
      ),
    );
  }

  /** `loaded`: milliseconds from the beginning that are there. */
  update(state: PlaybackState, now: number, scale: Scale, loaded: number): void {
    this.bar.update(now, scale, loaded);
    this.time.textContent = `${offset(now)} / ${offset(scale.length)}`;
    this.setIcon(state.isPlaying ? "pause" : "play");
    this.speeds.forEach((button, index) => (button.ariaPressed = String(SPEEDS[index] === state.speed)));
    this.skip.checked = state.skipsIdle;
    if (state.skipped !== this.skipped) {
      this.skipped = state.skipped;
      this.skippedAt = performance.now();
    }
    const said = this.says(state);
    // A status that is set again is read again.
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  private says({ waitsFor, isStarved, skipped }: PlaybackState): string {
    if (waitsFor !== null) return `Waiting for ${offset(waitsFor)} to be loaded…`;
    if (isStarved) return "Waiting for what comes next to be loaded…";
    return skipped && performance.now() - this.skippedAt < NOTICE_MS ? `Skipped ${duration(skipped.to - skipped.from)} without events` : "";
  }

  private setIcon(icon: "play" | "pause"): void {
    if (icon === this.icon) return;
    this.icon = icon;
    this.toggle.replaceChildren(drawing(icon));
    this.toggle.ariaLabel = this.toggle.title = icon === "play" ? "Play" : "Pause";
  }
}
