// A session's events, read as a story. Nothing is taken for granted about them: they may say anything.

import { entryOf } from "../companions/entries";
import { REQUEST_TAG } from "../model/event-names";
import { asList, type Fields, isFields } from "../model/json";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import { Clicks, Mouse, titleOf, windowOf } from "./clicks";
import { Gaps } from "./gaps";
import { type Kind, type Moment, span, type Tone } from "./moment";
import { called, controlAround, controlOf } from "./names";
import { oneLine, type StoryNode, StoryNodes } from "./nodes";

const MAX_TEXT = 300;
/** Scrolling, resizing and typing go on after a pause as long as this. */
const PAUSE_MS = { scroll: 5_000, size: 5_000, input: 30_000 };

/** Tags of the library's own custom events. */
const TRIGGER = "session-replay-trigger";
const DIED = "process-died";
const UNHANDLED_ERROR = "session-replay-unhandled-error";
const RECORDER = "session-replay-recorder";
const KEY = "key";
/** Of a session that was downloaded: what of it could not be read. */
const LEFT_OUT = "session-replay-viewer/left-out";
/** Of the browser SDK's plugin, which tells each change of the address. */
const ADDRESSES = "amplitude/url-tracking@1";

interface View {
  node: StoryNode;
  title: string;
  isHidden: boolean;
}

export class Story {
  /** In the order of their times. */
  readonly moments: Moment[] = [];
  /** Another one whenever something was read: moments change, too, such as a click that turns out to be dead. */
  revision = 0;
  private done = 0;
  private last: RrwebEvent | undefined;
  private order = 0;
  private reader = new Reader(this.moments);

  /**
   * Reads what is new in a recording, whose events are in playing order; all of it, where something came in between, of which
   * `order` is another number then.
   */
  update(events: readonly RrwebEvent[], order = 0): void {
    const isSame = order === this.order && events[this.done - 1] === this.last;
    if (isSame && events.length === this.done) return;
    this.order = order;
    if (!isSame) {
      this.moments.length = 0;
      this.done = 0;
      this.reader = new Reader(this.moments);
    }
    for (; this.done < events.length; this.done++) this.reader.read(events[this.done] as RrwebEvent);
    this.last = events.at(-1);
    this.revision += 1;
  }
}

class Reader {
  private readonly nodes = new StoryNodes({ added: (node) => this.placed(node), removed: (node) => this.gone(node) });
  private readonly clicks = new Clicks(this.nodes, (moment) => this.moments.push(moment));
  private readonly gaps: Gaps;
  private address = "";
  /** The page whose full snapshot, and with it the title, is still to come. */
  private untitled: Moment | null = null;
  private readonly views = new Map<string, View>();
  /** Views that the event of now has placed and removed. */
  private readonly placedNow = new Map<string, StoryNode>();
  private readonly goneNow = new Map<string, StoryNode>();
  private hasSnapshot = false;
  /** Events that wait for the first full snapshot to be drawn. */
  private undrawn = 0;
  private firstTime: number | null = null;
  /** Of what goes on in several events: the node that it is about. */
  private readonly about = new WeakMap<Moment, unknown>();
  /** How often an error was told. */
  private readonly repeats = new WeakMap<Moment, { text: string; times: number }>();

  constructor(private readonly moments: Moment[]) {
    this.gaps = new Gaps(moments);
  }

  read(event: RrwebEvent): void {
    if (!Number.isFinite(event.timestamp)) return;
    this.firstTime ??= event.timestamp;
    this.gaps.read(event);
    this.clicks.watch(event);
    const { type, data } = event;
    if (type === EventType.Meta) this.readAddress(event, data["href"], "");
    else if (type === EventType.FullSnapshot) this.readSnapshot(event);
    else if (type === EventType.Incremental) this.readChange(event);
    else if (type === EventType.Plugin) this.readPlugin(event);
    else if (type === EventType.Custom) this.readCustom(event);
  }

