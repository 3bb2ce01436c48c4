// Where the parts end of which texts of programs are made: blanks, quoted texts, calls, colours. As src/companions/scan.rs. A
// text is as long, and as strange, as a page wants it: the time it takes grows with its length, and no expression goes back.

/** What a text between single quotes in a call is long at most, and the head of one part of a form or a tag. */
export const MAX_AHEAD = 512;

export const WORD = /[\w.~%[\]-]*/y;
export const BLANKS = /[ \t\u00a0]*/y;
export const SPACES = /[ \t\n\f\r]*/y;
export const LETTERS = /[A-Za-z0-9]*/y;
export const BACKSLASHES = /\\*/y;
export const QUOTES = /[\\"']*/y;

const COLOUR = /\u001b\[[\d;]*[A-Za-z]/y;

/** Where the part ends that begins there, which may be empty. */
export function endOf(part: RegExp, text: string, start: number): number {
  part.lastIndex = start;
  part.test(text);
  return part.lastIndex;
}

/** Behind `ESC [ 3 1 m`; the same place where there is none. */
export function behindColour(text: string, at: number): number {
  COLOUR.lastIndex = at;
  return COLOUR.test(text) ? COLOUR.lastIndex : at;
}

/** A letter or digit of ASCII. */
export function isLetter(sign: string | undefined): boolean {
  if (sign === undefined) return false;
  return (sign >= "a" && sign <= "z") || (sign >= "0" && sign <= "9") || (sign >= "A" && sign <= "Z");
}

/** Where so many objects, arrays or calls end. What looks like their end in a text is none. */
export function endOfNested(text: string, start: number, open: number, backslashes: number): number {
  let depth = open;
  for (let at = start; at < text.length; at++) {
    const sign = text[at] as string;
    if (sign === '"') at = endOfQuoted(text, at + 1, '"', backslashes) + backslashes;
    else if (sign === "'" && !isLetter(text[at - 1])) at += lengthOfText(text, at + 1);
    else if (sign === "{" || sign === "[" || sign === "(") depth++;
    else if ((sign === "}" || sign === "]" || sign === ")") && --depth === 0) return at + 1;
  }
  return text.length;
}

/** With its last quote, where there is one in its line, and near. */
function lengthOfText(text: string, start: number): number {
  const end = text.slice(start, start + MAX_AHEAD).search(/['\n]/);
  return text[start + end] === "'" ? end + 1 : 0;
}

/** As `endOfQuoted`, of several texts that stand directly behind each other, and of what goes on behind the last. */
export function endOfQuotedAll(text: string, content: number, quote: string, backslashes: number): number {
  let end = endOfQuoted(text, content, quote, backslashes);
  for (;;) {
    const behind = end + backslashes + 1;
    if (behind >= text.length) return end;
    const next = endOf(BACKSLASHES, text, behind);
    if (next - behind !== backslashes || text[next] !== quote) return end;
    end = endOfQuoted(text, next + 1, quote, backslashes);
  }
}

/** Where a text ends whose quote stands behind so many backslashes, since it is JSON in JSON. */
export function endOfQuoted(text: string, content: number, quote: string, backslashes: number): number {
  let run = 0;
  for (let at = content; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\\") run++;
    else {
      // One more is an escaped quote in the text; where none stands before the first, two are an escaped backslash.
      const isEnd = run === backslashes || (backslashes === 0 && run % 2 === 0);
      if (sign === quote && isEnd) return at - Math.min(run, backslashes);
      run = 0;
    }
  }
  return text.length;
}
