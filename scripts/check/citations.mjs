// What docs, comments and READMEs cite has to be there: paths, links with their anchors, sections, make targets, cargo's
// tests and packages, npm's scripts. `node scripts/check/citations.mjs [FOLDER]` lists what is not; nothing has to be
// installed for it. scripts/check/citations.test.mjs shows what it finds.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandsIn } from "./commands.mjs";
import { FENCED, headingsOf, proseOf, slug } from "./prose.mjs";
import { Tree } from "./tree.mjs";

/** Files whose words are somebody else's, or of an earlier time. */
const NOT_READ =
  /^(LICENSE|.*\/LICENSE|THIRD-PARTY-NOTICES\.txt)$|(package-lock\.json|Cargo\.lock|\.jsonl|\.png|\.woff2?)$|^tests\/fixtures\/|^scripts\/check\/\w+\.test\.mjs$/;

/** Folders that a build makes. */
const BUILT = /(^|\/)(dist|build|target|prebuilds|node_modules|artifacts|corpus)(\/|$)/;

/** Names with the look of a path of ours that are somebody else's, or a host's. */
const FOREIGN = new Set([
  // Of Node.js, for programs that are compiled against it.
  "include/node/node_api.h",
]);

const EXTENSIONS = "rs|ts|mts|mjs|cjs|js|tsx|c|h|hpp|cpp|md|sh|py|toml|json|jsonl|yml|cmake|supp|html|css|in|txt|png|build";
/** A file name alone is taken for one of ours only where it is of these kinds. */
const BARE = /^[\w-]+\.(rs|ts|mts|mjs|hpp|cpp|md)$/;

/** What `text` of the file `path` cites that is not in `tree`, as sentences. */
export function missingIn(tree, path, text) {
  const missing = [];
  const prose = proseOf(path, text);
  if (path.endsWith(".md")) missing.push(...brokenLinks(tree, path, text));
  for (const cited of pathsIn(tree, prose)) {
    if (!isThere(tree, path, cited)) missing.push(`path ${cited}`);
  }
  missing.push(...missingSections(tree, path, prose));
  for (const command of commandsIn(path, text, prose)) {
    const problem = command.problem(tree, path);
    if (problem) missing.push(problem);
  }
  return [...new Set(missing)];
}

/** `[text](target#anchor)` outside of code. */
function* brokenLinks(tree, path, text) {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const shown = text.replace(FENCED, "").replace(/`[^`\n]*`/g, "`code`");
  for (const [, target, anchor] of shown.matchAll(/\]\(<?([^)\s#>]*)(?:#([^)\s>]*))?>?(?:\s+"[^"]*")?\)/g)) {
    const own = pathInRepository(tree, target);
    if (!own && /^[a-z]+:/i.test(target)) continue;
    const file = own ?? (target === "" ? path : normal(join(folder, decodeURIComponent(target))));
    if (!tree.has(file)) {
      yield `link ${target}`;
    } else if (anchor && file.endsWith(".md") && !headingsOf(tree.read(file)).some((one) => slug(one) === anchor)) {
      yield `anchor ${target}#${anchor}`;
    }
  }
}

/** What a whole address of our own repository shows: pages that are read elsewhere, as on npm, have those. */
function pathInRepository(tree, target) {
  const repository = tree.has("Cargo.toml") && /^repository = "(.*)"$/m.exec(tree.read("Cargo.toml"))?.[1];
  if (!repository || !target.startsWith(`${repository}/`)) return undefined;
  return /^(?:blob|tree)\/main\/(.*)$/.exec(target.slice(repository.length + 1))?.[1];
}

/** The paths that a text names: those below a folder of ours anywhere, others only between backticks. */
function* pathsIn(tree, prose) {
  const below = new RegExp(String.raw`(?<![\w./<>@:$}~-])(?:\.\./)*(?:${tree.folders.join("|")})/[\w./*<>{},-]*[\w/*>}]`, "g");
  for (const { text, inside } of prose) {
    for (const [cited] of text.matchAll(below)) yield cited;
    if (!inside) continue;
    for (const [, cited] of text.matchAll(/`([^`\s]+)`/g)) {
      const isPath = new RegExp(String.raw`^[\w.-]+(/[\w.*<>{},-]+)+\.(${EXTENSIONS})$`).test(cited);
      const isFolder = /^[a-z][\w.-]*(\/[\w.-]+)*\/$/.test(cited);
      if (isPath || isFolder || BARE.test(cited)) yield cited;
    }
  }
}

function isThere(tree, from, cited) {
  const path = cited.replace(/^(\.\.\/)+/, "").replace(/[.,]+$/, "");
  if (FOREIGN.has(path) || BUILT.test(path)) return true;
  return tree.finds(path, from);
}

/** A page with a section in quotes behind it: a heading of that page, or words that stand there. */
function* missingSections(tree, from, prose) {
  for (const { text } of prose) {
    const cited = text.matchAll(/`?([\w./-]+\.md)`?(?:,|:)? ((?:"[^"]+"(?:, |,? and )?)+)/g);
    for (const [, page, quotes] of cited) {
      const file = tree.resolve(page, from);
      // That it is missing is told as a path.
      if (!file) continue;
      const words = plain(tree.read(file));
      for (const [, section] of quotes.matchAll(/"([^"]+)"/g)) {
        if (!words.includes(plain(section))) yield `section "${section}" of ${page}`;
      }
    }
  }
}

/** Pages in docs/ that its index does not lead to. */
export function unlistedPages(tree) {
  const index = "docs/README.md";
  const listed = [...tree.read(index).matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => normal(join("docs", target)));
  const pages = tree.files.filter((file) => /^docs\/.*\.md$/.test(file) && file !== index);
  return pages.filter((page) => !listed.includes(page));
}

const plain = (text) => text.replace(/[`*\s]+/g, " ").trim();
const normal = (path) => path.replaceAll("\\", "/").replace(/\/$/, "") || ".";

/** Everything that is cited in the project at `root` and not there: `[file, what]`. */
export function missingUnder(root) {
  const tree = Tree.of(root);
  const missing = [];
  for (const path of tree.files) {
    if (NOT_READ.test(path) || !existsSync(join(root, path))) continue;
    const text = readFileSync(join(root, path), "utf8");
    if (text.includes("\0")) continue;
    for (const what of missingIn(tree, path, text)) missing.push([path, what]);
  }
  for (const page of unlistedPages(tree)) missing.push(["docs/README.md", `link to ${page}`]);
  return missing;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2] ?? execFileSync("git", ["rev-parse", "--show-toplevel"], { encoding: "utf8" }).trim();
  const missing = missingUnder(root);
  for (const [path, what] of missing) console.error(`${path}: ${what} is not there`);
  if (missing.length > 0) {
    console.error(`${missing.length} citations of what does not exist`);
    process.exit(1);
  }
}
