// A main process that is bundled with the defaults that each tool has, moved to a place of its own, and started there.
import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { startViewer } from "../support/viewer.mjs";
import { electronIn } from "./support/electron.mjs";
import { fixture } from "./support/fixtures.mjs";
import { LAYOUTS, layOutApp } from "./support/layouts.mjs";
import { assertRecorded, assertSays, runProgram } from "./support/programs.mjs";
import { row } from "./support/table.mjs";
import { build } from "./support/tools.mjs";
import { makeApp, useSetup } from "./support/setup.mjs";
import { builds as bun } from "./tools/bun.mjs";
import { builds as esbuild } from "./tools/esbuild.mjs";
import { builds as rollup } from "./tools/rollup.mjs";
import { builds as vite } from "./tools/vite.mjs";
import { builds as webpack } from "./tools/webpack.mjs";

const setup = await useSetup();
const viewer = await startViewer();
after(() => viewer.stop());

for (const made of [...esbuild, ...webpack, ...rollup, ...vite, ...bun]) {
  row("Bundlers", made, (cell) => {
    let built;
    cell("builds", async () => {
      built = await buildAway(made);
    });
    for (const layout of made.layouts ?? Object.keys(LAYOUTS)) {
      cell(layout, async () => {
        assert.ok(built, "it was not built");
        return runInLayout({ ...made, built }, layout);
      });
    }
  });
}

async function runInLayout(made, layout) {
  const { bundle, resources } = layOutApp(setup, made, layout);
  const { args, env } = electronIn(setup.places, resources);
  const ran = await runProgram(viewer, process.execPath, [...args, bundle], { cwd: setup.places, env });
  if (layout === "nothing beside") return assertSays(ran, placesOf(bundle, resources));
  assertRecordedInElectron(ran);
}

/** Where an app may have the files that its start misses first. */
const placesOf = (bundle, resources) =>
  ["koffi.node", "session-replay-preload.js"].flatMap((name) => [dirname(bundle), resources].map((folder) => join(folder, name)));

/** Builds the app, and removes all of it but what was built: no path of the machine that builds may be needed. */
async function buildAway({ tool, use, files, command, output }) {
  const name = `${tool}-${use}`.replaceAll(/\W+/g, "-");
  const app = makeApp(setup, name, { "src/main.js": fixture("main.js"), ...files });
  await build(app, command);
  const built = join(setup.built, name);
  for (const part of ["package.json", output]) cpSync(join(app, part), join(built, part), { recursive: true });
  rmSync(app, { recursive: true });
  return built;
}

function assertRecordedInElectron(ran) {
  const report = assertRecorded(ran);
  assert.equal(report.properties["[Amplitude] Session Replay ID"], ran.replayId);
  assert.equal(report.amplitude, "session-replay-native");
  const own = join(setup.installed, "node_modules/session-replay-native/dist/electron/session-replay-preload.js");
  assert.ok(readFileSync(report.preloadPath).equals(readFileSync(own)), `${report.preloadPath} is not the package's`);
}