  private tell(event: RrwebEvent, kind: Kind, text: string, detail = "", tone: Tone = "plain"): Moment {
    const moment = { kind, time: event.timestamp, end: event.timestamp, text: oneLine(text, MAX_TEXT), detail: oneLine(detail, MAX_TEXT), tone, event };
    this.moments.push(moment);
    return moment;
  }

  private readAddress(event: RrwebEvent, href: unknown, title: string): void {
    // A full snapshot that is taken now and then has a meta event, too: the page stays the same.
    if (typeof href !== "string" || href === "" || href === this.address) return;
    const word = this.address === "" || event.type === EventType.Meta ? "Opened" : "Went to";
    this.address = href;
    const moment = this.tell(event, "page", `${word} ${shortAddress(href)}`, [title, href].filter(Boolean).join(" · "));
    this.untitled = title === "" && event.type === EventType.Meta ? moment : null;
  }

  private readSnapshot(event: RrwebEvent): void {
    if (!this.hasSnapshot && this.undrawn > 0) {
      const late = span(event.timestamp - (this.firstTime ?? event.timestamp));
      const told = `${this.undrawn} ${this.undrawn === 1 ? "event" : "events"} before it can't be drawn`;
      this.tell(event, "recorder", `The full snapshot came ${late} late`, told, "warn");
    }
    this.hasSnapshot = true;
    const before = new Map(this.views);
    this.views.clear();
    this.nodes.reset(event.data["node"]);
    const { documentTitle } = this.nodes;
    if (this.untitled && documentTitle !== "") this.untitled.detail = oneLine(`${documentTitle} · ${this.untitled.detail}`, MAX_TEXT);
    this.untitled = null;
    for (const [number, node] of this.placedNow) this.enterView(event, number, node, before.get(number));
    this.placedNow.clear();
    for (const [number, view] of before) if (!this.views.has(number)) this.tellView(event, number, view, "closed");
  }

  private readChange(event: RrwebEvent): void {
    const { data } = event;
    if (!this.hasSnapshot) this.undrawn += 1;
    switch (data.source) {
      case Source.Mutation:
        this.readMutation(event);
        break;
      case Source.MouseInteraction:
        this.readMouse(event);
        break;
      case Source.Input:
        this.readInput(event);
        break;
      case Source.Scroll: {
        const node = this.nodes.get(data["id"]);
        const where = !node || node.tag === "" || node.tag === "html" || node.tag === "body" ? "" : ` in ${called(this.nodes, node)}`;
        const [x, y] = [data["x"], data["y"]].map((value) => Math.round(Number(value) || 0));
        this.goOn(event, "scroll", data["id"], () => `Scrolled${where}`).detail = `to ${x === 0 ? "" : `${x}, `}${y} px`;
        break;
      }
      case Source.ViewportResize: {
        const moment = this.goOn(event, "size", null, () => "");
        moment.text = `Resized to ${Number(data["width"])} × ${Number(data["height"])}`;
        break;
      }
    }
  }

  /** The moment that this event goes on with, or a new one. */
  private goOn(event: RrwebEvent, kind: keyof typeof PAUSE_MS, about: unknown, text: () => string): Moment {
    const last = this.moments.at(-1);
    if (last?.kind === kind && this.about.get(last) === about && event.timestamp - last.end <= PAUSE_MS[kind]) {
      last.end = event.timestamp;
      return last;
    }
    const moment = this.tell(event, kind, text());
    this.about.set(moment, about);
    return moment;
  }

  private readMouse(event: RrwebEvent): void {
    this.clicks.read(event);
    const node = event.data["type"] === Mouse.Focus ? this.nodes.get(event.data["id"]) : null;
    // A click brings the focus along.
    if (node && !this.clicks.isFromPointer(event.timestamp)) this.tell(event, "focus", `Focus on ${called(this.nodes, node)}`, windowOf(node));
  }

