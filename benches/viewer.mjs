// The viewer beside a store of 100,000 sessions, made by writing files as it lays them out: how soon the list is there, and what it costs.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildViewer, inScratch, quick, release, table } from "./common.mjs";
import { startViewerFrom } from "../tests/support/viewer.mjs";

const sessions = quick ? 10_000 : 100_000;
const batches = 3;
const idleSeconds = 10;
const liveBatches = 50;

export async function viewer() {
  console.log(`\n## The viewer beside ${sessions.toLocaleString("en")} sessions of ${batches} batches\n`);
  buildViewer();
  await inScratch(async (scratch) => {
    const store = join(scratch, "store");
    fill(store);
    const rows = [];
    const first = await measureStart(store);
    rows.push(["first start: first answer, ms", first.answered], ["first start: all sessions known, ms", first.complete]);
    await first.viewer.stop();
    const { viewer, answered, complete } = await measureStart(store);
    try {
      rows.push(["next start: first answer, ms", answered], ["next start: all sessions known, ms", complete]);
      rows.push(["first page of the list, ms", await elapsed(() => viewer.get("/api/search?limit=100"))]);
      rows.push(["search for a word, ms", await elapsed(() => viewer.get("/api/search?q=session-77"))]);
      rows.push(["memory, MB", Math.round(memory(viewer) / 1e6)]);
      rows.push(["idle, % of a core", await idle(viewer)]);
      const stop = new AbortController();
      const feed = await fetch(`${viewer.url}/api/live`, { signal: stop.signal });
      const read = drain(feed.body).catch(() => {});
      rows.push(["idle with one feed, % of a core", await idle(viewer)]);
      rows.push(["a batch of a live session, ms of processor time", await live(viewer)]);
      stop.abort();
      await read;
    } finally {
      await viewer.stop();
    }
    table(["", ""], rows);
  });
}

/** Three batches and a marker for each session, ten sessions a device. */
function fill(store) {
  const meta = '{"type":4,"timestamp":1795465976788,"data":{"href":"http://app/","width":1280,"height":720}}';
  const body = JSON.stringify({ version: 1, events: [meta, meta] });
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(1_795_465_976_788);
  const timestamp = bits.toString("hex");
  const begin = (Date.now() - 3 * 86_400_000) * 1_000;
  for (let number = 0; number < sessions; number++) {
    const [device, session] = [`device-${Math.floor(number / 10)}`, `session-${number}`];
    const folder = join(store, "v1/sequences", device, session);
    mkdirSync(folder, { recursive: true });
    const arrived = begin + number * 2_000_000;
    for (let batch = 0; batch < batches; batch++) {
      const time = String(arrived + batch * 500_000).padStart(20, "0");
      const name = `${time}-0123456789abcdef-e2-w300-d${body.length}-f${timestamp}-l${timestamp}-k14`;
      const line = { arrived: Math.floor(arrived / 1_000), device_id: device, session_id: session, headers: {}, wire_bytes: 300, decoded_bytes: body.length, events: 2, first_timestamp: 1_795_465_976_788, last_timestamp: 1_795_465_976_788 };
      writeFileSync(join(folder, name), `${JSON.stringify(line)}\n${body}`);
    }
    const marker = { arrived: Math.floor(arrived / 1_000), device_id: device, session_id: session, sample_rate: 1, library: "standalone/1.0.0", client_version: "1.0.0", client_url: `https://shop.example/${number}`, title: `Page ${number}`, system: "Chrome 140, Linux" };
    const markers = join(store, "v1/sessions", device, session);
    mkdirSync(markers, { recursive: true });
    writeFileSync(join(markers, "first"), JSON.stringify(marker));
  }
}

async function measureStart(store) {
  const began = performance.now();
  const viewer = await startViewerFrom(release, "--data", store);
  let found = await viewer.get("/api/search");
  const answered = Math.round(performance.now() - began);
  while (!found.complete) {
    await sleep(50);
    found = await viewer.get("/api/search");
  }
  if (found.total !== sessions) throw new Error(`${found.total} sessions are found, not ${sessions}`);
  return { viewer, answered, complete: Math.round(performance.now() - began) };
}

async function elapsed(body) {
  const began = performance.now();
  await body();
  return Math.round(performance.now() - began);
}

/** Processor time so far, in ms. */
function cpu({ pid }) {
  const [, fields] = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ");
  const [user, system] = fields.split(" ").slice(11, 13).map(Number);
  return (user + system) * 10;
}

const memory = ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))[1]) * 1_024;

async function idle(viewer) {
  await sleep(2_000);
  const before = cpu(viewer);
  await sleep(idleSeconds * 1_000);
  return ((cpu(viewer) - before) / (idleSeconds * 10)).toFixed(2);
}

async function live(viewer) {
  const event = { type: 3, timestamp: Date.now(), data: { source: 1, positions: [] } };
  const before = cpu(viewer);
  for (let batch = 0; batch < liveBatches; batch++) {
    await viewer.send("live", "1", [event]);
    await sleep(100);
  }
  return ((cpu(viewer) - before) / liveBatches).toFixed(2);
}

async function drain(stream) {
  for await (const _ of stream);
}
