// A full snapshot of 2 MB for which a chunk of its size is ready, beside copies of as many bytes (benches/c/snapshot.c).

import { alive, build, inScratch, median, optionsFor, quick, run, table } from "./common.mjs";

const runs = quick ? 1 : 5;
const rounds = quick ? 10 : 40;

/** Of a copy into warm memory, at most. */
const AIM = 1.5;

export async function snapshot() {
  const program = build("snapshot.c");
  const measured = [];
  for (let i = 0; i < runs; i++) {
    const lines = await inScratch((scratch) => run(program, rounds, JSON.stringify(optionsFor(scratch, alive))));
    measured.push(new Map(lines.map(([name, , p50, , , max]) => [name, { p50: Number(p50), max: Number(max) }])));
  }
  const of = (pick) => median(measured.map(pick));
  const us = (value) => `${(value / 1_000).toFixed(0)} µs`;
  console.log(`\n## A full snapshot of 2 MB, a chunk of its size being ready (medians of ${runs} runs)\n`);
  const names = { warm: "a copy into warm memory", uncached: "a copy into memory that no cache holds", sr_record: "sr_record" };
  const rows = Object.entries(names).map(([name, title]) => [
    title,
    us(of((run) => run.get(name).p50)),
    us(of((run) => run.get(name).max)),
    of((run) => run.get(name).p50 / run.get("warm").p50).toFixed(2),
    name === "sr_record" ? `≤ ${AIM.toFixed(2)}` : "",
  ]);
  table(["", "p50", "longest of a run", "beside the warm copy", "aim"], rows);
}
