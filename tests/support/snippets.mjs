// What the guide shows: the tests use it as it stands there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./paths.mjs";

/** The text of a page's section, its own sections with it. */
export function sectionOf(page, heading) {
  const text = readFileSync(join(project, "docs/guide", page), "utf8");
  const [, level, section] = new RegExp(`^(##+) ${heading}\\n([^]*)`, "m").exec(text) ?? [];
  if (section === undefined) throw new Error(`docs/guide/${page} has no section "${heading}"`);
  return section.split(new RegExp(`^#{2,${level.length}} `, "m"))[0];
}

/** The section's snippets: each with its text and, where its first line is a comment, that as its title. */
export const snippetsOf = (page, heading) =>
  [...sectionOf(page, heading).matchAll(/```\w+\n(?:(?:\/\/|#) (.*)\n)?([^]*?)```/g)].map(([, title, text]) => ({ title, text }));
