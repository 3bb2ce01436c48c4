// Style sheets made smaller: without what their long `data:` URLs hold, and then without their end.

/** Shorter `data:` URLs stay. */
const MIN_REMOVED_LENGTH = 1_000;

/** `ruleEnd` ends what may stand last: "}" in a sheet, ";" in a `style` attribute. */
export function shortenCss(css: string, maxLength: number, ruleEnd: "}" | ";"): string {
  const lighter = withoutDataUrls(css);
  if (lighter.length <= Math.max(maxLength, MIN_REMOVED_LENGTH)) return lighter;
  return lighter.slice(0, lighter.lastIndexOf(ruleEnd, maxLength) + 1);
}

/** In one pass: a regular expression overflows on megabytes. */
function withoutDataUrls(css: string): string {
  const pieces: string[] = [];
  let kept = 0;
  for (let at = css.indexOf("url("); at >= 0; at = css.indexOf("url(", at)) {
    const quoteAt = skipSpace(css, at + 4);
    const quote = css[quoteAt] === '"' || css[quoteAt] === "'" ? (css[quoteAt] as string) : "";
    const from = quoteAt + quote.length;
    if (!css.startsWith("data:", from)) {
      at = from;
      continue;
    }
    const until = quote === "" ? from : endOfQuoted(css, quote, from);
    const end = until < 0 ? -1 : css.indexOf(")", until);
    if (end < 0) break;
    if (end - from > MIN_REMOVED_LENGTH) {
      pieces.push(css.slice(kept, at), 'url("data:,")');
      kept = end + 1;
    }
    at = end;
  }
  return pieces.join("") + css.slice(kept);
}

function skipSpace(css: string, from: number): number {
  let at = from;
  while (/\s/.test(css.charAt(at))) at++;
  return at;
}

/** Where the closing quote stands; −1: there is none. */
function endOfQuoted(css: string, quote: string, from: number): number {
  for (let at = css.indexOf(quote, from); at >= 0; at = css.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (css[at - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return at;
  }
  return -1;
}
