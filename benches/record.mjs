// sr_record on the caller's thread, beside its floors. The C program benches/c/record.c takes turns between them, burst
// by burst. Times include the clock's own, which the row `clock` shows.

import { alive, build, dead, inScratch, median, optionsFor, quick, run, table } from "./common.mjs";

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
      [1, 10_000, 4_000, 3_000],
      [1, 2_000_000, 40, 50_000],
    ];

function once(program, size, storage, url) {
  return inScratch(async (scratch) => {
    const lines = await run(program, ...size, scratch, JSON.stringify(optionsFor(scratch, url, storage)));
    const measured = lines.filter((words) => words.length === 7);
    return new Map(measured.map(([name, , ...numbers]) => [name, numbers.map(Number)]));
  });
}

const shown = (ns) => (ns >= 1e6 ? `${(ns / 1e6).toFixed(2)} ms` : ns >= 1e4 ? `${(ns / 1e3).toFixed(0)} µs` : `${ns.toFixed(0)} ns`);

async function show(program, size, storage, url) {
  const runs = [];
  for (let round = 0; round < rounds; round++) runs.push(await once(program, size, storage, url));
  const [threads, bytes] = size;
  const where = `${storage ? "mapped file" : "memory"}, server ${url === dead ? "dead" : "alive"}`;
  console.log(`\n${bytes} bytes, ${threads} thread${threads > 1 ? "s" : ""}, ${where}\n`);
  const of = (name, column) => median(runs.map((rows) => rows.get(name)[column]));
  const rows = [...runs[0].keys()].map((name) => {
    const floor = name.endsWith("/burst") ? "memcpy-ring/burst" : "memcpy-ring";
    const ratio = median(runs.map((rows) => rows.get(name)[0] / rows.get(floor)[0]));
    return [name, ...[0, 1, 2, 3].map((column) => shown(of(name, column))), ratio.toFixed(2)];
  });
  table(["", "p50", "p99", "p99.9", "max", "p50 beside a warm ring"], rows);
}

export async function record() {
  console.log(`\n## sr_record on the caller's thread (medians of ${rounds} runs)`);
  const program = build("record.c");
  for (const size of sizes) {
    await show(program, size, true, alive);
    if (size[1] === 300) {
      await show(program, size, true, dead);
      await show(program, size, false, alive);
    }
  }
}
