// The packages, installed from a registry by each package manager in an empty folder and in a workspace; then both kinds of module record.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { command, run } from "../support/children.mjs";
import { nodePackage } from "../support/npm-package.mjs";
import { startOwnRegistry } from "../support/npm-registry.mjs";
import { startViewer } from "../support/viewer.mjs";
import { fixtures } from "./support/fixtures.mjs";
import { environmentOf } from "./support/registries.mjs";
import { assertRecorded, assertSays, runProgram } from "./support/programs.mjs";
import { row } from "./support/table.mjs";
import { programOf } from "./support/tools.mjs";
import { PINNED, useSetup, write } from "./support/setup.mjs";
import { installs } from "./tools/managers.mjs";

const { version } = JSON.parse(readFileSync(join(nodePackage, "package.json"), "utf8"));
const setup = await useSetup();
const viewer = await startViewer();
const npmVersion = (await command("npm", ["--version"])).trim();
const { url: registry, stop } = await startOwnRegistry(setup.folder);
after(async () => {
  await viewer.stop();
  await stop();
});

const environment = environmentOf(registry, setup.cache);

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

/** Installs the package as a project does that names it in its package.json. */
async function install({ tool, member = ".", files = {}, install: [name, ...args], env: more, objection }) {
  const root = mkdtempSync(join(setup.places, "shop-"));
  const cwd = join(root, member);
  const dependencies = { "session-replay-native": version };
  const shop = { name: "shop", type: "module", private: true, dependencies };
  write(cwd, { "package.json": JSON.stringify(shop), ...fixtures("report.cjs", "server.cjs", "server.mjs") });
  write(root, files);
  // The root of a workspace decides for its members.
  const manifest = join(root, "package.json");
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), ...PINNED }));
  const env = { ...environment, ...more };
  const { status, output } = await run(programOf(name), args, { cwd: root, env: { ...process.env, ...env } });
  assert.ok(objection ? output.includes(objection) : status === 0, `${tool} does not install (${status}): ${output}`);
  return { cwd, env };
}
