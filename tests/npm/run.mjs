// Runs the suite: packs and installs once for all files, and prints the tables of what was run. Arguments name files; without
// any, all of them are run. `--write` also puts the tables into docs/guide/bundlers.md.
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { project } from "../support/paths.mjs";
import { tablesOf } from "./support/table.mjs";
import { makeSetup } from "./support/setup.mjs";

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
if (process.argv.includes("--write") && status === 0) {
  writeFileSync(PAGE, readFileSync(PAGE, "utf8").replace(WRITTEN, (_, begin, end) => `${begin}\n${tables}\n${end}`));
}
rmSync(setup.folder, { recursive: true });
process.exitCode = status ?? 1;
