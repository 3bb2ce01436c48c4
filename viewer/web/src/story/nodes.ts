// The recorded document as it was at a moment, as far as names need it: what a click or an input was on. Read from events of which
// nothing is taken for granted; the player's own document is at another moment.

import { asList, type Fields, isFields } from "../model/json";
import { NodeType } from "../model/rrweb-event";

export interface StoryNode {
  id: number;
  type: number;
  /** In lower case; empty for what is no element. */
  tag: string;
  attributes: Fields;
  text: string;
  parent: StoryNode | null;
  children: StoryNode[];
}

/** What is heard of each node that comes and goes. */
export interface NodeListener {
  added(node: StoryNode): void;
  removed(node: StoryNode): void;
}

/** Of what lies in a node, so much is read for its text. */
const MAX_READ_NODES = 200;
const MAX_TEXT = 80;

export class StoryNodes {
  private readonly byId = new Map<number, StoryNode>();
  /** By the id attribute that it is for. */
  private readonly labels = new Map<string, StoryNode>();
  private title: StoryNode | null = null;

  constructor(private readonly listener: NodeListener) {}

  get(id: unknown): StoryNode | null {
    return this.byId.get(id as number) ?? null;
  }

  labelFor(name: string): StoryNode | null {
    return this.labels.get(name) ?? null;
  }

  /** What the document's title says; empty: it has none. */
  get documentTitle(): string {
    return this.title ? textOf(this.title) : "";
  }

  /** Begins anew with the tree of a full snapshot. */
  reset(tree: unknown): void {
    this.byId.clear();
    this.labels.clear();
    this.title = null;
    if (isFields(tree)) this.build(tree, null, 0);
  }

  /** Applies the data of a mutation; returns the elements whose attributes changed, as they were and as they are. */
  change(data: Fields): [node: StoryNode, changed: Fields][] {
    for (const removal of asList(data["removes"])) if (isFields(removal)) this.remove(this.get(removal["id"]));
    for (const { node, parentId, nextId } of inOrder(asList(data["adds"]), this.byId)) {
      const parent = this.get(parentId);
      const next = this.get(nextId);
      this.remove(this.get((node as Fields)["id"]));
      this.build(node as Fields, parent, next && next.parent === parent && parent ? parent.children.indexOf(next) : -1);
    }
    for (const text of asList(data["texts"])) {
      const node = isFields(text) ? this.get(text["id"]) : null;
      if (node) node.text = typeof (text as Fields)["value"] === "string" ? ((text as Fields)["value"] as string) : "";
    }
    const changes: [StoryNode, Fields][] = [];
    for (const change of asList(data["attributes"])) {
      const node = isFields(change) ? this.get(change["id"]) : null;
      const attributes = isFields(change) ? change["attributes"] : null;
      if (!node || !isFields(attributes)) continue;
      // A copy: those that were recorded stay as they are.
      node.attributes = { ...node.attributes, ...attributes, ...styleAfter(node.attributes["style"], attributes["style"]) };
      changes.push([node, attributes]);
    }
    return changes;
  }

  /** Puts a node and all that lies in it, however deep, into its parent; `at`: before which child, -1: behind all. */
  private build(tree: Fields, parent: StoryNode | null, at: number): void {
    const todo: [Fields, StoryNode | null, number][] = [[tree, parent, at]];
    for (let next = todo.pop(); next; next = todo.pop()) {
      const [fields, parent, at] = next;
      const node = this.enter(fields, parent, at);
      const children = asList(fields["childNodes"]);
      for (let index = children.length - 1; index >= 0; index--) {
        const child = children[index];
        if (isFields(child)) todo.push([child, node, -1]);
      }
    }
  }

