// The strip below the player: a lane for each kind of moment and of event, a mark where something happened.

import "./event-strip.css";
import { lastUntil } from "../companions/pane";
import { h } from "../dom/elements";
import { offset } from "../dom/format";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { Kind, Moment } from "../story/moment";
import type { Story } from "../story/moments";
import { SEEK_MS } from "../story/steps";
import { hatching } from "../timeline/hatching";
import type { Scale } from "../timeline/scale";
import type { SessionContext, SessionPart } from "../part/session-part";

/** Lanes whose marks are moments of the story: each is a slider, whose values are its moments. */
const MOMENT_LANES: { name: string; color: string; kinds: readonly Kind[] }[] = [
  { name: "Pages", color: "--accent", kinds: ["page", "view"] },
  { name: "Clicks", color: "--live", kinds: ["click", "frustration"] },
  { name: "Errors", color: "--grave", kinds: ["error", "request"] },
];

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

const EVENT_LANES: { name: string; color: string; has: (event: RrwebEvent) => boolean }[] = [
  { name: "Snapshots", color: "--lane-snapshot", has: ofType(EventType.FullSnapshot, EventType.Meta) },
  { name: "Changes", color: "--lane-change", has: ofSource(...CHANGES) },
  { name: "Pointer", color: "--lane-pointer", has: ofSource(...POINTER) },
  { name: "Input", color: "--lane-input", has: ofSource(Source.Input, Source.MediaInteraction) },
  { name: "Scroll, size", color: "--lane-scroll", has: ofSource(Source.Scroll, Source.ViewportResize) },
  { name: "Custom", color: "--lane-custom", has: ofType(EventType.Custom, EventType.Plugin) },
];

/** Keys that lead from mark to mark. */
const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
/** So near to a mark, in pixels, the pointer means it. */
const NEAR_PX = 6;

interface Lane {
  element: HTMLElement;
  count: HTMLElement;
  canvas: HTMLCanvasElement;
  /** When something happened, in milliseconds since 1970. */
  times: number[];
}

interface MomentLane extends Lane {
  kinds: ReadonlySet<Kind>;
  slider: HTMLElement;
  moments: Moment[];
  /** The moment that a key led to; -1: none. */
  at: number;
  /** When it did. */
  soughtAt: number;
}

export class EventStrip implements SessionPart {
  readonly element: HTMLElement;
  readonly title = "Time line";
  private readonly cursor = h("div", { class: "cursor" });
  private readonly tip = h("div", { class: "tip", hidden: true });
  private readonly momentLanes: MomentLane[] = MOMENT_LANES.map(({ name, color, kinds }) => {
    const lane = makeLane(name, color);
    const slider = h("div", { class: "lane-marks", role: "slider", "aria-label": name, "data-keys": KEYS.join(" ") }, lane.canvas);
    lane.element.append(slider);
    return { ...lane, kinds: new Set(kinds), slider, moments: [], at: -1, soughtAt: 0 };
  });
  private readonly eventLanes = EVENT_LANES.map(({ name, color, has }) => {
    const lane = makeLane(name, color);
    lane.element.append(lane.canvas);
    return { ...lane, has };
  });
  private readonly area: HTMLElement;
  private readonly hatching = hatching();
  private readonly observer = new ResizeObserver(() => this.draw());
  private readonly darkness = matchMedia("(prefers-color-scheme: dark)");
  private readonly redraw = () => this.draw();
  private revision = -1;
  /** The scale that was drawn with. */
  private drawn: Scale | null = null;
  /** How many events the lanes know, and the last of these. */
  private read = 0;
  /** Which order of the recording's events that is. */
  private order = 0;

  constructor(
    private readonly context: SessionContext,
    private readonly story: Story,
  ) {
    const lanes = [...this.momentLanes, ...this.eventLanes].map(({ element }) => element);
    this.area = h("div", { class: "lane-area" }, this.hatching.element, this.cursor, this.tip);
    this.element = h("section", { class: "kinds", "aria-label": "Event kinds over time" }, ...lanes, this.area);
    this.area.addEventListener("click", (event) => {
      const near = this.near(event);
      context.seek(near ? near.time - context.recording.start : this.timeAt(event));
    });
    this.area.addEventListener("mousemove", (event) => this.point(this.near(event), this.timeAt(event)));
    this.area.addEventListener("mouseleave", () => (this.tip.hidden = true));
    for (const lane of this.momentLanes) {
      lane.slider.addEventListener("keydown", (event) => this.onKey(event, lane));
      lane.slider.addEventListener("focus", () => this.tellValue(lane, true));
      lane.slider.addEventListener("blur", () => (this.tip.hidden = true));
    }
    this.observer.observe(this.element);
    this.darkness.addEventListener("change", this.redraw);
  }

  update(): void {
    const { events, changes } = this.context.recording;
    this.story.update(events, changes);
    const scale = this.context.scale();
    if (this.revision === this.story.revision && this.drawn === scale) return;
    this.revision = this.story.revision;
    this.drawn = scale;
    this.readEvents(events, changes);
    for (const lane of this.momentLanes) {
      lane.moments = this.story.moments.filter(({ kind }) => lane.kinds.has(kind));
      lane.times = lane.moments.map(({ time }) => time);
      lane.at = -1;
      this.tellValue(lane, false);
    }
    this.draw();
  }

  at(ms: number): void {
    this.cursor.style.left = `${this.context.scale().toX(ms) * 100}%`;
    for (const lane of this.momentLanes) this.tellValue(lane, false);
  }

