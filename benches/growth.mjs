// How the cost of an event grows with what there is more and more of (benches/c/growth.c), as tables, and as plots in
// build/bench/.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { alive, build, buildRust, dead, inScratch, median, optionsFor, project, quick, run, table } from "./common.mjs";

const rounds = quick ? 1 : 3;
const plots = join(project, "build/bench");

/** What grows, through which values, and the arguments EVENTS THREADS SEQUENCES of each. */
const growths = [
  { name: "events", values: quick ? [1e4, 1e5, 1e6] : [1e4, 1e5, 1e6, 1e7], args: (n) => [n, 1, 0], url: alive },
  { name: "threads", values: [1, 2, 4, 8, 16], args: (n) => [quick ? 1e5 : 1e6, n, 0], url: alive },
  { name: "waiting sequences", values: quick ? [10, 100, 1_000] : [10, 100, 1_000, 10_000], args: (n) => [1e5, 1, n], url: dead },
];

export async function growth() {
  console.log(`\n## Growth: ns per event of 300 bytes (medians of ${rounds} runs; × the first)`);
  const program = build("growth.c");
  const plot = buildRust("plot");
  mkdirSync(plots, { recursive: true });
  for (const { name, values, args, url } of growths) {
    const points = [];
    for (const value of values) {
      const runs = [];
      for (let round = 0; round < rounds; round++) {
        await inScratch(async (scratch) => {
          const [words] = await run(program, JSON.stringify(optionsFor(scratch, url)), ...args(value));
          runs.push(words.map(Number));
        });
      }
      points.push({ value, caller: median(runs.map((run) => run[0])), cpu: median(runs.map((run) => run[1])) });
    }
    const [first] = points;
    console.log();
    table(
      [name, "on the caller's thread", "×", "processor, whole process", "×"],
      points.map(({ value, caller, cpu }) => [
        value.toLocaleString("en"), caller.toFixed(1), (caller / first.caller).toFixed(2), cpu.toFixed(0), (cpu / first.cpu).toFixed(2),
      ]),
    );
    const input = points.flatMap(({ value, caller, cpu }) => [`caller ${value} ${caller}`, `processor ${value} ${cpu}`]).join("\n");
    const file = join(plots, `growth-${name.replaceAll(" ", "-")}.svg`);
    execFileSync(plot, [file, `Cost of an event, against ${name}`, name], { input, stdio: ["pipe", "inherit", "inherit"] });
  }
  console.log(`\nPlots: ${plots}`);
}
