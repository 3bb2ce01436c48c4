// Makes an event of a frame's document one of this page: its nodes get this page's numbers, so that it can say nothing of any
// other node. What is no event that rrweb records of a document is refused: a frame's page can send anything.

import { EventType, NodeType, type RrwebEvent, type SerializedNode, Source } from "../model/rrweb-event";

/** This page's numbers of a frame's nodes and style sheets. */
export interface FrameIds {
  node(id: number): number;
  style(id: number): number;
}

export interface FramePlace {
  /** This page's number of the element that shows the frame. */
  elementId: number;
  /** Of the frame's document, once it was described. */
  rootId: number | null;
  ids: FrameIds;
}

/** Deeper documents have no place in a player's stack of calls. */
const MAX_DEPTH = 1_000;
const MAX_ID = 2 ** 32;
const TAG_NAME = /^[a-z][^\s<>"'/=\0]{0,199}$/i;

type Json = Record<string, unknown>;

/** Thrown for what is refused, and caught in this file. */
class Refused extends Error {}
const refuse = (why: string): never => {
  throw new Refused(why);
};

/**
 * The event as this page's, made of `event`, which was parsed from JSON and is changed; null: nothing of it is for a replay. A text
 * says why it was refused.
 */
export function mergeFrameEvent(event: unknown, place: FramePlace, now: number): RrwebEvent | null | string {
  try {
    const { type, data } = object(event);
    if (type === EventType.FullSnapshot) return attached(object(data), place, now);
    // What a frame says beside its document (Meta, custom events, those of plugins) is not the page's to say.
    if (type !== EventType.Incremental || place.rootId === null) return null;
    const known = REMAPS[Number(object(data)["source"])];
    if (!known) return null;
    known(object(data), place);
    return { type, data, timestamp: now } as RrwebEvent;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

/** A full snapshot becomes the document in the frame's element. */
function attached(data: Json, place: FramePlace, now: number): RrwebEvent {
  const node = object(data["node"]);
  if (node["type"] !== NodeType.Document) refuse("a full snapshot without a document");
  const rootId = place.ids.node(id(node["id"]));
  place.rootId = null;
  remapTree(node, { ...place, rootId });
  place.rootId = rootId;
  return inFrame(place, node as unknown as SerializedNode, now);
}

/** An empty document: what was in the frame is gone. */
export const emptyDocument = (place: FramePlace, rootId: number, now: number): RrwebEvent =>
  inFrame(place, { type: NodeType.Document, childNodes: [], id: rootId }, now);

function inFrame({ elementId }: FramePlace, node: SerializedNode, timestamp: number): RrwebEvent {
  const adds = [{ parentId: elementId, nextId: null, node }];
  return {
    type: EventType.Incremental,
    timestamp,
    data: { source: Source.Mutation, adds, removes: [], texts: [], attributes: [], isAttachIframe: true },
  };
}

type Remap = (data: Json, place: FramePlace) => void;

const remapId: Remap = (data, place) => nodes(data, ["id"], place);
const remapPositions: Remap = (data, place) => {
  for (const position of objects(data["positions"])) nodes(position, ["id"], place);
};
const remapRules: Remap = (data, place) => {
  nodes(data, ["id"], place);
  if (data["styleId"] !== undefined) data["styleId"] = place.ids.style(id(data["styleId"]));
};

/** By the kind of an incremental event; of kinds that are missing nothing is taken: the size of a frame, fonts. */
const REMAPS: Partial<Record<number, Remap>> = {
  [Source.Mutation]: remapMutation,
  [Source.MouseMove]: remapPositions,
  [Source.TouchMove]: remapPositions,
  [Source.Drag]: remapPositions,
  [Source.MouseInteraction]: remapId,
  [Source.Scroll]: remapId,
  [Source.Input]: (data, place) => {
    if (typeof data["text"] !== "string") refuse("an input without a text");
    remapId(data, place);
  },
  [Source.MediaInteraction]: remapId,
  [Source.CanvasMutation]: remapId,
  [Source.StyleSheetRule]: remapRules,
  [Source.StyleDeclaration]: remapRules,
  [Source.Selection]: (data, place) => {
    for (const range of objects(data["ranges"])) nodes(range, ["start", "end"], place);
  },
  [Source.AdoptedStyleSheet]: remapAdopted,
};

function remapMutation(data: Json, place: FramePlace): void {
  const adds = objects(data["adds"]);
  for (const add of adds) {
    nodes(add, ["parentId", "nextId", "previousId"], place);
    remapTree(object(add["node"]), place);
  }
  for (const removed of objects(data["removes"])) nodes(removed, ["parentId", "id"], place);
  for (const changed of objects(data["attributes"])) {
    object(changed["attributes"]);
    nodes(changed, ["id"], place);
  }
  for (const text of objects(data["texts"])) {
    if (typeof text["value"] !== "string" && text["value"] !== null) refuse("a text that is none");
    nodes(text, ["id"], place);
  }
  // The document of a frame in the frame; whatever else says that it is one would be put in the place of another.
  const areDocuments = adds.every(({ node }) => (node as Json)["type"] === NodeType.Document);
  if (data["isAttachIframe"] !== undefined && !(data["isAttachIframe"] === true && areDocuments)) refuse("a frame without a document");
}

function remapAdopted(data: Json, place: FramePlace): void {
  nodes(data, ["id"], place);
  const style = (value: unknown) => place.ids.style(id(value));
  data["styleIds"] = array(data["styleIds"]).map(style);
  if (data["styles"] === undefined) return;
  for (const sheet of objects(data["styles"])) {
    sheet["styleId"] = style(sheet["styleId"]);
    if (!objects(sheet["rules"]).every(({ rule }) => typeof rule === "string")) refuse("a rule that is no text");
  }
}

/** Without recursion: documents are nested deeper than a stack of calls may be. */
function remapTree(root: Json, place: FramePlace): void {
  const todo: [node: Json, depth: number][] = [[root, 0]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [node, depth] = next;
    if (depth > MAX_DEPTH) refuse(`a document that is more than ${MAX_DEPTH} elements deep`);
    checkNode(node);
    node["id"] = place.ids.node(id(node["id"]));
    // A frame's own document is number 1 there, and then its nodes name no document.
    if (node["rootId"] !== undefined) node["rootId"] = place.ids.node(id(node["rootId"]));
    else if (node["type"] !== NodeType.Document) node["rootId"] = place.rootId;
    if (node["childNodes"] === undefined) continue;
    for (const child of objects(node["childNodes"])) todo.push([child, depth + 1]);
  }
}

function checkNode({ type, tagName, attributes, textContent }: Json): void {
  if (!Number.isInteger(type) || (type as number) < NodeType.Document || (type as number) > NodeType.Comment) {
    refuse("a node of an unknown kind");
  }
  if (type === NodeType.Element) {
    if (typeof tagName !== "string" || !TAG_NAME.test(tagName)) refuse("an element without a name");
    object(attributes);
  }
  if (textContent !== undefined && typeof textContent !== "string") refuse("a text that is none");
}

function nodes(data: Json, keys: string[], { ids }: FramePlace): void {
  for (const key of keys) {
    const value = data[key];
    if (value === undefined || value === null) continue;
    // rrweb says −1 of a node that it does not know.
    data[key] = typeof value === "number" && value < 0 ? -1 : ids.node(id(value));
  }
}

const id = (value: unknown): number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < MAX_ID ? (value as number) : refuse("a number of no node");

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : refuse("no object"));
const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : refuse("no list"));
const objects = (value: unknown): Json[] => array(value).map(object);
