// The whole path: processor time from the call to bytes that the server accepted, and how many bytes these are, beside
// the pipeline that one would write by hand with libcurl and zlib (benches/c/whole.c), and beside Amplitude's browser SDK
// (benches/node/browser-sdk.cjs). Real recordings, one table row each.

import { join } from "node:path";
import { alive, build, inScratch, installed, median, optionsFor, quick, run, table } from "./common.mjs";
import { recordingNames, recordingPath } from "../tests/support/recordings.mjs";

const rounds = quick ? 1 : 7;
const megabytes = quick ? 4 : 16;
/** It looks at all that waits with each event, so it takes seconds for a MB of small ones. */
const megabytesOfBrowserSdk = 1;

export async function whole() {
  console.log(`\n## From the call to the server: ms of processor time per MB of events (medians of ${rounds} runs)\n`);
  const program = build("whole.c", ["-lsession_replay", "-lcurl", "-lz"]);
  installed("bindings/web");
  const ofBrowserSdk = join(import.meta.dirname, "node/browser-sdk.cjs");
  const once = (name, contender) =>
    inScratch(async (scratch) => {
      const options = JSON.stringify(optionsFor(scratch, alive, contender !== "memory"));
      const recording = recordingPath(name);
      const [words] =
        contender === "browser"
          ? await run(process.execPath, ofBrowserSdk, recording, megabytesOfBrowserSdk * 1e6, alive)
          : await run(program, contender === "curl" ? "curl" : "sr", recording, megabytes * 1e6, alive, options);
      const [bytes, cpu, wall, wire] = words.map(Number);
      return { cpu: cpu / (bytes / 1e6), wall: wall / (bytes / 1e6), wire: (wire / bytes) * 1e6 };
    });
  const rows = [];
  for (const name of recordingNames) {
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      const run = {};
      for (const contender of ["mapped", "memory", "curl", "browser"]) run[contender] = await once(name, contender);
      runs.push(run);
    }
    const of = (value) => median(runs.map(value));
    rows.push([
      `${name}.jsonl`,
      of((run) => run.mapped.cpu).toFixed(2),
      of((run) => run.memory.cpu).toFixed(2),
      of((run) => run.curl.cpu).toFixed(2),
      of((run) => run.mapped.cpu / run.curl.cpu).toFixed(2),
      of((run) => run.browser.cpu).toFixed(0),
      of((run) => run.mapped.wall / run.mapped.cpu).toFixed(2),
      of((run) => run.mapped.wire).toFixed(0),
      of((run) => run.curl.wire).toFixed(0),
      of((run) => run.mapped.wire / run.curl.wire).toFixed(3),
    ]);
  }
  table(
    ["", "mapped file", "memory", "curl + zlib 6", "ratio", "browser SDK", "elapsed per cpu", "bytes/MB on the wire", "curl + zlib 6", "ratio"],
    rows,
  );
}
