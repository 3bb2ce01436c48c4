// Attributes that say in the clear what the page shows, or what is in a field: they are masked where that is.

import { firstElementOf, getAttribute, localNameOf, textOf } from "./natives";

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
/** Addresses that are what they look like. */
const SPOKEN_ADDRESS = /^\s*(mailto|tel|sms):/i;
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
  if (value === "" || name.startsWith("rr_") || name === "_cssText") return false;
  const tag = localNameOf.call(element);
  if (tag === "style" || tag === "link") return false;
  if (TEXTS.has(name)) return true;
  if (name === "value") return VALUED.has(tag);
  if (name === "href" || name === "xlink:href") return SPOKEN_ADDRESS.test(value);
  if (name === "datetime") return true;
  if (name === "content") return !/^(viewport|color-scheme|theme-color)$/i.test(getAttribute.call(element, "name") ?? "");
  return !STRUCTURAL.has(name) && repeats(value, leafText(element));
}

/** Whether this value is the text, or holds all of it. */
export function repeats(value: string, text: string): boolean {
  if (text === "") return false;
  return value.trim() === text || (text.length >= MIN_PART && value.includes(text));
}

/** The text of an element that holds nothing else. */
const leafText = (element: Element) => (firstElementOf.call(element) ? "" : (textOf.call(element) ?? "").trim());