  private enter(fields: Fields, parent: StoryNode | null, at: number): StoryNode {
    const { id, type, tagName, textContent } = fields;
    const node: StoryNode = {
      id: typeof id === "number" ? id : -1,
      type: typeof type === "number" ? type : -1,
      tag: typeof tagName === "string" ? tagName.toLowerCase() : "",
      attributes: isFields(fields["attributes"]) ? fields["attributes"] : NONE,
      text: typeof textContent === "string" ? textContent : "",
      parent,
      children: [],
    };
    if (at < 0) parent?.children.push(node);
    else parent?.children.splice(at, 0, node);
    this.byId.set(node.id, node);
    if (node.tag === "label" && typeof node.attributes["for"] === "string") this.labels.set(node.attributes["for"], node);
    // The first one is the page's: those of its frames come later.
    if (node.tag === "title" && parent?.tag === "head") this.title ??= node;
    this.listener.added(node);
    return node;
  }

  private remove(node: StoryNode | null): void {
    if (!node) return;
    const siblings = node.parent?.children;
    const at = siblings?.indexOf(node) ?? -1;
    if (at >= 0) siblings?.splice(at, 1);
    const todo = [node];
    for (let next = todo.pop(); next; next = todo.pop()) {
      if (this.byId.get(next.id) === next) this.byId.delete(next.id);
      if (next === this.title) this.title = null;
      this.listener.removed(next);
      for (const child of next.children) todo.push(child);
    }
  }
}

const NONE: Fields = {};

/** The whole style, as a text, where a change tells parts of it: `false` takes one out, a list says that it is important. */
const styleAfter = (before: unknown, change: unknown) => (isFields(change) ? { style: withParts(before, change) } : {});

function withParts(before: unknown, change: Fields): string {
  const rules = (typeof before === "string" ? before : "").split(";").filter((rule) => rule !== "" && !(rule.slice(0, rule.indexOf(":")).trim() in change));
  const fresh = Object.entries(change).map(([name, value]) => (value === false ? "" : `${name}:${Array.isArray(value) ? value[0] : value}`));
  return [...rules, ...fresh.filter(Boolean)].join(";");
}

/** Entries of `adds` with those first whose parent and next node are there: rrweb gives the last sibling first, but not always. */
function inOrder(adds: unknown[], known: ReadonlyMap<number, unknown>): Fields[] {
  const entries = adds.filter((add): add is Fields => isFields(add) && isFields(add["node"]));
  const own = new Map(entries.map((add) => [(add["node"] as Fields)["id"], add]));
  const isReady = ({ parentId, nextId }: Fields, done: ReadonlySet<unknown>) =>
    [parentId, nextId].every((id) => id == null || done.has(id) || !own.has(id) || known.has(id as number));
  const done = new Set<unknown>();
  const sorted: Fields[] = [];
  let waiting = entries;
  while (waiting.length > 0) {
    const later: Fields[] = [];
    for (const add of waiting) {
      if (!isReady(add, done)) later.push(add);
      else {
        sorted.push(add);
        done.add((add["node"] as Fields)["id"]);
      }
    }
    // They wait for each other: taken as they come.
    if (later.length === waiting.length || sorted.length * later.length > MAX_WAITING) return [...sorted, ...later];
    waiting = later;
  }
  return sorted;
}

/** Beyond this the order is not worth its time: only the order of texts in a name depends on it. */
const MAX_WAITING = 10_000_000;

/** What these hold is not read as the text of what they are in. */
const NO_TEXT = new Set(["style", "script", "select", "textarea", "svg"]);

/** The text in a node, in one line; no more of it than a name needs. */
export function textOf(node: StoryNode): string {
  let text = "";
  let read = 0;
  const todo = [node];
  for (let next = todo.pop(); next && read < MAX_READ_NODES && text.length < 2 * MAX_TEXT; next = todo.pop()) {
    read += 1;
    if (next.type === NodeType.Text) text += ` ${next.text.slice(0, 2 * MAX_TEXT)}`;
    if (next !== node && NO_TEXT.has(next.tag)) continue;
    for (let index = next.children.length - 1; index >= 0; index--) todo.push(next.children[index] as StoryNode);
  }
  return oneLine(text, MAX_TEXT);
}

/** Without line breaks and double spaces, and no longer than this. */
export function oneLine(text: string, most: number): string {
  const line = text.slice(0, 8 * most).replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most).trimEnd()}…` : line;
}
