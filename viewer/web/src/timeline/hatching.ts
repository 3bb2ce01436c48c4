// Hatched parts of an axis, where nothing happened.

import "./timeline.css";
import { h } from "../dom/elements";
import { duration } from "../dom/format";
import type { Scale } from "./scale";

export interface Hatching {
  /** As large as the axis that it lies over. */
  readonly element: HTMLElement;
  update(scale: Scale): void;
}

/** Gaps that are narrower on the axis are not drawn: there may be thousands. */
const MIN_X = 0.002;

export function hatching(): Hatching {
  const element = h("div", { class: "hatching", "aria-hidden": "true" });
  let drawn: Scale | null = null;
  return {
    element,
    update(scale) {
      if (scale === drawn) return;
      drawn = scale;
      element.replaceChildren(...scale.gaps.flatMap((gap) => markOf(gap, scale)));
    },
  };
}

function markOf({ from, to }: { from: number; to: number }, scale: Scale): HTMLElement[] {
  const [left, right] = [scale.toX(from), scale.toX(to)];
  if (right - left < MIN_X) return [];
  const style = `left: ${left * 100}%; width: ${(right - left) * 100}%`;
  return [h("div", { class: "gap", style, "data-ms": Math.round(to - from), title: `${duration(to - from)} without events` })];
}
