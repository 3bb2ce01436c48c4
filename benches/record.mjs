// sr_record on the caller's thread, beside its floors and peers. The C program benches/c/record.c takes turns between it
// and the floors, burst by burst; the peers (spdlog's asynchronous logger, a breadcrumb of the `sentry` crate) take turns
// with the ring in programs of their own, run by run. Times include the clock's own, which the row `clock` shows.

import { alive, build, buildRust, dead, inScratch, median, optionsFor, quick, run, table } from "./common.mjs";

const rounds = quick ? 1 : 7;

/** Threads, bytes of an event, events of each thread, microseconds from burst to burst. */
const sizes = quick
  ? [[1, 300, 20_000, 100], [4, 300, 5_000, 400]]
  : [
      [1, 100, 100_000, 100],
      [1, 300, 100_000, 100],
      [2, 300, 50_000, 200],
      [4, 300, 30_000, 400],
      [1, 1_000, 50_000, 300],
      [4, 1_000, 10_000, 1_200],
      [1, 10_000, 4_000, 3_000],
      [1, 2_000_000, 40, 50_000],
    ];

/** The lines `name samples p50 p99 p99.9 max mean` of a program. */
async function measured(program, ...args) {
  const lines = (await run(program, ...args)).filter((words) => words.length === 7);
  return new Map(lines.map(([name, , ...numbers]) => [name, numbers.map(Number)]));
}

/** One run of each; a peer's row keeps its ratio to the ring that it took turns with. */
function once(programs, size, storage, url) {
  return inScratch(async (scratch) => {
    const [threads, bytes, events, pace] = size;
    const rows = await measured(programs.record, ...size, scratch, JSON.stringify(optionsFor(scratch, url, storage)));
    const ring = rows.get("memcpy-ring");
    const peer = async (name, ...command) => {
      const of = await measured(...command);
      rows.set(name, [...of.get(name), of.get(name)[0] / of.get("memcpy-ring")[0]]);
    };
    if (storage && url === alive && bytes <= 100_000) {
      await peer("spdlog-async", programs.spdlog, ...size, scratch);
      if (threads === 1) await peer("sentry-breadcrumb", programs.breadcrumb, bytes, Math.min(events, 50_000), pace);
    }
    for (const [name, row] of rows) row[5] ??= row[0] / (name.endsWith("/burst") ? rows.get("memcpy-ring/burst") : ring)[0];
    return rows;
  });
}

const shown = (ns) => (ns >= 1e6 ? `${(ns / 1e6).toFixed(2)} ms` : ns >= 1e4 ? `${(ns / 1e3).toFixed(0)} µs` : `${ns.toFixed(0)} ns`);

async function show(programs, size, storage, url) {
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await once(programs, size, storage, url));
  const [threads, bytes] = size;
  const where = `${storage ? "mapped file" : "memory"}, server ${url === dead ? "dead" : "alive"}`;
  console.log(`\n${bytes} bytes, ${threads} thread${threads > 1 ? "s" : ""}, ${where}\n`);
  const of = (name, column) => median(runs.map((rows) => rows.get(name)[column]));
  const rows = [...runs[0].keys()].map((name) => {
    return [name, ...[0, 1, 2, 3].map((column) => shown(of(name, column))), of(name, 5).toFixed(2)];
  });
  table(["", "p50", "p99", "p99.9", "max", "p50 beside a warm ring"], rows);
}

/** The other calls that a host makes while it works, beside a copy of Segment's event. */
async function showCalls() {
  const program = build("calls.c");
  const runs = [];
  for (let round = 0; round < rounds; round++) {
    await inScratch(async (scratch) => {
      const options = { ...optionsFor(scratch, alive), segment: { mode: "actions" } };
      runs.push(await measured(program, quick ? 100 : 500, 5_000, JSON.stringify(options)));
    });
  }
  console.log("\nOther calls, mapped file, server alive\n");
  const of = (name, column) => median(runs.map((rows) => rows.get(name)[column]));
  const rows = [...runs[0].keys()].map((name) => [
    name,
    ...[0, 1, 2, 3].map((column) => shown(of(name, column))),
    median(runs.map((rows) => rows.get(name)[0] / rows.get("strdup")[0])).toFixed(2),
  ]);
  table(["", "p50", "p99", "p99.9", "max", "p50 beside strdup"], rows);
}

export async function record() {
  console.log(`\n## sr_record on the caller's thread (medians of ${rounds} runs)`);
  const spdlog = ["-lspdlog", "-lfmt", "-DSPDLOG_COMPILED_LIB", "-DSPDLOG_FMT_EXTERNAL"];
  const programs = { record: build("record.c"), spdlog: build("spdlog.cpp", spdlog), breadcrumb: buildRust("breadcrumb") };
  for (const size of sizes) {
    await show(programs, size, true, alive);
    if (size[1] === 300) {
      await show(programs, size, true, dead);
      await show(programs, size, false, alive);
    }
  }
  await showCalls();
}