  destroy(): void {
    this.observer.disconnect();
    this.darkness.removeEventListener("change", this.redraw);
  }

  /** Sorts what is new into the lanes; all of it, where something came in between. */
  private readEvents(events: readonly RrwebEvent[], order: number): void {
    if (order !== this.order || events.length < this.read) {
      this.read = 0;
      this.order = order;
      for (const lane of this.eventLanes) lane.times = [];
    }
    for (; this.read < events.length; this.read++) {
      const event = events[this.read] as RrwebEvent;
      for (const lane of this.eventLanes) if (lane.has(event)) lane.times.push(event.timestamp);
    }
  }

  private draw(): void {
    const scale = this.context.scale();
    this.hatching.update(scale);
    for (const { count, canvas, times } of [...this.momentLanes, ...this.eventLanes]) {
      count.textContent = String(times.length);
      draw(canvas, times, this.context.recording.start, scale, getComputedStyle(canvas).color);
    }
  }

  /** Keys lead from one moment of a lane to the next. */
  private onKey(event: KeyboardEvent, lane: MomentLane): void {
    const last = lane.moments.length - 1;
    if (event.altKey || event.ctrlKey || event.metaKey || last < 0) return;
    const at = this.valueOf(lane);
    const targets: Record<string, number> = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: last };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    lane.at = Math.max(0, Math.min(target, last));
    lane.soughtAt = performance.now();
    this.context.seek((lane.times[lane.at] as number) - this.context.recording.start);
    this.tellValue(lane, true);
  }

  /** The last moment of a lane that has happened; -1: none. Several may be at one time. */
  private valueOf(lane: MomentLane): number {
    const now = this.context.recording.start + this.context.now();
    const current = lastUntil(lane.moments, now);
    const isThere = lane.times[lane.at] === lane.times[current] || performance.now() - lane.soughtAt < SEEK_MS;
    return lane.at >= 0 && isThere ? lane.at : current;
  }

  /** Says where in a lane the replay is; `isShown`: beside the mark, too. */
  private tellValue(lane: MomentLane, isShown: boolean): void {
    const { slider, moments } = lane;
    const value = this.valueOf(lane);
    const moment = moments[value];
    const place = moment ? `${value + 1} of ${moments.length}, ${this.told(moment)}` : `before the first of ${moments.length}`;
    const state: Record<string, string> = {
      tabindex: moments.length > 0 ? "0" : "-1",
      "aria-disabled": String(moments.length === 0),
      "aria-valuemin": "0",
      "aria-valuemax": String(moments.length),
      "aria-valuenow": String(value + 1),
      "aria-valuetext": moments.length > 0 ? place : "none",
    };
    for (const [name, said] of Object.entries(state)) if (slider.getAttribute(name) !== said) slider.setAttribute(name, said);
    if (isShown && moment) this.point(moment, 0);
  }

  /** Shows what is at a place: a moment, or else only the time. */
  private point(moment: Moment | null, ms: number): void {
    const at = moment ? moment.time - this.context.recording.start : ms;
    this.tip.hidden = false;
    this.tip.textContent = moment ? this.told(moment) : offset(at);
    const x = this.context.scale().toX(at);
    this.tip.style.left = `${x * 100}%`;
    // It stays within the strip.
    this.tip.style.setProperty("--shift", `${-x * 100}%`);
  }

  private told(moment: Moment): string {
    return `${offset(moment.time - this.context.recording.start)} ${moment.text}`;
  }

  /** The moment that the pointer means: in its lane, or else in any; null: there is none near. */
  private near(event: MouseEvent): Moment | null {
    const { left, width } = this.area.getBoundingClientRect();
    const { start } = this.context.recording;
    const lane = this.momentLanes.find(({ element }) => {
      const { top, bottom } = element.getBoundingClientRect();
      return event.clientY >= top && event.clientY < bottom;
    });
    const distance = ({ time }: Moment) => Math.abs(left + this.context.scale().toX(time - start) * width - event.clientX);
    // By the time, not by all marks: there may be very many.
    const around = (lane ? [lane] : this.momentLanes).flatMap(({ moments }) => {
      const at = lastUntil(moments, start + this.timeAt(event));
      return moments.slice(Math.max(0, at), at + 2);
    });
    const nearest = around.sort((a, b) => distance(a) - distance(b))[0];
    return nearest && distance(nearest) <= NEAR_PX ? nearest : null;
  }

  private timeAt(event: MouseEvent): number {
    const { left, width } = this.area.getBoundingClientRect();
    return this.context.scale().toMs(Math.max(0, Math.min(1, (event.clientX - left) / width)));
  }
}

function makeLane(name: string, color: string): Lane {
  const count = h("span", { class: "lane-count" });
  // The style sheet gives each lane its colour, for light and dark.
  const canvas = h("canvas", { "aria-hidden": "true", style: `color: var(${color})` });
  return { element: h("div", { class: "lane" }, h("span", { class: "lane-name" }, name), count), count, canvas, times: [] };
}

function draw(canvas: HTMLCanvasElement, times: readonly number[], start: number, scale: Scale, color: string): void {
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
  for (const time of times) {
    const x = Math.round(scale.toX(time - start) * (width - 3));
    marks.set(x, (marks.get(x) ?? 0) + 1);
  }
  for (const [x, many] of marks) {
    context.globalAlpha = Math.min(1, 0.65 + many * 0.1);
    context.beginPath();
    context.roundRect(x, 1, 3, height - 2, 1.5);
    context.fill();
  }
}
