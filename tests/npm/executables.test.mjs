// A program that is one executable file, moved to a place of its own, and started there.
import assert from "node:assert/strict";
import { renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { startViewer } from "../support/viewer.mjs";
import { fixtures } from "./support/fixtures.mjs";
import { layOutExecutable } from "./support/layouts.mjs";
import { assertRecorded, assertSays, runProgram } from "./support/programs.mjs";
import { row } from "./support/table.mjs";
import { build } from "./support/tools.mjs";
import { makeApp, useSetup } from "./support/setup.mjs";
import { executables } from "./tools/executables.mjs";

const setup = await useSetup();
const viewer = await startViewer();
after(() => viewer.stop());

for (const [index, made] of executables.entries()) {
  row("Single executables", made, (cell) => {
    let built;
    cell("builds", async () => {
      built = await buildAway(`executable-${index}`, made);
    });
    for (const layout of ["node_modules beside", "run-time files beside", "nothing beside"]) {
      cell(layout, async () => {
        assert.ok(built, "it was not built");
        const executable = layOutExecutable(setup, built, layout);
        const ran = await runProgram(viewer, executable, [], { cwd: setup.places });
        if (layout === "nothing beside") return assertSays(ran, [join(dirname(executable), "koffi.node")]);
        assertRecorded(ran);
      });
    }
  });
}

/** Builds the executable, and removes what it was built from. */
async function buildAway(name, { files, commands }) {
  const app = makeApp(setup, name, { ...fixtures("report.cjs", "server.mjs"), ...files });
  for (const command of commands) await build(app, command);
  const folder = join(setup.built, name);
  renameSync(join(app, "shop"), folder);
  rmSync(app, { recursive: true });
  return folder;
}
