// An event that no server takes because of a few huge texts in it: the texts are cut and named, the rest is recorded.

import { toJson } from "../send/json";
import type { RrwebEvent } from "../privacy/sanitizer";

/** Shorter texts stay: an event of nothing but these has to be dropped. */
const MIN_CUT = 1_000;
/** Characters that are kept of a text, so that one sees what it was. */
const KEPT_TEXT = 500;
/** Style sheets; nothing is drawn without them, so as much is kept as there is room for. */
const CSS = new Set(["_cssText", "rule", "replace", "replaceSync"]);
/** Half an address is none. */
const ADDRESSES = new Set(["src", "srcset", "href", "xlink:href", "data", "poster", "background", "rr_dataURL", "rr_src"]);

interface Slot {
  holder: Record<string, unknown>;
  key: string;
  text: string;
  /** What it is part of, for whoever looks for it. */
  of: string;
}

/** Bytes of UTF-8. */
export function bytesOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    // Each half of a pair counts two of its four.
    bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

export const fits = (text: string, maxBytes: number) => text.length * 3 <= maxBytes || bytesOf(text) <= maxBytes;

/**
 * The event's JSON in no more than `maxBytes`, or as near as cutting leads; `cut` is told each text that was cut. What is
 * longest goes first. `tagOf` knows elements by rrweb's number.
 */
export function jsonWithin(
  event: RrwebEvent,
  maxBytes: number,
  tagOf: (id: number) => string,
  cut: (what: string) => void,
): string {
  let json = tryJson(event);
  if (json !== null && fits(json, maxBytes)) return json;
  const slots = longTexts(event, tagOf).sort((a, b) => b.text.length - a.text.length);
  let over = json === null ? Number.MAX_SAFE_INTEGER : bytesOf(json) - maxBytes;
  for (const { holder, key, text, of } of slots) {
    const bytes = bytesOf(text);
    const shorter = shorten(key, text, Math.max(0, text.length - over - MIN_CUT));
    holder[key] = shorter;
    over -= bytes - bytesOf(shorter);
    cut(`${of} (${text.length} characters)`);
    if (over > 0) continue;
    json = tryJson(event);
    if (json !== null && fits(json, maxBytes)) return json;
    over = json === null ? Number.MAX_SAFE_INTEGER : bytesOf(json) - maxBytes;
  }
  return json ?? tryJson(event) ?? "";
}

function shorten(key: string, text: string, room: number): string {
  if (CSS.has(key) || key === "style") {
    const lighter = withoutDataUrls(text);
    if (lighter.length <= Math.max(room, MIN_CUT)) return lighter;
    return lighter.slice(0, lighter.lastIndexOf(key === "style" ? ";" : "}", room) + 1);
  }
  if (ADDRESSES.has(key)) return "";
  return `${text.slice(0, KEPT_TEXT)}…`;
}

/** A style sheet without what its long `data:` addresses hold. In one pass: a regular expression overflows on megabytes. */
function withoutDataUrls(css: string): string {
  const pieces: string[] = [];
  let kept = 0;
  for (let at = css.indexOf("url("); at >= 0; at = css.indexOf("url(", at)) {
    const quoteAt = pastSpace(css, at + 4);
    const quote = css[quoteAt] === '"' || css[quoteAt] === "'" ? (css[quoteAt] as string) : "";
    const from = quoteAt + quote.length;
    if (!css.startsWith("data:", from)) {
      at = from;
      continue;
    }
    const until = quote === "" ? from : endOfQuoted(css, quote, from);
    const end = until < 0 ? -1 : css.indexOf(")", until);
    if (end < 0) break;
    if (end - from > MIN_CUT) {
      pieces.push(css.slice(kept, at), 'url("data:,")');
      kept = end + 1;
    }
    at = end;
  }
  return pieces.join("") + css.slice(kept);
}

function pastSpace(css: string, from: number): number {
  let at = from;
  while (/\s/.test(css.charAt(at))) at++;
  return at;
}

/** Where the closing quote stands; −1: there is none. */
function endOfQuoted(css: string, quote: string, from: number): number {
  for (let at = css.indexOf(quote, from); at >= 0; at = css.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (css[at - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}

/** Texts that may be cut: what the page has, not what rrweb says of it. */
function longTexts(event: RrwebEvent, tagOf: (id: number) => string): Slot[] {
  const found: Slot[] = [];
  const todo: [unknown, string][] = [[event.data, ""]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [value, around] = next;
    if (typeof value !== "object" || value === null) continue;
    const holder = value as Record<string, unknown>;
    const { tagName, id, parentId } = holder;
    const known = typeof tagName === "string" ? tagName : around;
    const name = known === "" ? tagOf(Number(id ?? parentId)) : known;
    for (const key in holder) {
      const text = holder[key];
      if (typeof text !== "string") todo.push([text, name]);
      else if (text.length > MIN_CUT) found.push({ holder, key, text, of: nameOf(key, name) });
    }
  }
  return found;
}

function nameOf(key: string, tag: string): string {
  const what = { textContent: "a text", value: "a value", _cssText: "the style sheet", rule: "a style rule" }[key] ?? key;
  return tag === "" ? what : `${what} of <${tag}>`;
}

/** null: longer than any text can be. */
function tryJson(event: RrwebEvent): string | null {
  try {
    return toJson(event);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
