// Takes out of attributes whatever would load something. On which element they are may not be known yet: changes arrive
// before what they change. Then only what is harmless on every element stays.

import type { Fields } from "../model/json";
import { offlineCss, offlineSheet } from "./css";
import { isExternal, isFragment, isMedia, isPicture, isPictureSet } from "./urls";

/** Of no use without a network, or in a picture: what takes the focus. */
const BLOCKED = new Set(
  "action archive attributionsrc autofocus cite classid code codebase data formaction http-equiv imagesrcset longdesc manifest object ping profile rr_src srcdoc".split(" "),
);
const PICTURE_ATTRIBUTES = new Set(["background", "dynsrc", "icon", "lowsrc", "poster", "rr_dataurl"]);
/** Elements on which `src` is a picture, sound or film. */
const ELEMENTS_WITH_SRC = new Set(["img", "image", "input", "source", "video", "audio"]);
/** Elements of SVG on which `href` is a picture. */
const SVG_IMAGES = new Set(["image", "feimage"]);
/** What an animation sets an attribute to. */
const ANIMATION_VALUES = new Set(["from", "to", "by", "values"]);
/** A value that may be read as a style: `fill="url(…)"`. */
const MAY_LOAD = /[\\(]/;
/** Words for people, and names: they are never read as a URL or a style. */
const HARMLESS = /^(alt|aria-.*|class|content|data-.*|id|label|name|placeholder|title|value|xmlns.*)$/;

/** Cleans a node's or a change's attributes in place; `tag` is in lower case, null if unknown. */
export function cleanAttributes(attributes: Fields, tag: string | null): void {
  for (const [name, value] of Object.entries(attributes)) {
    const clean = typeof value === "string" ? cleanValue(name, value, tag) : cleanOther(name, value);
    if (clean === undefined) delete attributes[name];
    else if (clean !== value) attributes[name] = clean;
  }
}

/** The value as it may stand, or undefined if it may not. */
function cleanValue(name: string, value: string, tag: string | null): string | undefined {
  const full = name.toLowerCase();
  if (full === "_csstext") return offlineSheet(value);
  if (full === "style") return offlineCss(value);
  if (HARMLESS.test(full)) return value;
  // `xlink:href` is `href` to some elements.
  const key = full.slice(full.lastIndexOf(":") + 1);
  if (BLOCKED.has(key) || key.startsWith("on")) return undefined;
  if (key === "href") return cleanLink(value, tag);
  if (key === "src") return isSource(value, tag) ? value : undefined;
  if (key === "srcset") return isPictureSet(value) ? value : undefined;
  if (PICTURE_ATTRIBUTES.has(key)) return isPicture(value) ? value : undefined;
  if (key === "attributename") return /(href|src|style|data|poster)$/i.test(value.trim()) ? undefined : value;
  if (ANIMATION_VALUES.has(key) && /[:/\\]/.test(value)) return undefined;
  if (isExternal(value)) return undefined;
  return MAY_LOAD.test(value) ? offlineCss(value) : value;
}

function cleanLink(value: string, tag: string | null): string | undefined {
  if (isFragment(value) && tag !== "link" && tag !== "base") return value;
  // Without a URL it would not look like a link.
  if (tag === "a" || tag === "area") return "#";
  return isPicture(value, tag === null || !SVG_IMAGES.has(tag)) && (tag === null || SVG_IMAGES.has(tag)) ? value : undefined;
}

function isSource(value: string, tag: string | null): boolean {
  if (tag !== null && !ELEMENTS_WITH_SRC.has(tag)) return false;
  return isPicture(value, tag === null) || isMedia(value);
}

/** Numbers, booleans and null are kept. A list would become a text; an object is a style's changes, or unknown. */
function cleanOther(name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (name !== "style" || Array.isArray(value)) return undefined;
  const style = value as Record<string, unknown>;
  for (const [property, set] of Object.entries(style)) {
    if (Array.isArray(set)) style[property] = [cssText(set[0]), set[1] === "important" ? "important" : ""];
    else if (set !== false) style[property] = cssText(set);
  }
  return style;
}

/** Whatever stands where a style should: browsers would convert it to a string. */
export const cssText = (value: unknown) => offlineCss(typeof value === "string" ? value : String(value ?? ""));
