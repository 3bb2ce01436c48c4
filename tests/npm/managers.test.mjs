// The tarball, installed by each package manager in an empty folder and in a workspace; then both kinds of module record.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { command, run } from "../support/children.mjs";
import { startViewer } from "../support/viewer.mjs";
import { fixtures } from "./support/fixtures.mjs";
import { assertRecorded, assertSays, runProgram } from "./support/programs.mjs";
import { row } from "./support/table.mjs";
import { programOf } from "./support/tools.mjs";
import { PINNED, useSetup, write } from "./support/setup.mjs";
import { installs } from "./tools/managers.mjs";

const TARBALL = "session-replay-native.tgz";
const setup = await useSetup();
const viewer = await startViewer();
const npmVersion = (await command("npm", ["--version"])).trim();
const registry = (await command("npm", ["config", "get", "registry"])).trim();
after(() => viewer.stop());

/** One registry and one cache for each of them, whatever their own default is. */
const environment = {
  npm_config_registry: registry,
  npm_config_cache: setup.cache,
  pnpm_config_registry: registry,
  pnpm_config_store_dir: join(setup.cache, "pnpm"),
  BUN_CONFIG_REGISTRY: registry,
  BUN_INSTALL_CACHE_DIR: join(setup.cache, "bun"),
  YARN_NPM_REGISTRY_SERVER: registry,
  YARN_ENABLE_TELEMETRY: "0",
  // In CI it would refuse to write the lock file that a new project has yet to get.
  YARN_ENABLE_IMMUTABLE_INSTALLS: "0",
  YARN_GLOBAL_FOLDER: join(setup.cache, "yarn"),
  ...(registry.startsWith("http:") ? { YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname } : {}),
};

for (const made of installs) {
  const isNpm = made.package === undefined;
  row("Package managers", isNpm ? { ...made, version: npmVersion } : made, (cell) => {
    cell("installed, it records", async () => {
      const { cwd, env } = await install(made);
      const [runner, ...before] = made.run ?? ["node"];
      for (const file of ["server.mjs", "server.cjs"]) {
        const ran = await runProgram(viewer, programOf(runner), [...before, file], { cwd, env });
        if (made.says) assertSays(ran, made.says);
        else assertRecorded(ran);
      }
      return made.says ? "says what is missing" : made.objection && `records, but its command ends with ${made.objection}`;
    });
  });
}

/** Installs the tarball as a project does that names it in its package.json. */
async function install({ tool, member = ".", files = {}, install: [name, ...args], env: more, objection }) {
  const root = mkdtempSync(join(setup.places, "shop-"));
  const cwd = join(root, member);
  const dependencies = { "session-replay-native": `file:${TARBALL}` };
  const shop = { name: "shop", type: "module", private: true, dependencies };
  write(cwd, { "package.json": JSON.stringify(shop), ...fixtures("report.cjs", "server.cjs", "server.mjs") });
  write(root, files);
  // The root of a workspace decides for its members.
  const manifest = join(root, "package.json");
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), ...PINNED }));
  cpSync(setup.tarball, join(cwd, TARBALL));
  const env = { ...environment, ...more };
  const { status, output } = await run(programOf(name), args, { cwd: root, env: { ...process.env, ...env } });
  assert.ok(objection ? output.includes(objection) : status === 0, `${tool} does not install (${status}): ${output}`);
  return { cwd, env };
}
