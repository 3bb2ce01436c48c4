// sr_record in every state that a host meets, beside what it costs while recording and beside a copy into a warm ring. Each state
// is a process of its own (benches/c/states.c); they take turns, round by round, and each is measured against the ring of its own
// process. Counts of instructions, by callgrind where it is there, do not depend on what else the machine does.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { alive, build, inScratch, median, optionsFor, quick, run, silent, table } from "./common.mjs";

const rounds = quick ? 3 : 9;

/** How many threads take turns on each core. */
const turns = (count) => Math.max(1, count / availableParallelism());

/** 16 MB/s a thread that has a core of its own, and of each core where more take turns on it: a burst of 20 timed as a whole and 20 timed one by one, 300 bytes each. */
const PACE_US = 750;
const threads = quick ? [1, 4] : [1, 2, 4, 16];
/** Of each thread. */
const events = (count) => (quick ? 8_000 : 40_000) / turns(count);

/** Of what recording costs, at most: in states that keep the event or tell of a problem, and in those that record nothing. */
const KEPT = 1.3;
const NOTHING = 1 / 3;

/** Options beside the common ones, and the aim. */
const states = {
  recording: [{}],
  "no-snapshot": [{}, KEPT],
  "session-timeout": [{ sessionTimeoutMs: 1_800_000 }, KEPT],
  "rolled-over": [{}, KEPT],
  // A server that refuses would have what waits packed between two attempts, which makes room again.
  "buffer-full": [{ trackServerUrl: silent, storageLimitBytes: 4_000_000 }, KEPT],
  forked: [{}, KEPT],
  "not-sampled": [{ sampleRate: 0 }, NOTHING],
  "opted-out": [{}, NOTHING],
  paused: [{}, NOTHING],
  idle: [{ idleTimeoutMs: 1_000 }, NOTHING],
  "shut-down": [{}, NOTHING],
};

const optionsOf = (state, scratch) => JSON.stringify({ ...optionsFor(scratch, alive), ...states[state][0] });

/** The lines `name samples p50 p99 p99.9 max mean`. */
async function measured(program, state, count) {
  return inScratch(async (scratch) => {
    const lines = await run(program, state, count, events(count), PACE_US * turns(count), optionsOf(state, scratch));
    return new Map(lines.map(([name, , p50, p99, p999, max]) => [name, { p50: +p50, p99: +p99, p999: +p999, max: +max }]));
  });
}

const ns = (value) => `${value.toFixed(0)} ns`;
const us = (value) => `${(value / 1_000).toFixed(1)} µs`;
const aim = (value) => (value === undefined ? "" : `≤ ${value.toFixed(2)}`);

async function showThreads(program, count) {
  const runs = Object.fromEntries(Object.keys(states).map((state) => [state, []]));
  for (let round = 0; round < rounds; round++) {
    for (const state of Object.keys(states)) runs[state].push(await measured(program, state, count));
  }
  const of = (state, pick) => median(runs[state].map(pick));
  const beside = (state) => of(state, (rows) => rows.get("sr_record").p50 / rows.get("ring").p50);
  console.log(`\n300 bytes, ${count} thread${count > 1 ? "s" : ""}, bursts of 20\n`);
  const rows = Object.entries(states).map(([state, [, most]]) => [
    state,
    ns(of(state, (rows) => rows.get("ring").p50)),
    ns(of(state, (rows) => rows.get("sr_record").p50)),
    beside(state).toFixed(2),
    state === "recording" ? "≤ 2.00" : "",
    (beside(state) / beside("recording")).toFixed(2),
    aim(most),
    us(of(state, (rows) => rows.get("sr_record/own").p999)),
    us(of(state, (rows) => rows.get("ring/own").p999)),
    us(of(state, (rows) => rows.get("sr_record/own").max)),
    us(of(state, (rows) => rows.get("ring/own").max)),
  ]);
  const own = ["own time of a call, p99.9 (aim 2.0 µs)", "of a copy", "longest (aim 50 µs)", "of a copy"];
  table(["", "ring", "sr_record", "beside the ring", "aim", "beside recording", "aim", ...own], rows);
}

/** What callgrind counted in record_many of so many calls at this pace, all processes together. */
function counted(program, state, calls, pace = 0) {
  return inScratch(async (scratch) => {
    const out = `--callgrind-out-file=${join(scratch, "callgrind.%p")}`;
    const args = ["-q", "--tool=callgrind", "--toggle-collect=record_many", out, program, state, 0, calls, pace, optionsOf(state, scratch)];
    execFileSync("valgrind", args.map(String), { stdio: ["ignore", "ignore", "inherit"] });
    const files = readdirSync(scratch).filter((name) => name.startsWith("callgrind."));
    const totals = files.map((name) => Number(/^totals: (\d+)/m.exec(readFileSync(join(scratch, name), "utf8"))?.[1] ?? 0));
    return totals.reduce((sum, total) => sum + total, 0);
  });
}

/** Both counts are of calls into one chunk. */
async function showInstructions(program) {
  const [few, many] = [200, 1_200];
  const perCall = {};
  for (const state of Object.keys(states)) {
    perCall[state] = ((await counted(program, state, many)) - (await counted(program, state, few))) / (many - few);
  }
  console.log("\nInstructions of a call of 300 bytes\n");
  const rows = Object.entries(states).map(([state, [, most]]) => [
    state,
    perCall[state].toFixed(0),
    (perCall[state] / perCall.recording).toFixed(2),
    aim(most),
  ]);
  table(["", "instructions", "beside recording", "aim in time"], rows);
  // A chunk of 512 KiB holds 1,690 of them. Slowly enough for sr-worker, which callgrind gives a turn only now and then.
  const calls = 30_000;
  const ends = Math.floor(calls / 1_690);
  const chunkEnd = ((await counted(program, "recording", calls, 3_000)) - calls * perCall.recording) / ends;
  console.log(`\nWhere a chunk ends: ${chunkEnd.toFixed(0)} instructions, without those of the system`);
}

function hasValgrind() {
  try {
    execFileSync("valgrind", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export async function showStates() {
  console.log(`\n## sr_record in every state (medians of ${rounds} runs)`);
  const program = build("states.c");
  if (hasValgrind()) await showInstructions(program);
  for (const count of threads) await showThreads(program, count);
}
