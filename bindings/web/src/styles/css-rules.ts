// The text of style sheets: where a rule ends, and which rules a browser does not give back as they were written.

/**
 * A shorthand that holds `var()` beside one of its longhands: browsers give back `padding-top: ;`. Custom properties may
 * be empty.
 */
const LOST_SHORTHAND = /[{;]\s*(?!--)[a-z-]+:\s*;/;

export const hasLostShorthand = (cssText: string) => LOST_SHORTHAND.test(cssText);

/** The rules of a style sheet's text, each as it is written. */
export function splitRules(css: string): string[] {
  const rules: string[] = [];
  let depth = 0;
  let from = 0;
  const end = (at: number) => {
    rules.push(css.slice(from, at).trim());
    from = at;
  };
  for (let at = 0; at < css.length; at++) {
    const c = css[at];
    if (c === "\\") at++;
    else if (c === "/" && css[at + 1] === "*") at = endOf(css, "*/", at + 2) + 1;
    else if (c === '"' || c === "'") at = endOfQuoted(css, c, at + 1);
    else if (c === "{" || c === "(" || c === "[") depth++;
    else if (c === "}" || c === ")" || c === "]") {
      depth = Math.max(0, depth - 1);
      if (c === "}" && depth === 0) end(at + 1);
    } else if (c === ";" && depth === 0) end(at + 1);
  }
  if (css.slice(from).trim()) end(css.length);
  return rules;
}

function endOf(css: string, what: string, from: number): number {
  const at = css.indexOf(what, from);
  return at < 0 ? css.length : at;
}

function endOfQuoted(css: string, quote: string, from: number): number {
  for (let at = from; at < css.length; at++) {
    if (css[at] === "\\") at++;
    else if (css[at] === quote || css[at] === "\n") return at;
  }
  return css.length;
}

const URLS = /url\((?:'([^']*)'|"([^"]*)"|([^)'"]*))\)/g;
/** URLs that are absolute, or do not depend on where the sheet is. */
const ABSOLUTE = /^(?:[a-z+.-]+:|\/\/|#|www\.)/i;

/** The text with each URL made absolute, against `base`. */
export function absoluteUrls(css: string, base: string): string {
  if (!css.includes("url(")) return css;
  return css.replace(URLS, (all, single?: string, double?: string, bare?: string) => {
    const path = (single ?? double ?? bare ?? "").trim();
    if (path === "" || ABSOLUTE.test(path)) return all;
    try {
      const quote = single !== undefined ? "'" : '"';
      return `url(${quote}${new URL(path, base).href}${quote})`;
    } catch {
      return all;
    }
  });
}
