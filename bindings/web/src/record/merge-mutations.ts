// Joins changes of the document that follow one another to one event, wherever a player ends with the same document. A player
// removes first, then adds, then sets texts and attributes; where that order would make another document, nothing is joined.

import { type Attributes, EventType, type MutationData, NodeType, type RrwebEvent, Source } from "../model/rrweb-event";

/** Changes further apart stay apart: a player shows each at its time. */
const WINDOW_MS = 50;
/** Nodes that a joined event adds; the search through them has to stay short. */
const MAX_ADDS = 2_000;

type Add = MutationData["adds"][number] & { previousId?: number | null };
type Remove = { parentId: number; id: number };

/** The events, those of them joined that can be. None of them is changed. */
export function mergeMutations(events: RrwebEvent[], windowMs = WINDOW_MS): RrwebEvent[] {
  const merged: RrwebEvent[] = [];
  let group: Group | null = null;
  const close = () => {
    if (group) merged.push(group.event());
    group = null;
  };
  for (const event of events) {
    const data = mergeable(event);
    if (data && group && event.timestamp - (group as Group).timestamp <= windowMs && (group as Group).join(data)) continue;
    close();
    if (data) group = new Group(event, data);
    else merged.push(event);
  }
  close();
  return merged;
}

/** Attributes that a player does more with than set them. */
const SPECIAL = ["_cssText", "rr_open_mode", "open", "value"];

/** null: not a change of the document, or one that stays by itself, such as the document of a frame. */
function mergeable({ type, data }: RrwebEvent): MutationData | null {
  if (type !== EventType.Incremental || data.source !== Source.Mutation || data.isAttachIframe) return null;
  if (data.attributes.some(({ attributes }) => SPECIAL.some((name) => name in attributes))) return null;
  const isFlat = ({ node, previousId }: Add) =>
    node.type !== NodeType.Document && (node.childNodes ?? []).length === 0 && (previousId ?? null) === null;
  return data.adds.every(isFlat) ? data : null;
}

class Group {
  readonly timestamp: number;
  private data: MutationData;
  private isJoined = false;
  /** Whether a player can add the nodes one after the other: none refers to one that comes later. */
  private isInOrder: boolean;

  constructor(
    private readonly first: RrwebEvent,
    data: MutationData,
  ) {
    this.timestamp = first.timestamp;
    this.data = data;
    this.isInOrder = isInOrder(data.adds);
  }

  event(): RrwebEvent {
    if (!this.isJoined) return this.first;
    const { texts, attributes } = this.data;
    const data = { ...this.data, texts: lastTexts(texts), attributes: joinAttributes(attributes) };
    return { ...this.first, data } as RrwebEvent;
  }

  /** Takes in what came next; false: it has to stay by itself, and nothing was taken. */
  join(next: MutationData): boolean {
    if (this.data.adds.length + next.adds.length > MAX_ADDS) return false;
    const joined = next.adds.length + next.removes.length === 0 ? withValues(this.data, next) : this.withNodes(next);
    if (!joined) return false;
    this.data = joined;
    this.isJoined = true;
    return true;
  }

  private withNodes(next: MutationData): MutationData | null {
    const { data } = this;
    const added = new Set(next.adds.map(({ node }) => node.id));
    const removed = new Set((next.removes as Remove[]).map(({ id }) => id));
    const gone = goneOf(data.adds, added, removed);
    if (!gone) return null;
    const rest = data.adds.filter(({ node }) => !gone.has(node.id));
    const isTouched = (id: number | null) => id !== null && (gone.has(id) || added.has(id) || removed.has(id));
    if (rest.some(({ parentId, nextId }) => isTouched(parentId) || isTouched(nextId))) return null;
    if (next.adds.length > 0 && rest.length > 0 && !this.isInOrder) return null;
    this.isInOrder = (rest.length === 0 || this.isInOrder) && isInOrder(next.adds);
    const isKept = ({ id }: { id: number }) => !isTouched(id);
    return {
      ...data,
      removes: [...data.removes, ...(next.removes as Remove[]).filter(({ id }) => !gone.has(id))],
      adds: [...rest, ...next.adds],
      texts: [...data.texts.filter(isKept), ...next.texts],
      attributes: [...data.attributes.filter(isKept), ...next.attributes],
    };
  }
}

/** Those of the nodes added before that are removed, or added anew, by what comes next; null: it can't be told. */
function goneOf(adds: Add[], added: Set<number>, removed: Set<number>): Set<number> | null {
  const gone = new Set<number>();
  for (const { node, parentId } of adds) {
    // Twice in the document: only a player knows what becomes of the first.
    if (added.has(node.id) && !removed.has(node.id)) return null;
    if (removed.has(node.id) || gone.has(parentId)) gone.add(node.id);
  }
  // In a list that is not in order a child may stand before its parent.
  return adds.some(({ node, parentId }) => gone.has(parentId) && !gone.has(node.id)) ? null : gone;
}

function isInOrder(adds: Add[]): boolean {
  const later = new Set(adds.map(({ node }) => node.id));
  return adds.every(({ node, parentId, nextId }) => {
    later.delete(node.id);
    return !later.has(parentId) && (nextId === null || !later.has(nextId));
  });
}

const withValues = (data: MutationData, { texts, attributes }: MutationData): MutationData => ({
  ...data,
  texts: [...data.texts, ...texts],
  attributes: [...data.attributes, ...attributes],
});

const lastTexts = (texts: MutationData["texts"]) => [...new Map(texts.map((text) => [text.id, text])).values()];

/** One record for each element, but where a change of some styles follows a style that was set as a whole. */
function joinAttributes(records: MutationData["attributes"]): MutationData["attributes"] {
  const joined: MutationData["attributes"] = [];
  const current = new Map<number, Attributes>();
  for (const { id, attributes } of records) {
    const known = current.get(id);
    if (known && !(isObject(attributes["style"]) && "style" in known && !isObject(known["style"]))) {
      assign(known, attributes);
      continue;
    }
    const record = { id, attributes: { ...attributes } };
    joined.push(record);
    current.set(id, record.attributes);
  }
  return joined;
}

/** What is set last stands last: of a style and its shorthand the later one counts. */
function assign(known: Attributes, changed: Attributes): void {
  for (const name in changed) {
    const [before, after] = [known[name], changed[name]];
    delete known[name];
    known[name] = isObject(before) && isObject(after) ? without(before, after) : after;
  }
}

const without = (before: Attributes, after: Attributes): Attributes => ({
  ...Object.fromEntries(Object.entries(before).filter(([name]) => !(name in after))),
  ...after,
});

const isObject = (value: unknown): value is Attributes => typeof value === "object" && value !== null;
