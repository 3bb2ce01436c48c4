// A scene beside its aims: pixels on the host's thread, pixels and nodes of the same 14 seconds of a program in bytes and
// processor time, memory, and a page's events through a view beside sr_record. Peers: reading a frame or a list once; the list
// written as JSON; a PNG or JPEG of each frame.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordingNames, recordingPath } from "../tests/support/recordings.mjs";
import { alive, build, buildRust, folder, inScratch, median, optionsFor, project, quick, run, table } from "./common.mjs";

const runs = quick ? 1 : 5;
const frames = join(project, "tests/fixtures/frames");

export async function views() {
  console.log(`\n## Views beside their aims (medians of ${runs} runs)\n`);
  const rows = [...(await pixelsOnTheHostsThread()), ...(await pixelsOfASession()), ...(await nodesOfASession()), await memory(), ...(await pages())];
  table(["", "measured", "aim", "beside"], rows);
}

/** What a program prints, `runs` times: a function that gives the median of the number behind these words. */
async function measured(once, times = runs) {
  const results = [];
  for (let number = 0; number < times; number++) results.push(await once());
  return (...words) => {
    const behind = (lines) => lines.find((line) => words.every((word, at) => line[at] === word));
    return (column = 0) => median(results.map((lines) => Number(behind(lines)[words.length + column])));
  };
}

const micros = (ns) => `${(ns / 1e3).toFixed(1)} µs`;
const kb = (bytes) => `${(bytes / 1e3).toFixed(1)} KB`;
const times = (one, other) => `${(one / other).toFixed(2)} ×`;

async function pixelsOnTheHostsThread() {
  const program = buildRust("pixels");
  const of = await measured(() => run(program, quick ? 50 : 300, frames));
  const [read, xxh3, unchanged, typical] = ["read", "xxh3", "unchanged", "typical"].map((name) => of("time", name)(1));
  const [readInMemory, unchangedInMemory] = ["read-in-memory", "unchanged-in-memory"].map((name) => of("time", name)(1));
  const [ours, png, jpeg] = ["ours", "png-frames", "jpeg-frames"].map((name) => of("bytes", name)());
  return [
    ["1280×800 RGBA, nothing changed: host's thread", times(unchanged, read), "1.2 ×", `the frame read once: ${micros(read)}; XXH3 of it: ${micros(xxh3)}`],
    ["– a typical change (384×256)", micros(typical), "1000 µs", `${times(typical, read)} reading the frame once`],
    ["pixels, 14 s of Qt Designer: events", kb(ours), "250 KB", `a PNG of each frame: ${kb(png)}; a JPEG: ${kb(jpeg)}`],
    ["– root of the mean square error", of("error")().toFixed(4), "0.04", ""],
  ];
}

const options = (scratch, more = {}) => JSON.stringify({ ...optionsFor(scratch, alive), ...more });

async function pixelsOfASession() {
  const program = buildRust("frames");
  // It was recorded about four times a second: with a rate of 10 none of it comes too early.
  const once = () => inScratch((scratch) => run(program, "session", frames, options(scratch, { frameIntervalMs: 100 })));
  const of = await measured(once, Math.min(runs, 3));
  const [processor, bytes] = [of("processor"), of("bytes")];
  return [
    ["– as stored, with the scene; on the wire", `${kb(bytes())}; ${kb(bytes(1))}`, "", ""],
    ["– processor, 4 looks a second, all threads", percent(processor), "2 % of a core", ""],
  ];
}

const percent = (processor) => `${((processor() / processor(1)) * 100).toFixed(2)} %`;

async function nodesOfASession() {
  const program = build("nodes.c");
  const calls = callsFor(join(frames, "qt-designer-nodes.json"));
  const rounds = quick ? 200 : 2_000;
  const once = (calls, ...more) => () => inScratch((scratch) => run(program, calls, options(scratch), ...more));
  const of = await measured(once(calls, rounds));
  const paced = await measured(once(calls, 0, "paced"), Math.min(runs, 3));
  const [bytes, texts] = [of("bytes"), (await measured(once(withoutIcons(calls), 0), 1))("bytes")];
  const [read, unchanged, json, look] = ["read", "unchanged", "json", "look"].map((name) => of("time", name)());
  return [
    ["nodes, the same, without icons: events", kb(texts()), "40 KB", `with its 36 icons: ${kb(bytes())}`],
    ["– gzipped, on the wire", kb(texts(1)), "5 KB", `with its 36 icons: ${kb(bytes(1))}`],
    ["– one list of it", micros(look), "", ""],
    ["– 500 nodes, unchanged", micros(unchanged), "60 µs", `read once: ${micros(read)}; written as JSON: ${micros(json)}`],
    ["– events that these led to", of("events", "unchanged")(), "0", ""],
    ["– processor, as it was used, all threads", percent(paced("processor")), "2 % of a core", ""],
  ];
}

/** The recorded calls as benches/c/nodes.c reads them: a line each, its parts apart by tabs; its path. */
function callsFor(path) {
  const { nodes, calls } = JSON.parse(readFileSync(path, "utf8"));
  const text = (part) => (typeof part === "string" ? part.replace(/[\t\n]/g, " ") : (part ?? ""));
  const line = (parts) => parts.map(text).join("\t");
  const places = (list) => list.flatMap((part) => {
    const [first, last = first] = String(part).split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
  const call = ([ms, name, view, ...rest]) => line([ms, name, view, ...(name === "nodes" ? places(rest[0]) : rest)]);
  const target = join(folder, "calls.tsv");
  writeFileSync(target, [...nodes.map((node) => line(["node", ...node])), ...calls.map(call)].join("\n") + "\n");
  return target;
}

/** The same calls with nodes that have no image; their path. */
function withoutIcons(calls) {
  const target = join(folder, "calls-without-icons.tsv");
  writeFileSync(target, readFileSync(calls, "utf8").replace(/\tdata:image\/[^\t\n]*/g, "\t"));
  return target;
}

async function memory() {
  const program = buildRust("frames");
  const of = await measured(() => inScratch((scratch) => run(program, "4k", options(scratch, { frameIntervalMs: 500 }))), Math.min(runs, 3));
  return ["a 4K frame: memory over the host's own", `${(of("memory")() / 1e6).toFixed(1)} MB`, "24 MB", ""];
}

/** Processor time from the call to the server's answer. */
async function pages() {
  const program = build("whole.c", ["-lsession_replay", "-lcurl", "-lz"]);
  const megabytes = quick ? 4 : 16;
  const rows = [];
  for (const name of recordingNames) {
    const ratios = [];
    for (let number = 0; number < runs; number++) {
      const cpu = {};
      for (const contender of ["sr", "view"]) {
        const [words] = await inScratch((scratch) => run(program, contender, recordingPath(name), megabytes * 1e6, alive, options(scratch)));
        cpu[contender] = Number(words[1]);
      }
      ratios.push(cpu.view / cpu.sr);
    }
    rows.push([`a page's events through a view: ${name}.jsonl`, `${median(ratios).toFixed(2)} ×`, "1.3 ×", "the whole path of sr_record"]);
  }
  return rows;
}
