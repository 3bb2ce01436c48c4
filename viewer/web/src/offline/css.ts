// Takes out of style sheets and declarations whatever would load something. They are read as browsers read them, token by
// token: `u\72l(` is `url(`, and what stands in a string or a comment is not.

import { TokenType, tokenizer, type CSSToken } from "@csstools/css-tokenizer";
import { isData, isFragment } from "./urls";

const NOTHING = '"data:,"';
/** Functions whose strings are URLs. */
const LOADING = new Set(["url", "src", "image", "image-set", "-webkit-image-set"]);
/** Functions that may stand inside of those: not `var()`, `attr()` and their like, whose value may be the URL of another. */
const INSIDE = /^(url|type|rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix|calc|(-webkit-)?(repeating-)?(linear|radial|conic)-gradient)$/;
/** rrweb's mark between the text nodes of a style element. */
const SPLIT = "/* rr_split */";
/** What no recording can know, so that rrweb finds the pieces of a style element where we say they begin. */
const NONCE = Math.random().toString(36).slice(2, 12);

/** The same style without what it would load. Nothing is left open at its end, whatever comes after it. */
export function offlineCss(text: string): string {
  // Most values are a word or a number.
  if (!/[\\(@"'/]/.test(text)) return text;
  const next = tokenizer({ css: text });
  const out: string[] = [];
  /** The functions and parentheses that are open. */
  const open: string[] = [];
  while (!next.endOfFile()) {
    const token = next.nextToken();
    if (token[0] === TokenType.EOF) break;
    out.push(clean(token, open, next.endOfFile()));
  }
  return out.join("") + ")".repeat(open.length);
}

/** A text node of a style element: browsers join it with its neighbours. */
export const offlineSheetPart = (text: string) => `${offlineCss(text)}/**/`;

/** A whole style element, which rrweb takes apart again. */
export function offlineSheet(text: string): string {
  const parts = text.split(SPLIT);
  if (parts.length === 1) return offlineCss(text);
  return parts.map((part, index) => `/*${NONCE}${index}*/${offlineSheetPart(part)}`).join(SPLIT);
}

function clean(token: CSSToken, open: string[], isLast: boolean): string {
  const raw = token[1];
  switch (token[0]) {
    case TokenType.AtKeyword:
      return token[4].value.toLowerCase() === "import" ? "@blocked" : unescapedEnd(raw, isLast);
    case TokenType.Function: {
      const name = token[4].value.toLowerCase();
      // `attr(data-x type(*))` would make a style of any attribute.
      const isType = open.at(-1) === "attr" && name === "type";
      const allowed = !isType && (!open.some((outer) => LOADING.has(outer)) || INSIDE.test(name));
      open.push(allowed ? name : "blocked");
      return allowed ? raw : "blocked(";
    }
    case TokenType.OpenParen:
      open.push("(");
      return raw;
    case TokenType.CloseParen:
      open.pop();
      return raw;
    case TokenType.URL:
      return isHarmless(token[4].value) ? (isLast ? `url(${quoted(token[4].value)})` : raw) : `url(${NOTHING})`;
    case TokenType.BadURL:
      return `url(${NOTHING})`;
    case TokenType.String: {
      const isUrl = open.at(-1) !== "type" && open.some((outer) => LOADING.has(outer));
      if (isUrl && !isHarmless(token[4].value)) return NOTHING;
      return isLast ? quoted(token[4].value) : raw;
    }
    case TokenType.Comment:
      return raw.length >= 4 && raw.endsWith("*/") ? raw : "/**/";
    default:
      return unescapedEnd(raw, isLast);
  }
}

const isHarmless = (url: string) => url === "" || isData(url) || isFragment(url);

/** A backslash at the end would change the meaning of what comes after it. */
const unescapedEnd = (raw: string, isLast: boolean) => (isLast ? raw.replace(/\\$/, "") : raw);

const quoted = (text: string) => `"${text.replace(/["\\\0-\x1f]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)}"`;