  private readInput(event: RrwebEvent): void {
    const { data } = event;
    if (data["userTriggered"] === false) return;
    const node = this.nodes.get(data["id"]);
    const target = () => (node ? called(this.nodes, node) : "a field");
    const value = typeof data["text"] === "string" ? data["text"] : "";
    const type = node?.tag === "input" ? String(node.attributes["type"] ?? "").toLowerCase() : "";
    const where = node ? windowOf(node) : "";
    if (type === "radio" && data["isChecked"] !== true) return;
    if (type === "radio") this.tell(event, "input", `Chose ${target()}`, where);
    else if (type === "checkbox") this.tell(event, "input", `${data["isChecked"] === true ? "Checked" : "Unchecked"} ${target()}`, where);
    else if (node?.tag === "select") this.tell(event, "input", `Chose ${optionOf(node, value)} in ${target()}`, where);
    else {
      const moment = this.goOn(event, "input", data["id"], () => `Typed in ${target()}`);
      const isSlider = node !== null && controlOf(controlAround(node)) === "slider";
      const word = isSlider ? "Moved" : value === "" ? "Cleared" : "Typed in";
      moment.text = moment.text.replace(/^(Typed in|Cleared|Moved)/, word);
      moment.detail = oneLine([value, where].filter(Boolean).join(" · "), MAX_TEXT);
    }
  }

  private readPlugin(event: RrwebEvent): void {
    const { plugin, payload } = event.data;
    if (plugin === ADDRESSES && isFields(payload)) {
      this.readAddress(event, payload["href"], typeof payload["title"] === "string" ? payload["title"] : "");
      return;
    }
    const found = entryOf(event);
    if (found?.kind !== "console" || found.entry.tone === "plain") return;
    const said = found.entry.cells[1] || "(nothing)";
    const where = found.entry.details.find(([title]) => title === "Where")?.[1].split("\n")[0] ?? "";
    const isError = found.entry.tone === "grave";
    this.tellAgain(event, isError ? "error" : "warning", said, where, found.entry.tone);
  }

  /** What a loop says a thousand times is one moment. */
  private tellAgain(event: RrwebEvent, kind: Kind, text: string, detail: string, tone: Tone): void {
    const last = this.moments.at(-1);
    const repeat = last?.kind === kind ? this.repeats.get(last) : undefined;
    if (last && repeat?.text === text) {
      repeat.times += 1;
      last.end = event.timestamp;
      last.text = `${oneLine(text, MAX_TEXT)} (${repeat.times} times)`;
    } else this.repeats.set(this.tell(event, kind, text, detail, tone), { text, times: 1 });
  }

  private readCustom(event: RrwebEvent): void {
    const { tag, payload } = event.data;
    const fields: Fields = isFields(payload) ? payload : {};
    const name = typeof tag === "string" ? tag : "(no tag)";
    if (name === REQUEST_TAG) this.readRequest(event);
    else if (name === DIED || (name === TRIGGER && fields["reason"] === DIED)) this.tell(event, "error", "The app died", line(fields["crash"] ?? payload), "grave");
    else if (name === UNHANDLED_ERROR || (name === TRIGGER && fields["reason"] === "unhandled-error")) this.tell(event, "error", "Uncaught error", line(payload), "grave");
    else if (name === TRIGGER) this.tell(event, "custom", `Captured: ${line(fields["reason"])}`);
    else if (name === RECORDER) this.tell(event, "recorder", "The page's recorder has problems", asList(fields["problems"]).map(line).join("; "), "warn");
    else if (name === LEFT_OUT) this.tell(event, "recorder", "A request is missing from the file", [fields["sequence"], fields["problem"]].map(line).join(": "), "warn");
    else if (name === KEY && typeof fields["key"] === "string") this.tell(event, "key", `Pressed ${fields["key"]}`, this.viewTitle(fields["view"]));
    else this.tell(event, "custom", name, line(payload));
  }

