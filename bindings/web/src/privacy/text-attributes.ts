// Attributes that say in the clear what the page shows, or what is in a field. They are masked where that is masked.

import { firstElementChildOf, getAttribute, localNameOf, textContentOf } from "../dom/native-dom";

const words = (list: string) => new Set(list.split(" "));

/** Texts for people, whatever element has them. */
const TEXT_ATTRIBUTES = words(
  "abbr alt alttext aria-braillelabel aria-brailleroledescription aria-description aria-label aria-placeholder " +
  "aria-roledescription aria-valuenow aria-valuetext download label placeholder summary title",
);
/** Elements whose `value` is what is chosen, or drawn, in another form. */
const ELEMENTS_WITH_VALUE = words("option button data meter progress");
/** Attributes that are URLs, with or without a prefix such as `xlink:`. */
const URL_ATTRIBUTES = words(
  "action background cite codebase data formaction href longdesc ping poster profile rr_src src usemap",
);
/** URLs that are text, such as `mailto:` and `tel:`: all that name no host. */
const HOSTLESS_URL = /^[a-z][a-z0-9+.-]*:(?!\/\/)/i;
/** These name no host either, but hold a picture or lead nowhere. */
const MEDIA_URL = /^(blob:|about:|data:(image|font|video|audio|application)\/)/i;
/** Browsers ignore these in a URL. */
const IGNORED_IN_URL = /^[\0- ]+|[\t\n\r]+/g;
/** As much of a URL as tells its kind. */
const MAX_URL_BEGINNING = 100;
/** What a page finds an element by, draws it with or loads for it; these say nothing of its text. */
const STRUCTURAL_ATTRIBUTES = words(
  "action autocomplete class cols colspan dir for form height href id lang list name rel role rows rowspan size " +
  "span src srcset style tabindex target type width xlink:href",
);
/** Shorter texts are part of any attribute by chance. */
const MIN_CONTAINED_LENGTH = 4;

/** Whether this attribute is text, or contains the text of its element. */
export function exposesText(name: string, value: string, element: Element): boolean {
  if (value === "" || name === "_cssText") return false;
  const tag = localNameOf.call(element);
  return (
    isText(name, value, tag, () => getAttribute.call(element, "name")) ??
    (!STRUCTURAL_ATTRIBUTES.has(name) && containsText(value, leafText(element)))
  );
}

/** As {@link exposesText}, of an element of another page's document: whatever may contain its text counts as such. */
export function mayExposeText(name: string, value: string, tag: string, nameOfElement: unknown): boolean {
  if (value === "" || name === "_cssText") return false;
  return isText(name, value, tag, () => nameOfElement) ?? !STRUCTURAL_ATTRIBUTES.has(name);
}

/** null: the text of the element has to tell. */
function isText(name: string, value: string, tag: string, nameOfElement: () => unknown): boolean | null {
  if (tag === "style" || tag === "link") return false;
  const bare = withoutPrefix(name);
  if (URL_ATTRIBUTES.has(bare) && isTextUrl(value)) return true;
  if (name.startsWith("rr_")) return false;
  if (TEXT_ATTRIBUTES.has(bare)) return true;
  if (name === "value") return ELEMENTS_WITH_VALUE.has(tag);
  if (name === "datetime") return true;
  if (name === "content") return !/^(viewport|color-scheme|theme-color)$/i.test(String(nameOfElement() ?? ""));
  return null;
}

/** A URL that is text, masked but for its scheme. null: it is another attribute. */
export function maskedTextUrl(name: string, value: string): string | null {
  return URL_ATTRIBUTES.has(withoutPrefix(name)) && isTextUrl(value) ? `${value.slice(0, value.indexOf(":") + 1)}*` : null;
}

const withoutPrefix = (name: string) => name.slice(name.indexOf(":") + 1).toLowerCase();

function isTextUrl(value: string): boolean {
  const url = value.trimStart().slice(0, MAX_URL_BEGINNING).replace(IGNORED_IN_URL, "");
  return HOSTLESS_URL.test(url) && !MEDIA_URL.test(url);
}

/** Whether this value is the text, or contains all of it. */
export function containsText(value: string, text: string): boolean {
  if (text === "") return false;
  return value.trim() === text || (text.length >= MIN_CONTAINED_LENGTH && value.includes(text));
}

/** The text of an element without elements inside. */
const leafText = (element: Element) => (firstElementChildOf.call(element) ? "" : (textContentOf.call(element) ?? "").trim());
