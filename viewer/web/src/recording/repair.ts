// Repairs the nodes of playable events that rrweb's player would throw on, or draw wrongly.

import { asList, type Fields, isFields } from "../model/json";
import { EventType, NodeType } from "../model/rrweb-event";
import { isMove } from "./playable";

/** No source: the player passes over such a change. */
const NO_SOURCE = -1;

/** Changes the data of an event that `isPlayable`, in place. */
export function repair(type: number, data: unknown): void {
  if (!isFields(data)) return;
  // A move without positions: the player trips over it when it catches up.
  const isEmptyMove = isMove(data["source"]) && asList(data["positions"]).length === 0;
  if (type === EventType.Incremental && isEmptyMove) data["source"] = NO_SOURCE;
  const isSnapshot = type === EventType.FullSnapshot;
  const node = data["node"];
  if (isSnapshot && isFields(node)) repairRoot(data, node);
  const todo: unknown[] = isSnapshot ? [data["node"]] : asList(data["adds"]).map((add) => (isFields(add) ? add["node"] : null));
  for (let next = todo.pop(); todo.length > 0 || next; next = todo.pop()) {
    if (!isFields(next)) continue;
    repairNode(next);
    for (const child of asList(next["childNodes"])) todo.push(child);
  }
}

/** The player needs a document with one element in it. */
function repairRoot(data: Fields, node: Fields): void {
  if (node["type"] !== NodeType.Document) data["node"] = { type: NodeType.Document, id: -1, childNodes: [{ ...node }] };
}

function repairNode(node: Fields): void {
  const type = node["type"];
  if (type === NodeType.Document || type === NodeType.Element) {
    const children = asList(node["childNodes"]).filter(isChild);
    node["childNodes"] = type === NodeType.Document ? childrenOfDocument(children) : children;
  }
  if (type === NodeType.DocumentType && !isName(node["name"])) node["name"] = "html";
  // HTML documents have none.
  if (type === NodeType.Cdata) node["type"] = NodeType.Comment;
  if (type === NodeType.Element) repairElement(node);
}

/** Whatever may be inside of another node; a document there would wipe out what was built before it. */
const CHILDREN: unknown[] = [NodeType.DocumentType, NodeType.Element, NodeType.Text, NodeType.Cdata, NodeType.Comment];

const isChild = (node: unknown): node is Fields => isFields(node) && CHILDREN.includes(node["type"]);

/** A doctype, one element and comments, in this order; a page that has no `<html>` of its own gets one. */
function childrenOfDocument(nodes: Fields[]): Fields[] {
  const elements = nodes.filter((node) => node["type"] === NodeType.Element);
  const root = elements.find((node) => /^html$/i.test(String(node["tagName"])));
  const doctype = nodes.find((node) => node["type"] === NodeType.DocumentType);
  const comments = nodes.filter((node) => node["type"] === NodeType.Comment);
  const own = { type: NodeType.Element, tagName: "html", attributes: {}, id: -2, childNodes: root ? [] : elements };
  return [...(doctype ? [doctype] : []), root ?? own, ...comments];
}

/** A script, in whatever name space. It could not run in the replay's frame, but is not to be there. */
const SCRIPT = /^(.*:)?script$/i;

/** The player compares names with small letters, which those of HTML are; of SVG's, some have others. It makes no scripts of those that it knows. */
function tagOf(name: string, isSvg: boolean): string {
  if (SCRIPT.test(name)) return "noscript";
  return isSvg ? name : name.toLowerCase();
}

/** Elements that can have a shadow tree, beside custom ones. */
const SHADOW_HOSTS = /^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/i;
const CUSTOM_ELEMENT = /^[a-z][-.\w]*-[-.\w]*$/;
const RESERVED = /^(annotation-xml|color-profile|font-face.*|missing-glyph)$/;

function repairElement(node: Fields): void {
  if (!isName(node["tagName"])) node["tagName"] = "div";
  const tag = (node["tagName"] = tagOf(String(node["tagName"]), Boolean(node["isSVG"])));
  const isCustom = CUSTOM_ELEMENT.test(tag) && !RESERVED.test(tag);
  if (!isCustom) delete node["isCustom"];
  if (!isCustom && !SHADOW_HOSTS.test(tag)) delete node["isShadowHost"];
  const attributes = isFields(node["attributes"]) ? node["attributes"] : (node["attributes"] = {} as Fields);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("rr_media") && !(/^(audio|video)$/i.test(tag) && isMediaState(name, value))) delete attributes[name];
  }
}

/** Whether a media element can be set to this. */
function isMediaState(name: string, value: unknown): boolean {
  const isBetween = (min: number, max: number) => typeof value === "number" && value >= min && value <= max;
  if (name === "rr_mediaPlaybackRate") return isBetween(0.0625, 16);
  return name !== "rr_mediaVolume" || isBetween(0, 1);
}

/** What a browser accepts as the name of an element, and rrweb does not look up as something else. */
const isName = (name: unknown): name is string => typeof name === "string" && /^[a-z][-.\w:]*$/i.test(name) && !(name in Object.prototype);
