// The code that a page of the guide shows, as a person copies it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./children.mjs";
import { project } from "./paths.mjs";

/** The blocks of code in a page of docs/guide: `{ language, code }`. */
export function codeOf(page) {
  const text = readFileSync(join(project, "docs/guide", page), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({ language, code }));
}

/** Compiles what stands in the body of a function, behind `before`, in `folder`: any warning is an error. */
export async function compileBody([compiler, ...flags], code, before, folder) {
  const source = join(folder, "guide.c");
  writeFileSync(source, `${before}\nvoid shown(void);\nvoid shown(void) {\n${code}\n}\n`);
  const args = [...flags, "-Wall", "-Wextra", "-Werror", "-I", join(project, "include"), "-fsyntax-only", source];
  await command(compiler, args, { cwd: folder });
}
