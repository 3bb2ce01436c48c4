// Events that are drawn at once, on the way to a moment: what a later one of them makes of no effect is left out. A stretch of thousands
// that change the same texts becomes one event.

import { asList, type Fields, isFields } from "../model/json";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";

/** Added more often than that within a stretch, pictures and frames are built in rrweb's own document first: in the browser's each would begin to load. */
const MAX_COSTLY = 50;
const COSTLY = /^(img|image|iframe|video|audio|canvas|object|embed)$/i;

/** Whether rrweb should play these in a document of its own, and then bring over what differs. That costs as much as the whole page, three times. */
export function wantsVirtualDom(events: readonly RrwebEvent[]): boolean {
  let costly = 0;
  for (const { type, data } of events) {
    if (type !== EventType.Incremental || data.source !== Source.Mutation) continue;
    for (const add of asList(data["adds"])) if (isFields(add) && isFields(add["node"]) && COSTLY.test(String(add["node"]["tagName"]))) costly += 1;
    if (costly > MAX_COSTLY) return true;
  }
  return false;
}

/** The same to look at once all are drawn. The events stay as they are; one that is put together has the time of the first that went into it. */
export function compact(events: readonly RrwebEvent[]): RrwebEvent[] {
  const last = lastOfEachPlace(events);
  const kept: (RrwebEvent | Run)[] = [];
  /** They come last, as in rrweb's own document: each makes the browser lay out the page. */
  const scrolls: RrwebEvent[] = [];
  const end = events.at(-1)?.timestamp ?? 0;
  let run: Run | null = null;
  for (const [at, event] of events.entries()) {
    const place = placeOf(event);
    if (place !== undefined && last.get(place) !== at) continue;
    if (event.data.source === Source.Scroll && place !== undefined) {
      scrolls.push({ ...event, timestamp: end });
      continue;
    }
    if (isChange(event)) {
      if (run?.take(event)) continue;
      run = new Run(event);
      kept.push(run);
      continue;
    }
    if (!isBeside(event)) run = null;
    kept.push(event);
  }
  return [...kept.map((event) => (event instanceof Run ? event.whole() : event)), ...scrolls];
}

/** Where the pointer is, and how far something is scrolled: of each the last one counts. */
function placeOf({ type, data }: RrwebEvent): unknown {
  if (type !== EventType.Incremental) return undefined;
  if (data.source === Source.Scroll) return data["id"];
  return data.source === Source.MouseMove || data.source === Source.TouchMove || data.source === Source.Drag ? POINTER : undefined;
}

const POINTER = Symbol("pointer");

function lastOfEachPlace(events: readonly RrwebEvent[]): Map<unknown, number> {
  const last = new Map<unknown, number>();
  for (const [at, event] of events.entries()) {
    const place = placeOf(event);
    if (place !== undefined) last.set(place, at);
  }
  return last;
}

const BESIDE = new Set<unknown>([Source.MouseMove, Source.MouseInteraction, Source.Scroll, Source.ViewportResize, Source.TouchMove, Source.Drag, Source.Selection]);

/** What neither changes the document nor depends on what is in it. */
const isBeside = ({ type, data }: RrwebEvent) => type === EventType.Custom || type === EventType.Plugin || (type === EventType.Incremental && BESIDE.has(data.source));

/** A change of texts and attributes alone: nodes stay where they are. */
function isChange({ type, data }: RrwebEvent): boolean {
  if (type !== EventType.Incremental || data.source !== Source.Mutation || data["isAttachIframe"]) return false;
  return asList(data["adds"]).length === 0 && asList(data["removes"]).length === 0 && Array.isArray(data["texts"]) && Array.isArray(data["attributes"]) && data["attributes"].every(isPlain);
}

/** Attributes that stand for something else are not put together. */
const isPlain = (change: unknown) => isFields(change) && isFields(change["attributes"]) && !Object.keys(change["attributes"]).some((name) => /^(rr_|_)/i.test(name));

/** Changes one after the other that become one. */
class Run {
  private readonly texts = new Map<unknown, unknown>();
  private readonly attributes = new Map<unknown, Map<string, unknown>>();
  private size = 1;

  constructor(private readonly first: RrwebEvent) {}

  /** Takes one more, if it can. */
  take({ data }: RrwebEvent): boolean {
    if (this.size === 1) this.add(this.first.data);
    // What changes a part of a style is of no use once the whole style is another one.
    if ((data["attributes"] as Fields[]).some((change) => this.isMixed(change))) return false;
    this.size += 1;
    this.add(data);
    return true;
  }

  whole(): RrwebEvent {
    const { type, timestamp, data } = this.first;
    if (this.size === 1) return this.first;
    const texts = [...this.texts].map(([id, value]) => ({ id, value }));
    const attributes = [...this.attributes].map(([id, values]) => ({ id, attributes: Object.fromEntries(values) }));
    return { type, timestamp, data: { ...data, texts, attributes } };
  }

  private isMixed({ id, attributes }: Fields): boolean {
    const known = this.attributes.get(id);
    return known !== undefined && Object.entries(attributes as Fields).some(([name, value]) => isFields(value) && known.has(name) && !isFields(known.get(name)));
  }

  private add(data: Fields): void {
    for (const change of data["texts"] as unknown[]) {
      if (!isFields(change)) continue;
      // The last one stands last, too.
      this.texts.delete(change["id"]);
      this.texts.set(change["id"], change["value"]);
    }
    for (const { id, attributes } of data["attributes"] as Fields[]) {
      const known = this.attributes.get(id) ?? new Map<string, unknown>();
      this.attributes.set(id, known);
      for (const [name, value] of Object.entries(attributes as Fields)) {
        const before = known.get(name);
        known.set(name, isFields(value) && isFields(before) ? inOrder(before, value) : value);
      }
    }
  }
}

/** Parts of a style, those that were set last at the end: one may be a part of another. */
function inOrder(before: Fields, then: Fields): Fields {
  const others = Object.entries(before).filter(([name]) => !(name in then));
  return Object.fromEntries([...others, ...Object.entries(then)]);
}
