// The strip below the player: one lane for each kind of event, a mark where something happened.

import { h } from "../dom/elements";
import { offset } from "../dom/format";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { Recording } from "../recording/recording";

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

export interface EventStrip {
  element: HTMLElement;
  update(): void;
  cursor(ms: number): void;
}

/** `seek` is called with milliseconds from the beginning. */
export function eventStrip(recording: Recording, seek: (ms: number) => void): EventStrip {
  const cursor = h("div", { class: "cursor" });
  const counts = LANES.map(() => h("span", { class: "lane-count" }));
  // The style sheet gives each lane its colour, for light and dark.
  const canvases = LANES.map((lane) => h("canvas", { "aria-hidden": "true", style: `color: var(${lane.color})` }));
  const lanes = LANES.map((lane, index) =>
    h("div", { class: "lane" }, h("span", { class: "lane-name" }, lane.name), counts[index], canvases[index]),
  );
  const tip = h("div", { class: "tip", hidden: true });
  const area = h("div", { class: "lane-area" }, cursor, tip);
  const element = h("section", { class: "kinds", "aria-label": "Event kinds over time" }, ...lanes, area);
  const length = () => Math.max(1, recording.end - recording.start);
  const at = (event: MouseEvent) => {
    const box = area.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length();
  };
  area.addEventListener("click", (event) => seek(at(event)));
  area.addEventListener("mousemove", (event) => {
    tip.hidden = false;
    tip.textContent = offset(at(event));
    tip.style.left = `${(at(event) / length()) * 100}%`;
  });
  area.addEventListener("mouseleave", () => (tip.hidden = true));

  const update = () => {
    LANES.forEach((lane, index) => {
      const canvas = canvases[index] as HTMLCanvasElement;
      const events = recording.events.filter(lane.has);
      (counts[index] as HTMLElement).textContent = String(events.length);
      draw(canvas, events, recording.start, length(), getComputedStyle(canvas).color);
    });
  };
  new ResizeObserver(update).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
  return {
    element,
    update,
    cursor: (ms) => (cursor.style.left = `${Math.min(1, ms / length()) * 100}%`),
  };
}

function draw(canvas: HTMLCanvasElement, events: RrwebEvent[], start: number, length: number, color: string): void {
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
    const x = Math.round(((event.timestamp - start) / length) * (width - 3));
    marks.set(x, (marks.get(x) ?? 0) + 1);
  }
  for (const [x, many] of marks) {
    context.globalAlpha = Math.min(1, 0.45 + many * 0.1);
    context.beginPath();
    context.roundRect(x, 1, 3, height - 2, 1.5);
    context.fill();
  }
}
