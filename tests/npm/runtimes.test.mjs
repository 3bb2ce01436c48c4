// The installed package under the runtimes that there are: alone, in a worker thread, in a cluster.
import { join } from "node:path";
import { after } from "node:test";
import { startViewer } from "../support/viewer.mjs";
import { fixtures } from "./support/fixtures.mjs";
import { assertRecorded, runProgram } from "./support/programs.mjs";
import { row } from "./support/table.mjs";
import { makePlace, useSetup } from "./support/setup.mjs";
import { runtimes } from "./tools/runtimes.mjs";

const PROGRAMS = {
  "ES module": { file: "server.mjs" },
  CommonJS: { file: "server.cjs" },
  "worker thread": { file: "worker.mjs" },
  cluster: { file: "cluster.mjs", sessions: 2 },
};

const setup = await useSetup();
const viewer = await startViewer();
const cwd = makePlace(setup, fixtures("report.cjs", "server.cjs", "server.mjs", "worker.mjs", "cluster.mjs"));
after(() => viewer.stop());

for (const runtime of runtimes) {
  const { program, flags = [] } = runtime;
  row("Runtimes", runtime, (cell) => {
    for (const [what, { file, sessions }] of Object.entries(PROGRAMS)) {
      cell(what, async () => {
        assertRecorded(await runProgram(viewer, program, [...flags, file], { cwd, sessions }));
      });
    }
  });
}
