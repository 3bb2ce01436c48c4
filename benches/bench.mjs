// Measures us beside our peers, in the same run and on the same machine, and prints a table of medians and ratios:
//
//     node benches/bench.mjs [--quick]
//
// The C program benches/c/record.c takes turns between sr_record and its floors, burst by burst. Each case is run several
// times, and the median of what the runs say is shown. Times include the clock's own, which the row `clock` shows.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { execFile } from "node:child_process";

const run = promisify(execFile);
const project = join(import.meta.dirname, "..");
const target = process.env.CARGO_TARGET_DIR ?? join(project, "target");
const quick = process.argv.includes("--quick");
const rounds = quick ? 1 : 7;
const folder = mkdtempSync(join(tmpdir(), "session-replay-bench-"));

/** Takes every body and keeps none. */
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.end("{}"));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const alive = `http://127.0.0.1:${server.address().port}/`;
const dead = "http://127.0.0.1:9/";

/** Threads, bytes of an event, events of each thread, microseconds from burst to burst. */
const sizes = quick
  ? [[1, 300, 20_000, 100], [4, 300, 5_000, 400]]
  : [
      [1, 100, 100_000, 100],
      [1, 300, 100_000, 100],
      [2, 300, 50_000, 200],
      [4, 300, 30_000, 400],
      [1, 1_000, 50_000, 300],
      [1, 10_000, 4_000, 3_000],
      [1, 2_000_000, 40, 50_000],
    ];

function build() {
  const program = join(folder, "record");
  const arguments_ = ["-O2", "-std=gnu11", "-Iinclude", "benches/c/record.c", "-o", program, "-L", join(target, "release")];
  execFileSync(process.env.CC ?? "cc", [...arguments_, "-lsession_replay", `-Wl,-rpath,${join(target, "release")}`, "-pthread"], {
    cwd: project,
    stdio: "inherit",
  });
  return program;
}

async function once(program, [threads, bytes, events, pace], storage, url) {
  const scratch = mkdtempSync(join(folder, "run-"));
  const options = {
    deviceId: "bench",
    sessionId: 1_732_300_000_000,
    sampleRate: 1,
    enableRemoteConfig: false,
    trackServerUrl: url,
    storageLimitBytes: 4_000_000_000,
    ...(storage ? { storageDir: join(scratch, "storage") } : {}),
  };
  const { stdout } = await run(program, [threads, bytes, events, pace, scratch, JSON.stringify(options)].map(String));
  rmSync(scratch, { recursive: true, force: true });
  const rows = new Map();
  for (const line of stdout.split("\n")) {
    const [name, , ...numbers] = line.split(" ");
    if (numbers.length === 5) {
      rows.set(name, numbers.map(Number));
    }
  }
  return rows;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const shown = (ns) => (ns >= 1e6 ? `${(ns / 1e6).toFixed(2)} ms` : ns >= 1e4 ? `${(ns / 1e3).toFixed(0)} µs` : `${ns.toFixed(0)} ns`);

async function table(program, size, storage, url) {
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    runs.push(await once(program, size, storage, url));
  }
  const [threads, bytes] = size;
  const where = `${storage ? "mapped file" : "memory"}, server ${url === dead ? "dead" : "alive"}`;
  console.log(`\n${bytes} bytes, ${threads} thread${threads > 1 ? "s" : ""}, ${where}\n`);
  console.log("| | p50 | p99 | p99.9 | max | p50 beside a warm ring |\n| --- | ---: | ---: | ---: | ---: | ---: |");
  const of = (name, column) => median(runs.map((rows) => rows.get(name)[column]));
  for (const name of runs[0].keys()) {
    const floor = name.endsWith("/burst") ? "memcpy-ring/burst" : "memcpy-ring";
    const cells = [0, 1, 2, 3].map((column) => shown(of(name, column)));
    const ratio = median(runs.map((rows) => rows.get(name)[0] / rows.get(floor)[0]));
    console.log(`| ${name} | ${cells.join(" | ")} | ${ratio.toFixed(2)} |`);
  }
}

try {
  const program = build();
  console.log(`${cpus()[0].model.trim()}, ${cpus().length} cores, ${process.platform} ${process.arch}, ${rounds} runs of each`);
  for (const size of sizes) {
    await table(program, size, true, alive);
    if (size[1] === 300) {
      await table(program, size, true, dead);
      await table(program, size, false, alive);
    }
  }
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}
