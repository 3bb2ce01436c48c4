// The style sheet that draws, in a replayed document, what stands in the place of what is not recorded.

import { NOT_RECORDED } from "../offline/image-marks";

/** On a canvas of which the recording holds pictures: its number. */
export const CANVAS = "data-session-replay-canvas";

/** Sizes of canvases that get rules of their own. */
const MAX_SIZES = 100;
/** A canvas that does not say its size. */
const DEFAULT = { width: 300, height: 150 };

const HATCHED = "repeating-linear-gradient(45deg,rgb(128 128 128/18%) 0 6px,rgb(128 128 128/8%) 6px 12px)";

// What `:where` encloses gives way to the page's own rules: sizes of canvases are often theirs.
const COMMON = [
  `:where(canvas){display:inline-block;width:${DEFAULT.width}px;aspect-ratio:${DEFAULT.width}/${DEFAULT.height}}`,
  `canvas{font-size:0!important;overflow:hidden;background:${HATCHED}}`,
  "canvas>*{display:none!important}",
  `canvas:not([${CANVAS}])::after{content:"canvas not recorded";font:12px/1.5 sans-serif;color:#6b7280;padding:2px 6px;display:block}`,
  `:where(img[${NOT_RECORDED}]){display:inline-block}`,
  `img[${NOT_RECORDED}]{background:${HATCHED};font:12px/1.5 sans-serif;color:#6b7280;min-width:16px;min-height:16px;overflow:hidden}`,
].join("");

/** `pictures`: by the number of a canvas, the address of what it shows now. */
export function sheetFor(sizes: Iterable<[width: string | null, height: string | null]>, pictures: ReadonlyMap<string, string>): string {
  const rules = new Map<string, string>();
  for (const [width, height] of sizes) {
    if (rules.size >= MAX_SIZES) break;
    if (width === null && height === null) continue;
    const [w, h] = [side(width, DEFAULT.width), side(height, DEFAULT.height)];
    const selector = `canvas${having("width", width)}${having("height", height)}`;
    rules.set(selector, `:where(${selector}){width:${w}px;aspect-ratio:${w}/${h}}`);
  }
  const shown = [...pictures].map(([number, url]) => `canvas[${CANVAS}="${CSS.escape(number)}"]{background:url("${url}") 0 0/100% 100% no-repeat!important}`);
  return COMMON + [...rules.values()].join("") + shown.join("");
}

const having = (name: string, value: string | null) => (value === null ? `:not([${name}])` : `[${name}="${CSS.escape(value)}"]`);

function side(value: string | null, otherwise: number): number {
  const number = Number.parseInt(value ?? "", 10);
  return number >= 0 ? Math.min(number, 32_767) : otherwise;
}
