// Clicks drawn over the replayed page, and how far down it was seen.

import { h } from "../dom/elements";
import { type HeatmapPage, medianDepth } from "./pages";

/** Of one click, in pixels of the page. */
const RADIUS = 28;
/** A single click is seen, too, among many. */
const FAINTEST = 0.25;
/** From few clicks to many. */
const COLORS = ["#3b5bdb", "#0ca678", "#fab005", "#f03e3e"];

export class Overlay {
  private readonly canvas = h("canvas", { class: "heatmap" });
  private readonly fold = h("div", { class: "heatmap-fold" });
  private drawn = "";

  /** Draws this page's over the frame, which shows it scrolled as it is now; null: nothing. */
  draw(frame: HTMLIFrameElement | null, page: HeatmapPage | null): void {
    if (!frame || !page) {
      this.canvas.remove();
      this.fold.remove();
      this.drawn = "";
      return;
    }
    const place = placeOf(frame);
    const state = JSON.stringify([place, page.url, page.viewportWidth, page.viewportHeight, page.clicks, page.depths.length]);
    if (state === this.drawn && this.canvas.parentElement === frame.parentElement) return;
    this.drawn = state;
    frame.after(this.canvas, this.fold);
    this.canvas.width = place.width;
    this.canvas.height = place.height;
    // The page may be replayed in another width than it was clicked in.
    const scale = page.viewportWidth > 0 ? place.width / page.viewportWidth : 1;
    const context = this.canvas.getContext("2d");
    if (context) heat(context, page, (x, y) => [x * scale - place.left, y * scale - place.top]);
    const depth = medianDepth(page);
    const top = depth === null ? -1 : depth * scale - place.top;
    this.fold.hidden = top < 0 || top > place.height;
    this.fold.style.top = `${top}px`;
    this.fold.style.width = `${place.width}px`;
    this.fold.title = `Half of those who left this page had seen it down to here (${depth} px)`;
  }
}

/** The size of the frame, and how far its page is scrolled. */
function placeOf(frame: HTMLIFrameElement): { width: number; height: number; left: number; top: number } {
  const view = frame.contentWindow;
  return { width: frame.clientWidth, height: frame.clientHeight, left: view?.scrollX ?? 0, top: view?.scrollY ?? 0 };
}

function heat(context: CanvasRenderingContext2D, page: HeatmapPage, at: (x: number, y: number) => [number, number]): void {
  const { width, height } = context.canvas;
  if (width === 0 || height === 0) return;
  const most = page.spots.reduce((most, { count }) => Math.max(most, count), 1);
  for (const spot of page.spots) {
    const [x, y] = at(spot.x, spot.y);
    const glow = context.createRadialGradient(x, y, 0, x, y, RADIUS);
    glow.addColorStop(0, `rgba(0,0,0,${Math.max(FAINTEST, spot.count / most)})`);
    glow.addColorStop(1, "rgba(0,0,0,0)");
    context.fillStyle = glow;
    context.fillRect(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
  }
  const image = context.getImageData(0, 0, width, height);
  const colors = ramp();
  // What was laid over each other stands in the alpha: it becomes the colour.
  for (let at = 0; at < image.data.length; at += 4) {
    const alpha = image.data[at + 3] ?? 0;
    if (alpha === 0) continue;
    for (const part of [0, 1, 2]) image.data[at + part] = colors[4 * alpha + part] ?? 0;
    image.data[at + 3] = Math.min(220, 60 + alpha);
  }
  context.putImageData(image, 0, 0);
}

/** A colour for each alpha. */
function ramp(): Uint8ClampedArray {
  const canvas = h("canvas", { width: 256, height: 1 });
  const context = canvas.getContext("2d");
  if (!context) return new Uint8ClampedArray(1024);
  const gradient = context.createLinearGradient(0, 0, 256, 0);
  COLORS.forEach((color, at) => gradient.addColorStop(at / (COLORS.length - 1), color));
  context.fillStyle = gradient;
  context.fillRect(0, 0, 256, 1);
  return context.getImageData(0, 0, 256, 1).data;
}
