// Makes events fit to be played without a network: takes out of them whatever would make a browser load something, or
// connect to someone. The page's Content-Security-Policy forbids most of that, too, but browsers ask it late: resource
// hints and the addresses of frames make Chromium connect before.
//
// Events arrive in any order, so what was seen before its style element is remembered and cleaned when that is seen.

import { cleanAttributes, cssText, type Attributes } from "./attributes";
import { offlineSheetPart } from "./css";
import { isFields } from "../recording/playable";

type Fields = Record<string, unknown>;

/** Elements whose text is a style sheet. */
const SHEETS = new Set(["style", "link"]);
/** rrweb's incremental source of what is drawn on a canvas. */
const CANVAS = 9;

export class Offline {
  /** The tag of each node, in lower case; null once an id was given to elements of different kinds. */
  private readonly tags = new Map<unknown, string | null>();
  /** Nodes that are style elements, at some time or other. */
  private readonly sheets = new Set<unknown>();
  /** Text nodes inside of them. */
  private readonly sheetTexts = new Set<unknown>();
  /** Text nodes by their parent, and changes of text by their node, that may turn out to be inside of one. */
  private readonly inside = new Map<unknown, Fields[]>();
  private readonly changes = new Map<unknown, Fields[]>();
  private readonly cleaned = new WeakSet<object>();

  /** Cleans the data of a full snapshot or of a change, in place. */
  clean(data: unknown): void {
    if (!isFields(data)) return;
    if (data["source"] === CANVAS) this.forgetCanvas(data);
    for (const key of ["replace", "replaceSync", "fontSource"]) if (key in data) data[key] = cssText(data[key]);
    const set = data["set"];
    if (isFields(set)) set["value"] = cssText(set["value"]);
    for (const change of asList(data["texts"])) if (isFields(change)) this.text(change, change["id"]);
    this.walk(data);
  }

  /** Canvases are not drawn; their commands may name pictures. */
  private forgetCanvas(data: Fields): void {
    for (const key of ["commands", "args"]) if (key in data) data[key] = [];
  }

  /** Documents may be deep, so this does not recurse. */
  private walk(data: Fields): void {
    const open: { value: unknown; parent: unknown }[] = [{ value: data, parent: undefined }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { value, parent } = next;
      if (Array.isArray(value)) {
        for (const item of value) if (typeof item === "object") open.push({ value: item, parent });
      } else if (isFields(value)) {
        this.one(value, parent);
        for (const [key, item] of Object.entries(value)) {
          if (typeof item !== "object" || item === null || (key === "attributes" && isFields(item))) continue;
          // Children are in their node; what a change adds is in the node that it names.
          const inside = key === "childNodes" ? value["id"] : key === "node" ? value["parentId"] : parent;
          open.push({ value: item, parent: inside });
        }
      }
    }
  }

  /** A node, a change, or something around them. */
  private one(value: Fields, parent: unknown): void {
    if ("rule" in value) value["rule"] = cssText(value["rule"]);
    if ("textContent" in value) this.node(value, parent);
    const isElement = "tagName" in value;
    const tag = isElement ? this.element(value) : (this.tags.get(value["id"]) ?? null);
    const attributes = value["attributes"];
    if (isFields(attributes)) cleanAttributes(attributes as Attributes, tag);
    else if (isElement) value["attributes"] = {};
  }

  private element(value: Fields): string {
    const written = (value["tagName"] = String(value["tagName"]));
    const tag = written.slice(written.lastIndexOf(":") + 1).toLowerCase();
    const id = value["id"];
    this.tags.set(id, this.tags.has(id) && this.tags.get(id) !== tag ? null : tag);
    if (SHEETS.has(tag) && !this.sheets.has(id)) {
      this.sheets.add(id);
      for (const text of take(this.inside, id)) this.sheetNode(text);
    }
    return tag;
  }

  private node(value: Fields, parent: unknown): void {
    if (typeof value["textContent"] !== "string") value["textContent"] = String(value["textContent"] ?? "");
    if (value["isStyle"] || this.sheets.has(parent)) this.sheetNode(value);
    else remember(this.inside, parent, value);
  }

  /** A text node inside a style element. */
  private sheetNode(node: Fields): void {
    this.cleanPart(node, "textContent");
    this.sheetTexts.add(node["id"]);
    for (const change of take(this.changes, node["id"])) this.cleanPart(change, "value");
  }

  private text(change: Fields, id: unknown): void {
    if (typeof change["value"] !== "string" && change["value"] !== null) change["value"] = String(change["value"] ?? "");
    if (this.sheetTexts.has(id)) this.cleanPart(change, "value");
    else remember(this.changes, id, change);
  }

  private cleanPart(holder: Fields, key: string): void {
    if (this.cleaned.has(holder) || typeof holder[key] !== "string") return;
    this.cleaned.add(holder);
    holder[key] = offlineSheetPart(holder[key]);
  }
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function remember(map: Map<unknown, Fields[]>, key: unknown, value: Fields): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function take(map: Map<unknown, Fields[]>, key: unknown): Fields[] {
  const list = map.get(key) ?? [];
  map.delete(key);
  return list;
}
