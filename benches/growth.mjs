// How the cost of an event grows with what there is more and more of (benches/c/growth.c; with an Electron app's windows:
// benches/node/windows.mjs), as tables, and as plots in build/bench/.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  alive, build, buildRust, dead, inScratch, installed, median, npm, optionsFor, project, quick, release, run, table,
} from "./common.mjs";
import { recordingPath } from "../tests/support/recordings.mjs";

const rounds = quick ? 1 : 3;
const plots = join(project, "build/bench");

/** What grows, through which values, and the arguments EVENTS THREADS SEQUENCES of each. */
const growths = [
  { name: "events", values: quick ? [1e4, 1e5, 1e6] : [1e4, 1e5, 1e6, 1e7], args: (n) => [n, 1, 0], url: alive },
  { name: "threads", values: [1, 2, 4, 8, 16], args: (n) => [quick ? 1e5 : 1e6, n, 0], url: alive },
  { name: "waiting chunks", values: quick ? [10, 100, 1_000] : [10, 100, 1_000, 10_000], args: (n) => [1e5, 1, n], url: dead },
];

export async function growth() {
  console.log(`\n## Growth: ns per event of 300 bytes (medians of ${rounds} runs; × the first)`);
  const program = build("growth.c");
  for (const { name, values, args, url } of growths) {
    const once = (value) =>
      inScratch((scratch) => run(program, JSON.stringify(optionsFor(scratch, url)), ...args(value)));
    await show(name, ["on the caller's thread", "processor, whole process"], values, once);
  }
  await withWindows();
  console.log(`\nPlots: ${plots}`);
}

/** What the main process of an Electron app does for an event of a page, with more and more windows open. */
async function withWindows() {
  const bindings = installed("bindings/node");
  installed("bindings/web");
  npm(bindings, "run", "--silent", "build");
  process.env.SESSION_REPLAY_LIBRARY = join(release, "libsession_replay.so");
  const program = join(import.meta.dirname, "node/windows.mjs");
  const recording = recordingPath("live-table");
  const once = (value) =>
    inScratch((scratch) => run(process.execPath, program, value, recording, JSON.stringify(optionsFor(scratch, alive)), scratch));
  await show("windows", ["in the main process"], [1, 10, 100], once);
}

/** One table and one plot; `once` runs with one of the values and gives a line of numbers, one for each column. */
async function show(name, columns, values, once) {
  const points = [];
  for (const value of values) {
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push((await once(value))[0].map(Number));
    points.push({ value, costs: columns.map((_, column) => median(runs.map((run) => run[column]))) });
  }
  const [first] = points;
  console.log();
  table(
    [name, ...columns.flatMap((column) => [column, "×"])],
    points.map(({ value, costs }) => [
      value.toLocaleString("en"),
      ...costs.flatMap((cost, column) => [cost.toFixed(cost < 1_000 ? 1 : 0), (cost / first.costs[column]).toFixed(2)]),
    ]),
  );
  mkdirSync(plots, { recursive: true });
  const series = ["caller", "processor"];
  const input = points.flatMap(({ value, costs }) => costs.map((cost, column) => `${series[column]} ${value} ${cost}`)).join("\n");
  const file = join(plots, `growth-${name.replaceAll(" ", "-")}.svg`);
  execFileSync(buildRust("plot"), [file, `Cost of an event, against ${name}`, name], { input, stdio: ["pipe", "inherit", "inherit"] });
}
