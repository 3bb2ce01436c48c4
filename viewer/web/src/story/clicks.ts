// Clicks as a person counts them: those in one place at once are one moment; those that tell of anger, or led to nothing, are marked.

import { asList, isFields } from "../model/json";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { Moment } from "./moment";
import { called, controlAround, controlOf } from "./names";
import type { StoryNode, StoryNodes } from "./nodes";

/** rrweb's kinds of mouse interaction. */
export const enum Mouse {
  Up = 0,
  Down = 1,
  Click = 2,
  ContextMenu = 3,
  DoubleClick = 4,
  Focus = 5,
  Blur = 6,
  TouchStart = 7,
  TouchMove = 8,
  TouchEnd = 9,
  TouchCancel = 10,
}

/**
 * Where others draw the line:
 *
 * |          | rage click                    | dead click: nothing changes within              |
 * | -------- | ----------------------------- | ------------------------------------------------ |
 * | PostHog  | 3 clicks, 30 px, 1 s          | 2.5 s (scroll and selection: 0.1 s)              |
 * | Sentry   | 3 clicks or more on one place | 7 s, of buttons, inputs and links                |
 * | here     | PostHog's                     | 3 s; pages that load may take 10                 |
 */
export const RAGE = { clicks: 3, withinMs: 1_000, withinPx: 30 };
const DEAD_MS = 3_000;
const LOADING_MS = 10_000;

/** A finger that went farther, or stayed longer, did not tap. */
const TAP = { withinMs: 700, withinPx: 12 };

interface Click {
  moment: Moment;
  x: number;
  y: number;
  times: number[];
  target: string;
  /** A tap whose click has not come, and perhaps never will: native programs tell of none. */
  isTap: boolean;
}

interface Place {
  time: number;
  x: number;
  y: number;
}

export class Clicks {
  private last: Click | null = null;
  /** Those of which nobody knows yet whether they led to something. */
  private unanswered: Click[] = [];
  private down: Place | null = null;
  private touch: Place | null = null;
  private reactedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly nodes: StoryNodes,
    private readonly tell: (moment: Moment) => void,
  ) {}

  /** Whether the pointer went down so shortly before that what follows comes from it. */
  isFromPointer(time: number): boolean {
    const at = Math.max(this.down?.time ?? 0, this.touch?.time ?? 0);
    return time - at < RAGE.withinMs;
  }

  /** Sees every event, before anything is read from it. */
  watch(event: RrwebEvent): void {
    const isReaction = reacts(event);
    if (isReaction) this.reactedAt = event.timestamp;
    if (this.unanswered.length === 0) return;
    const isLoading = event.type === EventType.Meta || event.type === EventType.FullSnapshot;
    this.unanswered = this.unanswered.filter((click) => {
      const waited = event.timestamp - click.moment.end;
      if (isReaction && waited <= (isLoading ? LOADING_MS : DEAD_MS)) return false;
      if (waited <= DEAD_MS) return true;
      markDead(click);
      return false;
    });
  }

  /** Reads a mouse interaction. */
  read(event: RrwebEvent): void {
    const { type, x, y } = event.data;
    const place = { time: event.timestamp, x: Number(x) || 0, y: Number(y) || 0 };
    switch (type) {
      case Mouse.Down:
        this.down = place;
        break;
      case Mouse.TouchStart:
        this.touch = place;
        break;
      case Mouse.TouchEnd:
        if (this.touch && isWithin(this.touch, this.touch.time, place, TAP)) this.add(event, place, "Tap", true);
        break;
      case Mouse.Click:
        this.add(event, place, "Click", false);
        break;
      case Mouse.DoubleClick:
        this.doubleClick(event, place);
        break;
      case Mouse.ContextMenu:
        this.last = null;
        this.tell(this.moment(event, `Right click on ${this.targetOf(event)}`));
        break;
    }
  }

  private add(event: RrwebEvent, place: Place, word: string, isTap: boolean): void {
    const last = this.sameClick(place);
    if (last && last.isTap && !isTap) {
      // The browser's click for the tap.
      last.isTap = false;
      return;
    }
    if (!last) {
      const target = this.targetOf(event);
      const moment = this.moment(event, `${word} on ${target}`);
      this.last = { moment, x: place.x, y: place.y, times: [place.time], target, isTap };
      this.tell(moment);
      this.expect(this.last, event);
      return;
    }
    last.isTap = isTap;
    last.times.push(place.time);
    last.moment.end = place.time;
    const isRage = last.moment.kind === "frustration" || isRageful(last.times);
    if (isRage) Object.assign(last.moment, { kind: "frustration", tone: "warn" });
    last.moment.text = `${isRage ? "Rage click: " : ""}${last.times.length} ${word.toLowerCase()}s on ${last.target}`;
    this.expect(last, event);
  }

  private doubleClick(event: RrwebEvent, place: Place): void {
    const last = this.sameClick(place);
    if (!last) this.tell(this.moment(event, `Double click on ${this.targetOf(event)}`));
    else if (last.times.length <= 2) last.moment.text = `Double click on ${last.target}`;
  }

  /** The click that this one belongs to; null: it is another. */
  private sameClick(place: Place): Click | null {
    const { last } = this;
    return last && isWithin(last, last.moment.end, place, RAGE) ? last : null;
  }

  /** Waits for what the click leads to, where it should lead to something that is seen. */
  private expect(click: Click, event: RrwebEvent): void {
    const node = this.nodes.get(event.data["id"]);
    // What a button does when it goes down is there before the click.
    const hasReacted = this.down !== null && this.reactedAt >= this.down.time && event.timestamp - this.down.time < RAGE.withinMs;
    if (node && answers(node) && !hasReacted && !this.unanswered.includes(click)) this.unanswered.push(click);
  }

  private targetOf({ data }: RrwebEvent): string {
    const node = this.nodes.get(data["id"]);
    return node ? called(this.nodes, node) : `${Math.round(Number(data["x"]) || 0)}, ${Math.round(Number(data["y"]) || 0)}`;
  }

  private moment(event: RrwebEvent, text: string): Moment {
    const node = this.nodes.get(event.data["id"]);
    return { kind: "click", time: event.timestamp, end: event.timestamp, text, detail: node ? windowOf(node) : "", tone: "plain", event };
  }
}

