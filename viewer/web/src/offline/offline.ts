// Makes events fit to be played without a network: takes out of them whatever would make a browser load something, or
// connect to someone. The page's Content-Security-Policy forbids most of that, too, but browsers ask it late: resource
// hints and the addresses of frames make Chromium connect before.
//
// Events arrive in any order, so what was seen before its style element is remembered and cleaned when that is seen.

import { asList, type Fields, isFields } from "../model/json";
import { Source } from "../model/rrweb-event";
import { cleanAttributes, cssText } from "./attributes";
import { offlineSheetPart } from "./css";
import { ImageMarks } from "./image-marks";

/** Elements whose text is a style sheet. */
const STYLE_ELEMENTS = new Set(["style", "link"]);

/** Hears what is taken out, before it is. */
export interface LeftOut {
  /** A picture that is not in the recording. */
  image(id: unknown, url: string): void;
  styleSheet(id: unknown, url: string): void;
  /** A canvas, and the picture of it that a snapshot has: it may be no picture. */
  canvas(id: unknown, picture: unknown): void;
  /** What is drawn on one, whose commands are never run. */
  drawing(change: Fields): void;
}

export class OfflineCleaner {
  /** The tag of each node, in lower case; null once an id was given to elements of different kinds. */
  private readonly tags = new Map<unknown, string | null>();
  /** Nodes that are, or once were, style elements. */
  private readonly sheets = new Set<unknown>();
  /** Numbers of the text nodes inside of them. */
  private readonly sheetTexts = new Set<unknown>();
  /** Text nodes by their parent, and changes of text by their node, that may turn out to be inside of one. */
  private readonly texts = new Map<unknown, Fields[]>();
  private readonly changes = new Map<unknown, Fields[]>();
  private readonly cleaned = new WeakSet<object>();
  private readonly images: ImageMarks;

  constructor(private readonly leftOut: LeftOut) {
    this.images = new ImageMarks(leftOut);
  }

  /** Cleans the data of a full snapshot or of a change, in place. */
  clean(data: unknown): void {
    if (!isFields(data)) return;
    if (data["source"] === Source.CanvasMutation) this.forgetCanvas(data);
    for (const key of ["replace", "replaceSync", "fontSource"]) if (key in data) data[key] = cssText(data[key]);
    const set = data["set"];
    if (isFields(set)) set["value"] = cssText(set["value"]);
    for (const change of asList(data["texts"])) if (isFields(change)) this.textChange(change, change["id"]);
    this.walk(data);
  }

  /** Commands of canvases are never run; they may name pictures. */
  private forgetCanvas(data: Fields): void {
    this.leftOut.drawing(data);
    for (const key of ["commands", "args"]) if (key in data) data[key] = [];
  }

  /** Documents may be deep, so this does not recurse. */
  private walk(data: Fields): void {
    const todo: { value: unknown; parent: unknown }[] = [{ value: data, parent: undefined }];
    for (let next = todo.pop(); next; next = todo.pop()) {
      const { value, parent } = next;
      if (Array.isArray(value)) {
        for (const item of value) if (typeof item === "object") todo.push({ value: item, parent });
      } else if (isFields(value)) {
        this.object(value, parent);
        for (const [key, item] of Object.entries(value)) {
          if (typeof item !== "object" || item === null || (key === "attributes" && isFields(item))) continue;
          // Children are in their node; what a change adds is in the node that it names.
          const itsParent = key === "childNodes" ? value["id"] : key === "node" ? value["parentId"] : parent;
          todo.push({ value: item, parent: itsParent });
        }
      }
    }
  }

  /** A node, a change, or something around them. */
  private object(value: Fields, parent: unknown): void {
    if ("rule" in value) value["rule"] = cssText(value["rule"]);
    if ("textContent" in value) this.textNode(value, parent);
    const isElement = "tagName" in value;
    const tag = isElement ? this.element(value) : (this.tags.get(value["id"]) ?? null);
    const attributes = value["attributes"];
    if (isFields(attributes)) this.attributes(attributes, tag, value["id"]);
    else if (isElement) value["attributes"] = {};
  }

  private attributes(attributes: Fields, tag: string | null, id: unknown): void {
    if (tag === "canvas") this.leftOut.canvas(id, attributes["rr_dataURL"]);
    const { src, href, rel, _cssText } = attributes;
    const link = href ?? attributes["xlink:href"];
    const isSheet = tag === "link" && typeof rel === "string" && /\bstylesheet\b/i.test(rel) && typeof _cssText !== "string";
    if (isSheet && typeof href === "string" && href !== "") this.leftOut.styleSheet(id, href);
    cleanAttributes(attributes, tag);
    if (tag === "img") this.images.mark(attributes, id, src);
    if (tag === "image" && typeof link === "string" && link !== "" && attributes["href"] === undefined && attributes["xlink:href"] === undefined) this.leftOut.image(id, link);
  }

  private element(value: Fields): string {
    const written = (value["tagName"] = String(value["tagName"]));
    const tag = written.slice(written.lastIndexOf(":") + 1).toLowerCase();
    const id = value["id"];
    this.tags.set(id, this.tags.has(id) && this.tags.get(id) !== tag ? null : tag);
    if (STYLE_ELEMENTS.has(tag) && !this.sheets.has(id)) {
      this.sheets.add(id);
      for (const text of takeAll(this.texts, id)) this.sheetText(text);
    }
    return tag;
  }

  private textNode(value: Fields, parent: unknown): void {
    if (typeof value["textContent"] !== "string") value["textContent"] = String(value["textContent"] ?? "");
    if (value["isStyle"] || this.sheets.has(parent)) this.sheetText(value);
    else remember(this.texts, parent, value);
  }

  /** A text node inside a style element. */
  private sheetText(node: Fields): void {
    this.cleanPart(node, "textContent");
    this.sheetTexts.add(node["id"]);
    for (const change of takeAll(this.changes, node["id"])) this.cleanPart(change, "value");
  }

  private textChange(change: Fields, id: unknown): void {
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

function remember(map: Map<unknown, Fields[]>, key: unknown, value: Fields): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function takeAll(map: Map<unknown, Fields[]>, key: unknown): Fields[] {
  const list = map.get(key) ?? [];
  map.delete(key);
  return list;
}
