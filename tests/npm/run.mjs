// Runs the suite: packs and installs once for all files, and prints the tables of what was run. Arguments name files; without
// any, all of them are run, and the tables must be those of docs/guide/bundlers.md. `--write` puts them there.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { project } from "../support/paths.mjs";
import { differencesOf, tablesOf } from "./support/table.mjs";
import { makeSetup } from "./support/setup.mjs";
import { MUST_HAVE_ALL } from "./support/tools.mjs";

const PAGE = join(project, "docs/guide/bundlers.md");
const WRITTEN = /(<!-- tests\/npm: begin -->\n)[^]*(<!-- tests\/npm: end -->)/;

const cwd = fileURLToPath(new URL(".", import.meta.url));
const given = process.argv.slice(2).filter((argument) => argument !== "--write");
const files = given.length > 0 ? given : readdirSync(cwd).filter((name) => name.endsWith(".test.mjs"));

const setup = await makeSetup();
const results = join(setup.folder, "results");
const env = { ...process.env, SR_NPM_SETUP: setup.folder, SR_NPM_RESULTS: results };
const { status } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", "--test-concurrency=2", ...files], { cwd, env, stdio: "inherit" });
const tables = tablesOf(results);
console.log(`\n${tables}`);
rmSync(setup.folder, { recursive: true });
process.exitCode = status ?? 1;
if (status === 0 && given.length === 0) comparePage();

/** Elsewhere than on Linux x86-64 some tools are not run. */
function comparePage() {
  const page = readFileSync(PAGE, "utf8");
  if (process.argv.includes("--write")) {
    writeFileSync(PAGE, page.replace(WRITTEN, (_, begin, end) => `${begin}\n${tables}\n${end}`));
  } else if (MUST_HAVE_ALL) {
    const { missing, more } = differencesOf(WRITTEN.exec(page)[0], tables);
    if (missing.length + more.length === 0) return;
    const lines = [...missing.map((line) => `- ${line}`), ...more.map((line) => `+ ${line}`)];
    console.error(["docs/guide/bundlers.md has other tables: `node run.mjs --write` renews them.", ...lines].join("\n"));
    process.exitCode = 1;
  }
}
