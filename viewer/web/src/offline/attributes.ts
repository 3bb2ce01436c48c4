// Attributes that load nothing, whatever element they are given to. Which element that is may not be known: changes arrive
// before what they change. Then only what is harmless on every element stays.

import { offlineCss, offlineSheet } from "./css";
import { arePictures, isElsewhere, isFragment, isMedia, isPicture } from "./urls";

export type Attributes = Record<string, unknown>;

/** Never of use without a network. */
const NEVER = new Set(
  "action archive attributionsrc cite classid code codebase data formaction http-equiv imagesrcset longdesc manifest object ping profile rr_src srcdoc".split(" "),
);
const PICTURES = new Set(["background", "dynsrc", "icon", "lowsrc", "poster", "rr_dataurl"]);
/** Elements on which `src` is a picture, sound or film. */
const WITH_SRC = new Set(["img", "image", "input", "source", "video", "audio"]);
/** Elements of SVG on which `href` is a picture. */
const WITH_PICTURE = new Set(["image", "feimage"]);
/** What an animation makes of an attribute. */
const ANIMATED = new Set(["from", "to", "by", "values"]);
/** A value that may be read as a style: `fill="url(…)"`. */
const MAY_LOAD = /[\\(]/;
/** Words for people, and names: they are never read as an address or a style. */
const WORDS = /^(alt|aria-.*|class|content|data-.*|id|label|name|placeholder|title|value|xmlns.*)$/;

/** Takes out of a node's or a change's attributes what would load something; `tag` is in lower case, null if unknown. */
export function cleanAttributes(attributes: Attributes, tag: string | null): void {
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
  if (WORDS.test(full)) return value;
  // `xlink:href` is `href` to some elements.
  const key = full.slice(full.lastIndexOf(":") + 1);
  if (NEVER.has(key) || key.startsWith("on")) return undefined;
  if (key === "href") return cleanLink(value, tag);
  if (key === "src") return isSource(value, tag) ? value : undefined;
  if (key === "srcset") return arePictures(value) ? value : undefined;
  if (PICTURES.has(key)) return isPicture(value) ? value : undefined;
  if (key === "attributename") return /(href|src|style|data|poster)$/i.test(value.trim()) ? undefined : value;
  if (ANIMATED.has(key) && /[:/\\]/.test(value)) return undefined;
  if (isElsewhere(value)) return undefined;
  return MAY_LOAD.test(value) ? offlineCss(value) : value;
}

function cleanLink(value: string, tag: string | null): string | undefined {
  if (isFragment(value) && tag !== "link" && tag !== "base") return value;
  // Without an address it would not look like a link.
  if (tag === "a" || tag === "area") return "#";
  return isPicture(value, tag === null || !WITH_PICTURE.has(tag)) && (tag === null || WITH_PICTURE.has(tag)) ? value : undefined;
}

function isSource(value: string, tag: string | null): boolean {
  if (tag !== null && !WITH_SRC.has(tag)) return false;
  return isPicture(value, tag === null) || isMedia(value);
}

/** Numbers, truth and nothing are kept. A list would become its text; an object is a style's changes, or nothing we know. */
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

/** Whatever stands where a style should: browsers would make a text of it. */
export const cssText = (value: unknown) => offlineCss(typeof value === "string" ? value : String(value ?? ""));