/** The title of the native window that a node is in; empty: it is in none. */
export function windowOf(node: StoryNode): string {
  let title = "";
  for (let around: StoryNode | null = node; around; around = around.parent) title = titleOf(around) || title;
  return title && `in ${title}`;
}

/** What the title bar of a view says. */
export function titleOf({ attributes, children }: StoryNode): string {
  if (typeof attributes["data-view"] !== "string") return "";
  const bar = children.find((child) => /^b\b/.test(String(child.attributes["class"] ?? "")));
  return bar?.children[0]?.text.slice(0, 200).trim() ?? "";
}

function markDead({ moment, target, times }: Click): void {
  if (moment.kind === "click") moment.text = times.length > 1 ? `Dead click: ${times.length} clicks on ${target}` : `Dead click on ${target}`;
  moment.kind = "frustration";
  moment.tone = "warn";
  moment.detail = [moment.detail, `nothing changed for ${DEAD_MS / 1_000} s`].filter(Boolean).join(" · ");
}

/** Whether a place is so near to one of before, which was at `time`. */
const isWithin = ({ x, y }: { x: number; y: number }, time: number, place: Place, { withinMs, withinPx }: { withinMs: number; withinPx: number }) =>
  place.time - time <= withinMs && (x - place.x) ** 2 + (y - place.y) ** 2 <= withinPx ** 2;

/** Whether among the clicks in one place, the last ones came fast enough. */
const isRageful = (times: readonly number[]) =>
  times.length >= RAGE.clicks && (times.at(-1) as number) - (times.at(-RAGE.clicks) as number) <= RAGE.withinMs;

const SEEN = new Set<unknown>([
  Source.Mutation,
  Source.Scroll,
  Source.ViewportResize,
  Source.Input,
  Source.MediaInteraction,
  Source.StyleSheetRule,
  Source.CanvasMutation,
  Source.Font,
  Source.StyleDeclaration,
  Source.AdoptedStyleSheet,
]);

/** Whether an event is a change that somebody sees. */
function reacts({ type, data }: RrwebEvent): boolean {
  if (type === EventType.Meta || type === EventType.FullSnapshot) return true;
  if (type === EventType.Plugin) return isFields(data["payload"]) && typeof data["payload"]["href"] === "string";
  if (type !== EventType.Incremental) return false;
  return SEEN.has(data.source) || (data.source === Source.Selection && asList(data["ranges"]).length > 0);
}

/** What answers a click outside of what is recorded, or only with the focus. */
const SILENT = /^(html|body|select|option|textarea|video|audio|canvas|iframe|object|embed)?$/;

/** Whether a click on a node should lead to something that is seen in the recording. */
function answers(node: StoryNode): boolean {
  const { tag, attributes } = controlAround(node);
  if (SILENT.test(tag) || attributes["contenteditable"] != null || controlOf({ ...node, tag, attributes }) === "text field") return false;
  if (tag === "input") return /^(button|submit|reset|image|checkbox|radio)$/i.test(String(attributes["type"]));
  return tag !== "a" || !(attributes["target"] === "_blank" || attributes["download"] != null || /^(mailto|tel):/i.test(String(attributes["href"])));
}
