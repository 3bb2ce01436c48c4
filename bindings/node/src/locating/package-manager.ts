// Which package manager made the node_modules that a program runs from. Another one's commands would damage what it keeps there: npm
// rewrites a yarn.lock, and puts files of its own into pnpm's node_modules.
import { dirname, join } from "node:path";
import { isThere } from "./is-there.js";

export type PackageManager = "npm" | "pnpm" | "Yarn" | "Yarn 1" | "bun";

/** What each leaves in an app's folder. npm's come last: its own are in folders of others, too, where somebody has called it once. */
const MARKS: readonly [string, PackageManager][] = [
  ["node_modules/.modules.yaml", "pnpm"],
  ["pnpm-lock.yaml", "pnpm"],
  [".pnp.cjs", "Yarn"],
  ["node_modules/.yarn-state.yml", "Yarn"],
  ["node_modules/.yarn-integrity", "Yarn 1"],
  ["yarn.lock", "Yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["node_modules/.package-lock.json", "npm"],
  ["package-lock.json", "npm"],
];

/** By the first of these folders that has a mark, or one above it that has. Where none tells, it is npm, which comes with Node.js. */
export function packageManagerOf(folders: readonly (string | undefined)[], isFile: (path: string) => boolean = isThere): PackageManager {
  for (const folder of folders) {
    for (let at = folder; at !== undefined; at = at === dirname(at) ? undefined : dirname(at)) {
      const here = at;
      const mark = MARKS.find(([name]) => isFile(join(here, name)));
      if (mark !== undefined) return mark[1];
    }
  }
  return "npm";
}
