// Where the value of a secret name ends. In doubt it ends late. As src/companions/secret_values.rs.

import { BACKSLASHES, endOf, endOfNested, endOfQuoted, endOfQuotedAll, isLetter } from "./scan";
import { lettersOf } from "./secret-names";
import type { Form, Place } from "./secret-places";

/** A value, and the quotes that its mask needs in its place. */
export interface Value {
  start: number;
  end: number;
  quote: string;
}

const LINE = /[^\r\n]*/y;
const NEW_LINES = /[\r\n]*/y;
const SHOWN = /[ -~]*/y;
const TAG = /[^>\r\n]*/y;
const HASHES = /#*/y;
/** What goes on behind a comma or semicolon, in a line of plain text and elsewhere. */
const TOLD_PART = /[^\r\n,;&]*/y;
const PART = /[^\r\n,;& \t\f]*/y;
/** What may stand before the quote of a text in a program, as `b'…'`, `u8R"(…)"`, `br#"…"#`. */
const PREFIX = /^[burlf8$@#]{1,4}$/i;

/** The value that stands there. */
export function valueAt(text: string, place: Place, name: string): Value | null {
  const { value, form } = place;
  const bare = (end: number): Value | null => (end > value ? { start: value, end, quote: place.quote } : null);
  const backslashes = Math.max(0, place.quote.length - 1);
  if (form === "element") return bare(indexOrEnd(text, "</", value));
  if (form === "part") return bare(indexOrEnd(text, "\n--", value));
  if (form === "listed") {
    const end = endOfNested(text, value, 1, backslashes);
    return bare(text[end - 1] === "]" ? end - 1 : end);
  }
  const keyBlock = endOfKeyBlock(text, value);
  if (keyBlock !== null) return bare(keyBlock);
  const quoted = endOf(BACKSLASHES, text, value);
  const quote = text[quoted];
  if (quote === '"' || quote === "'") {
    return { start: quoted + 1, end: endOfQuotedAll(text, quoted + 1, quote, quoted - value), quote: "" };
  }
  if (place.quote === "" && /authori|cookie/.test(lettersOf(name))) return bare(endOfHeader(text, value));
  const isOfJson = place.quote !== "";
  if (text[value] === "{" || text[value] === "[") {
    const nested = endOfNested(text, value + 1, 1, backslashes);
    // As the first of a text, as `[a]b`, too.
    return bare(endOfBare(text, nested, "assigned", isOfJson, backslashes));
  }
  return bare(endOfBare(text, value, form, isOfJson, backslashes));
}

/** Where the block of a private key ends whose first line stands here. */
export function endOfKeyBlock(text: string, start: number): number | null {
  if (!text.startsWith("-----BEGIN", start)) return null;
  const end = text.indexOf("-----END", start + 10);
  return end < 0 ? text.length : endOf(SHOWN, text, end);
}

function indexOrEnd(text: string, part: string, start: number): number {
  const at = text.indexOf(part, start);
  return at < 0 ? text.length : at;
}

/** The value of a header, with the lines that go on with it. */
function endOfHeader(text: string, value: number): number {
  let end = value;
  for (;;) {
    end = endOf(LINE, text, end);
    const next = endOf(NEW_LINES, text, end);
    const isOneLine = text.slice(end, next).split("\n").length === 2;
    if (!isOneLine || (text[next] !== " " && text[next] !== "\t")) return end;
    end = next;
  }
}

/** A value without quotes around all of it. */
function endOfBare(text: string, value: number, form: Form, isOfJson: boolean, backslashes: number): number {
  let at = text.startsWith("new ", value) ? value + 4 : value;
  while (at < text.length) {
    const sign = text[at] as string;
    switch (sign) {
      case "\r":
      case "\n":
        return at;
      case " ":
      case "\t":
      case "\f":
      case "&":
        if (form !== "told") return at;
        break;
      case "(":
        at = endOfNested(text, at + 1, 1, backslashes);
        continue;
      case "<":
        if (at > value) return at;
        at = endOf(TAG, text, at);
        continue;
      case ">":
        if (at > value && !goesOn(text, at)) return at;
        break;
      case '"':
      case "'":
        if (at - value < 5 && PREFIX.test(text.slice(value, at))) {
          const ended = endOfQuoted(text, at + 1, sign, 0) + 1;
          at = endOf(HASHES, text, Math.min(ended, text.length));
          continue;
        }
        if (!goesOn(text, at)) return beforeBackslashes(text, value, at);
        break;
      case ")":
      case "}":
      case "]":
        if (isOfJson || !goesOn(text, at)) return at;
        break;
      case ",":
      case ";":
        if (isOfJson || !isPart(text, at, form)) return at;
        break;
    }
    at++;
  }
  return text.length;
}

/** Whether a letter stands behind it, of any script. */
function goesOn(text: string, at: number): boolean {
  const next = text[at + 1];
  return next !== undefined && (next >= "\u0080" || isLetter(next));
}

/** Whether what stands behind this comma or semicolon goes on with the value: no other name does. */
function isPart(text: string, comma: number, form: Form): boolean {
  if (form !== "told" && !goesOn(text, comma)) return false;
  const end = endOf(form === "told" ? TOLD_PART : PART, text, comma + 1);
  return !/[:=]/.test(text.slice(comma + 1, end));
}

function beforeBackslashes(text: string, value: number, at: number): number {
  let end = at;
  while (end > value && text[end - 1] === "\\") end--;
  return end;
}
