// What of a file is meant for people: a page's text, a program's comments.

/** How a comment's line begins, by the end of the file's name. */
const SLASHES = /^\s*(?:\/\/[/!]?|\/?\*+(?!\/))\s?/;
const HASHES = /^\s*#+\s?/;
const COMMENTS = [
  [/\.(rs|ts|mts|mjs|cjs|js|tsx|c|h|hpp|cpp)$/, SLASHES],
  [/\.(toml|sh|yml|py|cmake|supp|in|build|txt)$|(^|\/)(Makefile|Doxyfile|run)$/, HASHES],
];

/** A block of code on a page. */
export const FENCED = /^```[\s\S]*?^```/gm;

/** The pieces of a file's prose, lines joined. `inside`: between backticks stand names of ours. */
export function proseOf(path, text) {
  if (path.endsWith(".md")) return proseOfPage(text);
  const start = COMMENTS.find(([name]) => name.test(path))?.[1];
  if (!start) return [];
  const pieces = [];
  let comment = [];
  for (const line of text.split("\n")) {
    if (start.test(line)) {
      comment.push(line.replace(start, ""));
      continue;
    }
    if (comment.length > 0) pieces.push({ text: joined(comment), inside: true });
    comment = [];
    // Strings name files, too, and a comment may stand behind code.
    const behind = line.split(start === HASHES ? /\s#\s/ : /\s\/\/\s/);
    pieces.push({ text: behind.slice(1).join(" "), inside: true });
    for (const [, string] of behind[0].matchAll(/"((?:docs|include|examples)\/[\w./-]+)"/g)) {
      pieces.push({ text: string, inside: false });
    }
  }
  pieces.push({ text: joined(comment), inside: true });
  return pieces.filter((piece) => piece.text);
}

/** A page's text, and the blocks of code in it. */
function proseOfPage(page) {
  const blocks = [...page.matchAll(FENCED)].map(([block]) => ({ text: block, inside: false }));
  return [{ text: joined(page.replace(FENCED, "").split("\n")), inside: true }, ...blocks];
}

const joined = (lines) => lines.join("\n").replace(/[ \t]*\n[ \t]*(?=\S)/g, " ");

/** The headings of a page. */
export function headingsOf(page) {
  const shown = page.replace(FENCED, "");
  return [...shown.matchAll(/^#+ +(.*?) *#*$/gm)].map(([, heading]) => heading);
}

/** A heading as an anchor, as GitHub makes it. */
export function slug(heading) {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");
}
