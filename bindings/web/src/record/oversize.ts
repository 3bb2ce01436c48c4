// An event that no server takes because of a few huge texts in it: the texts are cut and named, the rest is recorded.

import type { RrwebEvent } from "../model/rrweb-event";
import { toJson } from "../send/json";
import { fits, utf8Length } from "../send/utf8";
import { shortenCss } from "./shorten-css";

/** Shorter texts stay: an event that is too large without any longer one has to be dropped. */
const MIN_CUT_LENGTH = 1_000;
/** Characters that are kept of a text, so that one sees what it was. */
const KEPT_LENGTH = 500;
/** Style sheets; nothing is drawn without them, so as much is kept as there is room for. */
const STYLE_SHEETS = new Set(["_cssText", "rule", "replace", "replaceSync"]);
/** Half a URL is of no use. */
const URLS = new Set(["src", "srcset", "href", "xlink:href", "data", "poster", "background", "rr_dataURL", "rr_src"]);

/** A text in an event, and where it is. */
interface LongText {
  holder: Record<string, unknown>;
  key: string;
  text: string;
  /** Names it to people: "a text of <p>". */
  description: string;
}

/**
 * The event's JSON in no more than `maxBytes`, or as near as cutting gets; `onCut` is called with each text that was cut. The
 * longest are cut first. `tagOf` finds an element's tag by rrweb's number.
 */
export function toJsonWithin(
  event: RrwebEvent,
  maxBytes: number,
  tagOf: (id: number) => string,
  onCut: (what: string) => void,
): string {
  let json = tryJson(event);
  if (json !== null && fits(json, maxBytes)) return json;
  const texts = longTexts(event, tagOf).sort((a, b) => b.text.length - a.text.length);
  let excess = json === null ? Number.MAX_SAFE_INTEGER : utf8Length(json) - maxBytes;
  for (const { holder, key, text, description } of texts) {
    const shorter = shorten(key, text, Math.max(0, text.length - excess - MIN_CUT_LENGTH));
    holder[key] = shorter;
    excess -= utf8Length(text) - utf8Length(shorter);
    onCut(`${description} (${text.length} characters)`);
    if (excess > 0) continue;
    json = tryJson(event);
    if (json !== null && fits(json, maxBytes)) return json;
    excess = json === null ? Number.MAX_SAFE_INTEGER : utf8Length(json) - maxBytes;
  }
  return json ?? tryJson(event) ?? "";
}

function shorten(key: string, text: string, maxLength: number): string {
  if (key === "style") return shortenCss(text, maxLength, ";");
  if (STYLE_SHEETS.has(key)) return shortenCss(text, maxLength, "}");
  if (URLS.has(key)) return "";
  return `${text.slice(0, KEPT_LENGTH)}…`;
}

/** Texts that may be cut: what the page has, not what rrweb says of it. */
function longTexts(event: RrwebEvent, tagOf: (id: number) => string): LongText[] {
  const found: LongText[] = [];
  const todo: [unknown, string][] = [[event.data, ""]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [value, parentTag] = next;
    if (typeof value !== "object" || value === null) continue;
    const holder = value as Record<string, unknown>;
    const { tagName, id, parentId } = holder;
    const known = typeof tagName === "string" ? tagName : parentTag;
    const tag = known === "" ? tagOf(Number(id ?? parentId)) : known;
    for (const key in holder) {
      const text = holder[key];
      if (typeof text !== "string") todo.push([text, tag]);
      else if (text.length > MIN_CUT_LENGTH) found.push({ holder, key, text, description: describe(key, tag) });
    }
  }
  return found;
}

/** No object: an attribute may be named like a member that every object has. */
const NAMES = new Map([["textContent", "a text"], ["value", "a value"], ["_cssText", "the style sheet"], ["rule", "a style rule"]]);

function describe(key: string, tag: string): string {
  const what = NAMES.get(key) ?? key;
  return tag === "" ? what : `${what} of <${tag}>`;
}

/** null: longer than any string can be. */
function tryJson(event: RrwebEvent): string | null {
  try {
    return toJson(event);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
