// The time line of a replay: a slider whose gaps are squeezed and hatched.

import "./timeline.css";
import { h } from "../dom/elements";
import { offset } from "../dom/format";
import { hatching } from "./hatching";
import type { Scale } from "./scale";
import { scaleOf } from "./scale";

const STEP_MS = 5_000;
/** A page of the time line is a tenth of it. */
const PAGES = 10;

export class TimeBar {
  readonly element: HTMLElement;
  /** For the keyboard and for screen readers; what is seen is drawn beside it. */
  private readonly input = h("input", { type: "range", min: 0, step: "any", "aria-label": "Time" });
  private readonly done = h("div", { class: "time-done" });
  private readonly loaded = h("div", { class: "time-loaded" });
  private readonly knob = h("div", { class: "time-knob" });
  private readonly hatching = hatching();
  private readonly tip = h("div", { class: "tip", hidden: true });
  private scale = scaleOf(1);

  constructor(
    private readonly seek: (ms: number) => void,
    private readonly toggle: () => void,
    momentOf: (ms: number) => string,
  ) {
    this.element = h("div", { class: "time-bar" }, this.input, this.loaded, this.done, this.hatching.element, this.knob, this.tip);
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    // A screen reader may set it without a key.
    this.input.addEventListener("input", () => this.seek(Number(this.input.value)));
    const point = (event: PointerEvent) => {
      const box = this.element.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    };
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      this.input.focus({ preventScroll: true });
      this.element.setPointerCapture(event.pointerId);
      this.seek(this.scale.toMs(point(event)));
    });
    this.element.addEventListener("pointermove", (event) => {
      const x = point(event);
      const ms = this.scale.toMs(x);
      this.tip.hidden = false;
      this.tip.style.left = `${x * 100}%`;
      this.tip.textContent = `${offset(ms)} · ${momentOf(ms)}`;
      if (this.element.hasPointerCapture(event.pointerId)) this.seek(ms);
    });
    this.element.addEventListener("pointerleave", () => (this.tip.hidden = true));
  }

  update(now: number, scale: Scale, loaded: number): void {
    this.scale = scale;
    this.input.max = String(scale.length);
    this.input.value = String(now);
    this.input.setAttribute("aria-valuetext", `${offset(now)} of ${offset(scale.length)}`);
    const at = `${scale.toX(now) * 100}%`;
    this.done.style.width = this.knob.style.left = at;
    this.loaded.style.width = `${scale.toX(loaded) * 100}%`;
    this.hatching.update(scale);
  }

  private onKey(event: KeyboardEvent): void {
    const now = Number(this.input.value);
    const { length } = this.scale;
    const keys: Record<string, number> = {
      ArrowLeft: now - STEP_MS,
      ArrowDown: now - STEP_MS,
      ArrowRight: now + STEP_MS,
      ArrowUp: now + STEP_MS,
      // A page of what is seen: of a gap that is squeezed, little.
      PageDown: this.scale.toMs(this.scale.toX(now) - 1 / PAGES),
      PageUp: this.scale.toMs(this.scale.toX(now) + 1 / PAGES),
      Home: 0,
      End: length,
    };
    const ms = keys[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || (ms === undefined && event.key !== " ")) return this.passOn(event);
    event.preventDefault();
    if (ms === undefined) this.toggle();
    else this.seek(Math.max(0, Math.min(length, ms)));
  }

  /** The page's keys keep away from inputs; of this one they may have what it does not need. */
  private passOn(event: KeyboardEvent): void {
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (key !== "Tab") this.element.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, altKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
  }
}