  /** Only those that failed are part of the story: with a status of 400 or more, or with none. */
  private readRequest(event: RrwebEvent): void {
    const found = entryOf(event);
    if (!found || !isFields(event.data["payload"])) return;
    const { status } = event.data["payload"];
    const isAnswered = typeof status === "number" && status > 0;
    if (isAnswered && status < 400) return;
    const [method, , url, took] = found.entry.cells;
    const error = found.entry.details.find(([title]) => title === "Error")?.[1];
    const detail = [error, took && `after ${took}`, found.entry.details[0]?.[1]].filter(Boolean).join(" · ");
    this.tell(event, "request", `${method} ${shortAddress(url ?? "")} ${isAnswered ? `failed: ${status}` : "failed"}`, detail, "grave");
  }

  // Windows of native programs

  private placed(node: StoryNode): void {
    const number = viewOf(node);
    if (number !== null) this.placedNow.set(number, node);
  }

  private gone(node: StoryNode): void {
    const number = viewOf(node);
    if (number !== null) this.goneNow.set(number, node);
  }

  private readMutation(event: RrwebEvent): void {
    const changes = this.nodes.change(event.data);
    for (const [number, node] of this.goneNow) {
      const view = this.views.get(number);
      // It may be taken out to be put elsewhere.
      if (!view || view.node !== node || this.placedNow.has(number)) continue;
      this.views.delete(number);
      this.tellView(event, number, view, "closed");
    }
    this.goneNow.clear();
    for (const [number, node] of this.placedNow) this.enterView(event, number, node, this.views.get(number));
    this.placedNow.clear();
    for (const [node, { style }] of changes) {
      const number = viewOf(node);
      const view = number === null ? undefined : this.views.get(number);
      if (!view || number === null) continue;
      const isHidden = hides(style, view.isHidden);
      if (isHidden === view.isHidden) continue;
      view.isHidden = isHidden;
      this.tellView(event, number, view, isHidden ? "hidden" : "shown");
    }
  }

  private enterView(event: RrwebEvent, number: string, node: StoryNode, before: View | undefined): void {
    const view = { node, title: titleOf(node), isHidden: hides(node.attributes["style"], false) };
    this.views.set(number, view);
    if (!before) this.tellView(event, number, view, "opened");
  }

  private tellView(event: RrwebEvent, number: string, view: View, what: string): void {
    view.title = titleOf(view.node) || view.title;
    this.tell(event, "view", `${view.title ? `Window "${view.title}"` : `View ${number}`} ${what}`);
  }

  private viewTitle(number: unknown): string {
    const view = this.views.get(String(number));
    return view ? windowOf(view.node) : "";
  }
}

/** The number of the view that a node is the box of; null: it is none. */
function viewOf({ attributes }: StoryNode): string | null {
  const number = attributes["data-view"];
  return typeof number === "string" && typeof attributes["data-content"] === "string" ? number : null;
}

/** Whether a style hides its element: a whole one, or what of it has changed. */
function hides(style: unknown, isHidden: boolean): boolean {
  if (typeof style === "string") return /(^|;)\s*display:\s*none/.test(style);
  return isFields(style) && "display" in style ? style["display"] === "none" : isHidden;
}

/** What the chosen option of a list says. */
function optionOf(list: StoryNode, value: string): string {
  const option = list.children.find(({ tag, attributes }) => tag === "option" && attributes["value"] === value);
  return `"${oneLine((option && option.children[0]?.text) || value, MAX_TEXT)}"`;
}

/** Without what all addresses of a page have in common. */
function shortAddress(href: string): string {
  const [, host = "", path = ""] = /^https?:\/\/([^/?#]*)([^]*)$/.exec(href) ?? [];
  return host === "" ? href : path === "/" ? host : host + path;
}

const line = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : (JSON.stringify(value) ?? "").slice(0, 4 * MAX_TEXT);
