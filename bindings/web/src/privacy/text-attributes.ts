// Attributes that say in the clear what the page shows, or what is in a field: they are masked where that is.

import { firstElementOf, getAttribute, localNameOf, textOf } from "../dom/native-dom";

/** Texts for people, whatever element has them. */
const TEXTS = new Set([
  "abbr",
  "alt",
  "alttext",
  "aria-braillelabel",
  "aria-brailleroledescription",
  "aria-description",
  "aria-label",
  "aria-placeholder",
  "aria-roledescription",
  "aria-valuenow",
  "aria-valuetext",
  "download",
  "label",
  "placeholder",
  "summary",
  "title",
]);
/** Elements whose `value` is what is chosen, or drawn, in another form. */
const VALUED = new Set(["option", "button", "data", "meter", "progress"]);
/** Attributes that are addresses, with or without a prefix such as `xlink:`. */
const ADDRESSES = new Set([
  "action",
  "background",
  "cite",
  "codebase",
  "data",
  "formaction",
  "href",
  "longdesc",
  "ping",
  "poster",
  "profile",
  "rr_src",
  "src",
  "usemap",
]);
/** Addresses that are what they look like: `mailto:`, `tel:` and whatever else names no host. */
const SPOKEN_ADDRESS = /^[a-z][a-z0-9+.-]*:(?!\/\/)/i;
/** What is drawn, or leads nowhere, says nothing. */
const DRAWN_ADDRESS = /^(blob:|about:|data:(image|font|video|audio|application)\/)/i;
/** Browsers read addresses without these. */
const UNREAD = /^[\0- ]+|[\t\n\r]+/g;
/** As much of an address as tells what it is. */
const MAX_SCHEME = 100;
/** What a page finds an element by, draws it with or loads for it; these say nothing of its text. */
const STRUCTURAL = new Set([
  "action",
  "autocomplete",
  "class",
  "cols",
  "colspan",
  "dir",
  "for",
  "form",
  "height",
  "href",
  "id",
  "lang",
  "list",
  "name",
  "rel",
  "role",
  "rows",
  "rowspan",
  "size",
  "span",
  "src",
  "srcset",
  "style",
  "tabindex",
  "target",
  "type",
  "width",
  "xlink:href",
]);
/** Shorter texts are part of any attribute by chance. */
const MIN_PART = 4;

/** Whether this attribute repeats the element's text, or belongs to it. */
export function repeatsText(name: string, value: string, element: Element): boolean {
  if (value === "" || name === "_cssText") return false;
  const tag = localNameOf.call(element);
  if (tag === "style" || tag === "link") return false;
  const bare = withoutPrefix(name);
  if (ADDRESSES.has(bare) && isSpoken(value)) return true;
  if (name.startsWith("rr_")) return false;
  if (TEXTS.has(bare)) return true;
  if (name === "value") return VALUED.has(tag);
  if (name === "datetime") return true;
  if (name === "content") return !/^(viewport|color-scheme|theme-color)$/i.test(getAttribute.call(element, "name") ?? "");
  return !STRUCTURAL.has(name) && repeats(value, leafText(element));
}

/** An address that is text, masked: what kind of address it was stays. null: this is none. */
export function maskedAddress(name: string, value: string): string | null {
  return ADDRESSES.has(withoutPrefix(name)) && isSpoken(value) ? `${value.slice(0, value.indexOf(":") + 1)}*` : null;
}

const withoutPrefix = (name: string) => name.slice(name.indexOf(":") + 1).toLowerCase();

function isSpoken(value: string): boolean {
  const read = value.trimStart().slice(0, MAX_SCHEME).replace(UNREAD, "");
  return SPOKEN_ADDRESS.test(read) && !DRAWN_ADDRESS.test(read);
}

/** Whether this value is the text, or holds all of it. */
export function repeats(value: string, text: string): boolean {
  if (text === "") return false;
  return value.trim() === text || (text.length >= MIN_PART && value.includes(text));
}

/** The text of an element that holds nothing else. */
const leafText = (element: Element) => (firstElementOf.call(element) ? "" : (textOf.call(element) ?? "").trim());
