// The strip below the player: one lane for each kind of event, a mark where something happened.

import { h } from "../dom/elements";
import { offset } from "../dom/format";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import { hatching } from "../timeline/hatching";
import type { Scale } from "../timeline/scale";
import type { SessionContext, SessionPart } from "./part";

interface Lane {
  name: string;
  color: string;
  has: (event: RrwebEvent) => boolean;
}

const ofType = (...types: EventType[]) => (event: RrwebEvent) => types.includes(event.type);
const ofSource = (...sources: Source[]) => ({ type, data: { source } }: RrwebEvent) =>
  type === EventType.Incremental && source !== undefined && sources.includes(source);

const CHANGES = [
  Source.Mutation,
  Source.StyleSheetRule,
  Source.CanvasMutation,
  Source.Font,
  Source.StyleDeclaration,
  Source.AdoptedStyleSheet,
];
const POINTER = [Source.MouseMove, Source.MouseInteraction, Source.TouchMove, Source.Drag, Source.Selection];

const LANES: Lane[] = [
  { name: "Snapshots", color: "--lane-snapshot", has: ofType(EventType.FullSnapshot, EventType.Meta) },
  { name: "Changes", color: "--lane-change", has: ofSource(...CHANGES) },
  { name: "Pointer", color: "--lane-pointer", has: ofSource(...POINTER) },
  { name: "Input", color: "--lane-input", has: ofSource(Source.Input, Source.MediaInteraction) },
  { name: "Scroll, size", color: "--lane-scroll", has: ofSource(Source.Scroll, Source.ViewportResize) },
  { name: "Custom", color: "--lane-custom", has: ofType(EventType.Custom, EventType.Plugin) },
];

export class EventStrip implements SessionPart {
  readonly element: HTMLElement;
  readonly title = "Time line";
  private readonly cursor = h("div", { class: "cursor" });
  private readonly counts = LANES.map(() => h("span", { class: "lane-count" }));
  // The style sheet gives each lane its colour, for light and dark.
  private readonly canvases = LANES.map((lane) => h("canvas", { "aria-hidden": "true", style: `color: var(${lane.color})` }));
  private readonly area: HTMLElement;
  private readonly hatching = hatching();
  private readonly observer = new ResizeObserver(() => this.update());
  private readonly darkness = matchMedia("(prefers-color-scheme: dark)");
  private readonly redraw = () => this.update();

  constructor(private readonly context: SessionContext) {
    const lanes = LANES.map((lane, index) =>
      h("div", { class: "lane" }, h("span", { class: "lane-name" }, lane.name), this.counts[index], this.canvases[index]),
    );
    const tip = h("div", { class: "tip", hidden: true });
    this.area = h("div", { class: "lane-area" }, this.hatching.element, this.cursor, tip);
    this.element = h("section", { class: "kinds", "aria-label": "Event kinds over time" }, ...lanes, this.area);
    this.area.addEventListener("click", (event) => context.seek(this.timeAt(event)));
    this.area.addEventListener("mousemove", (event) => {
      tip.hidden = false;
      tip.textContent = offset(this.timeAt(event));
      tip.style.left = `${context.scale().toX(this.timeAt(event)) * 100}%`;
    });
    this.area.addEventListener("mouseleave", () => (tip.hidden = true));
    this.observer.observe(this.element);
    this.darkness.addEventListener("change", this.redraw);
  }

  update(): void {
    const { recording } = this.context;
    const scale = this.context.scale();
    this.hatching.update(scale);
    LANES.forEach((lane, index) => {
      const canvas = this.canvases[index] as HTMLCanvasElement;
      const events = recording.events.filter(lane.has);
      (this.counts[index] as HTMLElement).textContent = String(events.length);
      draw(canvas, events, recording.start, scale, getComputedStyle(canvas).color);
    });
  }

  at(ms: number): void {
    this.cursor.style.left = `${this.context.scale().toX(ms) * 100}%`;
  }

  destroy(): void {
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.redraw);
  }

  private timeAt(event: MouseEvent): number {
    const box = this.area.getBoundingClientRect();
    return this.context.scale().toMs((event.clientX - box.left) / box.width);
  }
}

function draw(canvas: HTMLCanvasElement, events: RrwebEvent[], start: number, scale: Scale, color: string): void {
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  context.fillStyle = color;
  // Events in one place share a mark; its opacity tells how many there are.
  const marks = new Map<number, number>();
  for (const event of events) {
    const x = Math.round(scale.toX(event.timestamp - start) * (width - 3));
    marks.set(x, (marks.get(x) ?? 0) + 1);
  }
  for (const [x, many] of marks) {
    context.globalAlpha = Math.min(1, 0.45 + many * 0.1);
    context.beginPath();
    context.roundRect(x, 1, 3, height - 2, 1.5);
    context.fill();
  }
}
