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
  console.log(`\n## Views beside their aims (medians of up to ${runs} runs)\n`);
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
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const times = (ratio) => `${ratio.toFixed(2)} ×`;
const percent = (share) => `${share.toFixed(2)} % of a core`;

/** A row of the table. A figure above its aim is missed. */
function row(name, figure, shown, aim, beside = "") {
  const missed = figure > aim ? " **missed**" : "";
  return [name, `${shown(figure)}${missed}`, aim === undefined ? "" : shown(aim), beside];
}

async function pixelsOnTheHostsThread() {
  const program = buildRust("pixels");
  const of = await measured(() => run(program, quick ? 50 : 300, frames), Math.min(runs, 3));
  const [read, xxh3, unchanged, typical] = ["read", "xxh3", "unchanged", "typical"].map((name) => of("time", name)(1));
  const [readInMemory, unchangedInMemory] = ["read-in-memory", "unchanged-in-memory"].map((name) => of("time", name)(1));
  const [ours, png, jpeg] = ["ours", "png-frames", "jpeg-frames"].map((name) => of("bytes", name)());
  const least = (name) => of("time", name)();
  const minima = (one, other) => `by the minima ${times(least(one) / least(other))}`;
  return [
    row("1280×800 RGBA, nothing changed: host's thread", unchanged / read, times, 1.2, `the frame read once: ${micros(read)}; XXH3 of it: ${micros(xxh3)}; ${minima("unchanged", "read")}`),
    row("– the same, of a frame that was in no cache", unchangedInMemory / readInMemory, times, 1.2, `read once: ${micros(readInMemory)}; ${minima("unchanged-in-memory", "read-in-memory")}`),
    row("– a typical change (384×256)", typical, micros, 1e6, `${times(typical / read)} reading the frame once`),
    row("pixels, 14 s of Qt Designer: events", ours, kb, 250e3, `a PNG of each frame: ${kb(png)}; a JPEG: ${kb(jpeg)}`),
    row("– root of the mean square error", of("error")(), (error) => error.toFixed(4), 0.04),
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
    row("– processor, 4 looks a second, all threads", share(processor), percent, 2),
  ];
}

/** Processor time, of the time that it took. */
const share = (processor) => (processor() / processor(1)) * 100;

async function nodesOfASession() {
  const program = build("nodes.c");
  const calls = callsFor(join(frames, "qt-designer-nodes.json"));
  const rounds = quick ? 200 : 2_000;
  const once = (calls, ...more) => () => inScratch((scratch) => run(program, calls, options(scratch), ...more));
  const of = await measured(once(calls, rounds));
  const paced = await measured(once(calls, 0, "paced"), Math.min(runs, 3));
  const bytes = of("bytes");
  const [texts, placeless] = [(await measured(once(withoutIcons(calls), 0), 1))("bytes"), (await measured(once(withoutPlaces(calls), 0), 1))("bytes")];
  const [read, unchanged, json, look] = ["read", "unchanged", "json", "look"].map((name) => of("time", name)());
  return [
    row("nodes, the same, without icons: events", texts(), kb, 40e3, `with its 36 icons: ${kb(bytes())}; without the places of icons: ${kb(placeless())}`),
    row("– gzipped, on the wire", texts(1), kb, 5e3, `with its 36 icons: ${kb(bytes(1))}; without the places of icons: ${kb(placeless(1))}`),
    row("– one list of it", look, micros),
    row("– 500 nodes, unchanged", unchanged, micros, 60e3, `read once: ${micros(read)}; written as JSON: ${micros(json)}`),
    row("– events that these led to", of("events", "unchanged")(), String, 0),
    row("– processor, as it was used, all threads", share(paced("processor")), percent, 2),
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

/** The same calls with nodes of images that take no room, so that nothing is told of them; their path. */
function withoutPlaces(calls) {
  const target = join(folder, "calls-without-places.tsv");
  const line = (line) => (line.startsWith("node\t2\t") ? line.split("\t").with(7, "0").with(8, "0").join("\t") : line);
  writeFileSync(target, readFileSync(calls, "utf8").split("\n").map(line).join("\n"));
  return target;
}

async function memory() {
  const program = buildRust("frames");
  const of = await measured(() => inScratch((scratch) => run(program, "4k", options(scratch, { frameIntervalMs: 500 }))), Math.min(runs, 3));
  return row("a 4K frame: memory over the host's own", of("memory")(), mb, 24e6);
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
    rows.push(row(`a page's events through a view: ${name}.jsonl`, median(ratios), times, 1.3, "the whole path of sr_record"));
  }
  return rows;
}
