// What frames cost the host's thread, and how many bytes they become, beside a floor and peers in the same program
// (benches/rust/src/bin/pixels.rs): reading the frame once, with and without a hash, comparing it with the last one and copying
// it, which both need that frame; a PNG of each tile that changed, and a PNG and a JPEG of each frame.

import { join } from "node:path";
import { buildRust, median, project, quick, run, table } from "./common.mjs";

const runs = quick ? 1 : 5;
const rounds = quick ? 50 : 300;

const NAMES = {
  read: "read once",
  "read-in-memory": "– that was in no cache",
  xxh3: "XXH3 of it",
  "compare-last": "compare with a copy of the last frame",
  copy: "copy",
  unchanged: "a frame in which nothing changed",
  "unchanged-in-memory": "– that was in no cache",
  typical: "a typical change, 384×256",
  whole: "all of it changed",
};

export async function pixels() {
  const program = buildRust("pixels");
  const results = [];
  for (let number = 0; number < runs; number++) {
    const lines = await run(program, rounds, join(project, "tests/fixtures/frames"));
    results.push(new Map(lines.map(([kind, name, ...numbers]) => (numbers.length > 0 ? [`${kind} ${name}`, numbers.map(Number)] : [kind, [Number(name)]]))));
  }
  const of = (key, column) => median(results.map((result) => result.get(key)[column]));
  console.log(`\n## Pixels: 1280×800 on the host's thread (medians of ${runs} runs)\n`);
  const shown = (ns) => `${(ns / 1e3).toFixed(0)} µs`;
  const read = (name) => `time ${name.endsWith("-in-memory") ? "read-in-memory" : "read"}`;
  const ratio = (name, column) => median(results.map((result) => result.get(`time ${name}`)[column] / result.get(read(name))[column])).toFixed(2);
  const times = Object.entries(NAMES).map(([name, text]) => {
    const [min, p50, p99] = [0, 1, 2].map((column) => shown(of(`time ${name}`, column)));
    return [text, min, p50, p99, ratio(name, 0), ratio(name, 1)];
  });
  table(["", "minimum", "p50", "p99", "minimum beside reading once", "p50 beside it"], times);
  console.log("\n14 seconds of a Qt program, as events, in KB\n");
  const bytes = ["ours", "png-tiles", "png-frames", "jpeg-frames"].map((name) => of(`bytes ${name}`, 0));
  const kb = (bytes) => (bytes / 1e3).toFixed(0);
  table(["", "KB", "×"], ["ours", "a PNG of each tile that changed", "a PNG of each frame that changed", "a JPEG of each, of quality 60"].map((name, i) => [name, kb(bytes[i]), (bytes[i] / bytes[0]).toFixed(2)]));
  const parts = { "full-pictures": "files of full pictures", files: "files of changes", base64: "base64", elements: "elements around them" };
  console.log(`\nWhat ours are made of, of ${of("part images", 0)} images; the root of the mean square error is ${of("error", 0)}\n`);
  table(["", "KB"], Object.entries(parts).map(([name, text]) => [text, kb(of(`part ${name}`, 0))]));
}
