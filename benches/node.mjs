// record() from Node.js through both backends, beside JSON.stringify alone, a call that does nothing, and the browser SDK
// (benches/node/events.cjs).

import { join } from "node:path";
import { alive, buildShared, inScratch, installed, median, npm, optionsFor, quick, release, run, table } from "./common.mjs";
import { recordingPath } from "../tests/support/recordings.mjs";

const rounds = quick ? 1 : 5;
const bursts = quick ? 2_000 : 10_000;

export async function node() {
  const bindings = installed("bindings/node");
  installed("bindings/web");
  npm(bindings, "run", "--silent", "build");
  const empty = buildShared("empty.c");
  process.env.SESSION_REPLAY_LIBRARY = join(release, "libsession_replay.so");
  const program = join(import.meta.dirname, "node/events.cjs");
  const rows = [];
  let bytes;
  for (const backend of ["koffi", "ffi-napi"]) {
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      await inScratch(async (scratch) => {
        const options = JSON.stringify(optionsFor(scratch, alive));
        const recording = recordingPath("live-table");
        const lines = await run(process.execPath, program, backend, empty, recording, options, bursts);
        runs.push(Object.fromEntries(lines.map(([name, value]) => [name.replaceAll("\u00a0", " "), Number(value)])));
      });
    }
    const of = (value) => median(runs.map(value));
    bytes = runs[0].bytes;
    for (const name of Object.keys(runs[0]).filter((name) => name !== "bytes")) {
      rows.push([
        `${backend}: ${name}`,
        of((run) => run[name]).toFixed(0),
        // Through ffi-napi many events share a call.
        backend === "koffi" ? of((run) => run[name] - run["empty-call"]).toFixed(0) : "",
        of((run) => run[name] / run["JSON.stringify"]).toFixed(2),
      ]);
    }
  }
  console.log(`\n## record() from Node.js, ns per event of ${bytes} bytes on average (medians of ${rounds} runs)\n`);
  table(["", "ns", "over an empty call", "beside JSON.stringify"], rows);
}
