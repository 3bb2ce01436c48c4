// Whether of each suite of tests it is decided which platforms it runs for (scripts/cross/suites.txt), and said why it is left out of
// one (scripts/cross/skipped.txt). Otherwise a new one is left out of all of them, and nobody sees it.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Tree } from "./tree.mjs";

/** The columns of suites.txt, and for whom a reason in skipped.txt counts there. */
const PLATFORMS = { arm: ["everywhere", "qemu", "arm64"], windows: ["everywhere", "windows", "wine"] };
const HOW = ["there", "hosts", "-"];

/** What is not decided, or not as it should be; `files`: those of the project; `suites`, `skipped`: the texts of the two. */
export function problemsOf(files, suites, skipped) {
  const named = files.map((file) => /^tests\/(\w+)\.rs$/.exec(file)?.[1]).filter(Boolean);
  const rows = suites.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => line.split(/\s+/));
  const decided = new Map(rows.map(([suite, ...how]) => [suite, how]));
  const reasons = [...skipped.matchAll(/^(\w+) (tests\/\w+\.rs): ./gm)].map(([, whose, file]) => ({ whose, file }));
  const problems = [...decided.keys(), ...reasons.map(({ file }) => file.slice(6, -3))]
    .filter((suite) => !named.includes(suite))
    .map((suite) => `there is no tests/${suite}.rs`);
  for (const suite of named) {
    Object.entries(PLATFORMS).forEach(([platform, names], column) => {
      const how = decided.get(suite)?.[column];
      const isLeftOut = reasons.some(({ whose, file }) => file === `tests/${suite}.rs` && names.includes(whose));
      if (!HOW.includes(how)) problems.push(`tests/${suite}.rs: suites.txt does not say whether it runs for ${platform}`);
      else if (how === "-" && !isLeftOut) problems.push(`tests/${suite}.rs: skipped.txt does not say why it does not run for ${platform}`);
      else if (how !== "-" && isLeftOut) problems.push(`tests/${suite}.rs: skipped.txt says why it does not run for ${platform}, and it does`);
    });
  }
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tree = Tree.of(join(fileURLToPath(import.meta.url), "../../.."));
  const problems = problemsOf(tree.files, tree.read("scripts/cross/suites.txt"), tree.read("scripts/cross/skipped.txt"));
  problems.forEach((problem) => console.error(problem));
  process.exitCode = problems.length > 0 ? 1 : 0;
}
