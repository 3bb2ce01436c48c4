// The configurations that docs/guide/electron.md shows: the tests build with them as they stand there.
import { sectionOf, snippetsOf } from "../../../support/snippets.mjs";

const PLACE = ["electron.md", "An app with its own preload script"];
const section = sectionOf(...PLACE);

/** Each snippet of the section by its first line, a comment that names its file or its tool. */
const snippets = new Map(snippetsOf(...PLACE).map(({ title, text }) => [title, text]));

export const titles = [...snippets.keys()];

export function snippet(title) {
  const text = snippets.get(title);
  if (text === undefined) throw new Error(`docs/guide/electron.md shows no snippet "${title}": it has ${titles.join(", ")}`);
  return text;
}

/** A piece of configuration that the section names in its text. */
export function named(code) {
  if (!section.includes(`\`${code}\``)) throw new Error(`docs/guide/electron.md does not name \`${code}\``);
  return code;
}
