// What rrweb's player leaves out or mixes up without a word, since the events do not build one document. Only what is sure is
// told: a node that was there once counts as there until the next full snapshot.

import { asList, type Fields, isFields } from "../model/json";
import { EventType, NodeType, type RrwebEvent, Source } from "../model/rrweb-event";

/** One kind of mistake: the first event with it, how many events have it, and how many nodes they are about. */
export interface Finding {
  first: RrwebEvent;
  events: number;
  nodes: number;
}

export type Mistake = "nested" | "duplicate" | "misplaced" | "broken";

export class TreeCheck {
  readonly found = new Map<Mistake, Finding>();
  /** Ids of what is in the document. */
  private readonly known = new Set<number>();
  /** Ids of what lay inside of a node that was added: players have none of it. */
  private readonly dropped = new Set<number>();
  /** The last event in which each mistake was found. */
  private readonly noted = new Map<Mistake, RrwebEvent>();
  private done = 0;
  private last: RrwebEvent | undefined;

  /** Checks what is new in a recording, whose events are in playing order; all of it, where something came in between. */
  update(events: readonly RrwebEvent[]): void {
    if (events[this.done - 1] !== this.last) this.reset();
    for (const event of events.slice(this.done)) this.check(event);
    this.done = events.length;
    this.last = events.at(-1);
  }

  private reset(): void {
    for (const set of [this.found, this.noted, this.known, this.dropped]) set.clear();
    this.done = 0;
  }

  private check(event: RrwebEvent): void {
    if (event.type === EventType.FullSnapshot) this.checkSnapshot(event);
    // Before the first one, nothing is drawn.
    else if (event.type === EventType.Incremental && event.data.source === Source.Mutation && this.known.size > 0) this.checkMutation(event);
  }

  private checkSnapshot(event: RrwebEvent): void {
    for (const set of [this.known, this.dropped]) set.clear();
    this.enter(event, event.data["node"]);
  }

  private checkMutation(event: RrwebEvent): void {
    const adds = asList(event.data["adds"]).filter(isFields);
    const own = new Set(adds.map(({ node }) => (isFields(node) ? node["id"] : null)));
    const isThere = (id: unknown) => own.has(id) || this.known.has(id as number);
    for (const add of adds) {
      const { node, parentId, nextId } = add;
      if (!isFields(node)) continue;
      // The document of a frame may come before the frame.
      const isLost = node["type"] !== NodeType.Document && !isThere(parentId);
      const isBefore = nextId !== null && nextId !== undefined && nextId !== -1;
      if (this.dropped.has(parentId as number)) this.drop(event, node);
      else if (isLost || (isBefore && !isThere(nextId))) this.note("misplaced", event);
      else this.add(event, node);
    }
    for (const change of asList(event.data["attributes"])) {
      if (isFields(change) && isFields(change["attributes"])) this.checkImage(event, change["attributes"]);
    }
  }

  /** A node that is added, with what lies in it: a player takes that of a frame's document only. */
  private add(event: RrwebEvent, node: Fields): void {
    if (node["type"] === NodeType.Document) return this.enter(event, node);
    const inside = asList(node["childNodes"]);
    this.enter(event, { ...node, childNodes: [] });
    inside.forEach((child) => isFields(child) && this.drop(event, child));
  }

  private drop(event: RrwebEvent, node: Fields): void {
    for (const each of treeOf(node)) {
      this.note("nested", event);
      if (typeof each["id"] === "number" && !this.known.has(each["id"])) this.dropped.add(each["id"]);
    }
  }

  private enter(event: RrwebEvent, tree: unknown): void {
    const own = new Set<number>();
    for (const node of treeOf(tree)) {
      const { id, attributes } = node;
      if (isFields(attributes)) this.checkImage(event, attributes);
      // Nodes that are of no interest, or were made up here, have ids below 0.
      if (typeof id !== "number" || id < 0) continue;
      if (own.has(id)) this.note("duplicate", event);
      own.add(id);
      this.known.add(id);
      this.dropped.delete(id);
    }
  }

  private checkImage(event: RrwebEvent, { src }: Fields): void {
    if (typeof src === "string" && isBroken(src)) this.note("broken", event);
  }

  private note(mistake: Mistake, event: RrwebEvent): void {
    const finding = this.found.get(mistake) ?? { first: event, events: 0, nodes: 0 };
    this.found.set(mistake, finding);
    finding.nodes += 1;
    if (this.noted.get(mistake) === event) return;
    this.noted.set(mistake, event);
    finding.events += 1;
  }
}

/** A node and all that lies in it, however deep. */
function* treeOf(tree: unknown): Generator<Fields> {
  const todo = [tree];
  for (let node = todo.pop(); todo.length > 0 || node; node = todo.pop()) {
    if (!isFields(node)) continue;
    yield node;
    // Not all at once as arguments: there may be too many.
    for (const child of asList(node["childNodes"])) todo.push(child);
  }
}

/** How files of all formats begin that browsers know; they look at that, and not at the name. */
const BEGINNINGS = ["\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF", "BM", "\0\0"];

/** Whether a `data:` URL of pixels is of no such format, or no base64: no browser can decode it. */
function isBroken(url: string): boolean {
  const [, body] = /^data:image\/(?:png|jpe?g|gif|webp);base64,([^]{0,100})/i.exec(url) ?? [];
  if (body === undefined) return false;
  const start = body.replace(/\s/g, "").slice(0, 24);
  // Not decided here: what is escaped, and what is mostly white space.
  if (start.includes("%") || (body.length === 100 && start.length < 24)) return false;
  try {
    const bytes = atob(start);
    return !BEGINNINGS.some((beginning) => bytes.startsWith(beginning));
  } catch {
    return true;
  }
}
