// The whole path: processor time from the call to bytes that the server accepted, and how many bytes these are, beside
// the pipeline that one would write by hand with libcurl and zlib (benches/c/whole.c). Real recordings, one table row each.

import { join } from "node:path";
import { alive, build, inScratch, median, optionsFor, quick, recordingNames, recordings, run, table } from "./common.mjs";

const rounds = quick ? 1 : 7;
const megabytes = quick ? 4 : 16;

export async function whole() {
  console.log(`\n## From the call to the server: ms of processor time per MB of events (medians of ${rounds} runs)\n`);
  const program = build("whole.c", ["-lsession_replay", "-lcurl", "-lz"]);
  const once = (name, contender) =>
    inScratch(async (scratch) => {
      const options = JSON.stringify(optionsFor(scratch, alive, contender !== "memory"));
      const path = contender === "curl" ? "curl" : "sr";
      const [words] = await run(program, path, join(recordings, name), megabytes * 1e6, alive, options);
      const [bytes, cpu, wall, wire] = words.map(Number);
      return { cpu: cpu / (bytes / 1e6), wall: wall / (bytes / 1e6), wire: (wire / bytes) * 1e6 };
    });
  const rows = [];
  for (const name of recordingNames) {
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      runs.push({ mapped: await once(name, "mapped"), memory: await once(name, "memory"), curl: await once(name, "curl") });
    }
    const of = (value) => median(runs.map(value));
    rows.push([
      name,
      of((run) => run.mapped.cpu).toFixed(2),
      of((run) => run.memory.cpu).toFixed(2),
      of((run) => run.curl.cpu).toFixed(2),
      of((run) => run.mapped.cpu / run.curl.cpu).toFixed(2),
      of((run) => run.mapped.wall / run.mapped.cpu).toFixed(2),
      of((run) => run.mapped.wire).toFixed(0),
      of((run) => run.curl.wire).toFixed(0),
      of((run) => run.mapped.wire / run.curl.wire).toFixed(3),
    ]);
  }
  table(
    ["", "mapped file", "memory", "curl + zlib 6", "ratio", "elapsed per cpu", "bytes/MB on the wire", "curl + zlib 6", "ratio"],
    rows,
  );
}
