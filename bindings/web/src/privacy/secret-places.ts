// Where the value of a secret name would stand: behind a `:` or `=`, and in the forms that markup, lists and programs write.
// As src/companions/secret_places.rs.

import { BLANKS, behindColour, endOf, LETTERS, MAX_AHEAD, QUOTES, SPACES } from "./scan";

export type Form =
  /** Behind `=`, `:=`, `=>`, or a `:` with nothing between. */
  | "assigned"
  /** Behind a `:` and a blank, in plain text: to the end of the line. */
  | "told"
  /** `<name>value</name>` */
  | "element"
  /** `name="name"`, an empty line, the value. */
  | "part"
  /** `["name","value","value"]` */
  | "listed";

export interface Place {
  value: number;
  /** That of the name, with the backslashes before it. */
  quote: string;
  form: Form;
}

const SIGNS = /[:=>]*/y;
const COMMAS = /[, \t\n\f\r]*/y;
const PAIRED = ["value", "val", "v", "content"];

/** Where a value would stand if the word from `start` to `end` were the name of a secret. What the name is was not looked at. */
export function placeOf(text: string, start: number, end: number): Place | null {
  const tag = behindTag(text, start, end);
  if (tag) return { value: tag, quote: "", form: "element" };
  const closed = endOfClosing(text, end);
  const quote = quoteBehind(text, end, closed);
  const separator = endOf(BLANKS, text, closed);
  const signs = behindSigns(text, separator);
  if (signs === separator) return behindPair(text, start, closed, quote);
  const blanks = endOf(BLANKS, text, signs);
  const isOfTwo = text[separator] !== "：" && signs - separator === 2;
  const isTold = quote === "" && blanks > signs && text[separator] !== "=" && !isOfTwo;
  // A line further where a quote begins there, or JSON does.
  const next = endOf(SPACES, text, blanks);
  const isQuote = text[next] === '"' || text[next] === "'";
  return { value: quote !== "" || isQuote ? next : blanks, quote, form: isTold ? "told" : "assigned" };
}

/** Behind the quotes that end a name, colours and markup. */
function endOfClosing(text: string, end: number): number {
  let at = end;
  for (;;) {
    const sign = text[at];
    if (sign === undefined) return at;
    let next = at;
    if ("\\\"'`*".includes(sign)) next++;
    else if (sign === "\u001b") next = behindColour(text, at);
    else if (sign === "<" && text[at + 1] === "/") {
      const tag = endOf(LETTERS, text, at + 2);
      if (text[tag] === ">") next = tag + 1;
    }
    if (next === at) return at;
    at = next;
  }
}

/** The quote that ends a name, with the backslashes before it where that is JSON in JSON. */
const quoteBehind = (text: string, end: number, closed: number): string =>
  /^\\*["']/.exec(text.slice(end, closed))?.[0] ?? "";

/** Behind `:`, `=`, `:=`, `=>`, `->` and the full-width `：`; and the same place where there is none. */
function behindSigns(text: string, start: number): number {
  const first = text[start];
  if (first === "-" && text[start + 1] === ">") return start + 2;
  if (first !== ":" && first !== "=" && first !== "：") return start;
  let at = endOf(SIGNS, text, start + 1);
  // Colours between sign and value.
  for (let behind = behindColour(text, at); behind > at; behind = behindColour(text, at)) at = behind;
  return at;
}

/** Behind the tag whose name ends here; 0: it is none. */
function behindTag(text: string, start: number, end: number): number {
  const before = text[start - 1];
  if (before !== "<" && before !== ":") return 0;
  if (text[end] === ">") return end + 1;
  if (text[end] !== " " || before !== "<") return 0;
  const close = end + text.slice(end, end + MAX_AHEAD).search(/[<>]/);
  return close > end && text[close] === ">" && text[close - 1] !== "/" ? close + 1 : 0;
}

/** The value of a name that is itself a value: of `name` in an object or element, in a form, or the first one of a list. */
function behindPair(text: string, start: number, closed: number, quote: string): Place | null {
  if (quote === "") return null;
  const sign = quote[quote.length - 1];
  let before = start - 1;
  while (before >= 0 && (text[before] === sign || text[before] === "\\")) before--;
  if (text[before] === "=") {
    const ahead = text.slice(closed, closed + MAX_AHEAD);
    const lines = ["\r\n\r\n", "\n\n"].filter((line) => ahead.includes(line)).map((line) => ahead.indexOf(line) + line.length);
    if (lines.length) return { value: closed + Math.min(...lines), quote: "", form: "part" };
  }
  const next = endOf(COMMAS, text, closed);
  const word = endOf(QUOTES, text, next);
  const wordEnd = endOf(LETTERS, text, word);
  if (next > closed && wordEnd - word < 8 && PAIRED.includes(text.slice(word, wordEnd).toLowerCase())) {
    const behind = endOfClosing(text, wordEnd);
    const separator = endOf(BLANKS, text, behind);
    const signs = behindSigns(text, separator);
    if (signs === separator) return null;
    return { value: endOf(SPACES, text, signs), quote: quoteBehind(text, wordEnd, behind), form: "assigned" };
  }
  const isFirst = text[before] === "[" && text[endOf(BLANKS, text, closed)] === ",";
  return isFirst ? { value: next, quote, form: "listed" } : null;
}
