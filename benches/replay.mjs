// A long session in the viewer's page: how long until its first picture, until all of it is loaded, and how long a seek takes; beside
// rrweb-player, as npm has it, which is given all events at once.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "../tests/support/servers.mjs";
import { startViewerFrom } from "../tests/support/viewer.mjs";
import { buildViewer, installed, median, project, quick, release, table } from "./common.mjs";

const EVENTS = quick ? 20_000 : 200_000;
/** A recorder takes a full snapshot now and then; seeking costs what lies since the last one. */
const SNAPSHOT_EVERY = 2_000;
/** Milliseconds between two events. */
const STEP = 50;
const SEEKS = 40;
const START = 1_732_300_000_000;
const ROWS = 200;
const COLUMNS = 5;
const FIRST_CELL = 1_000;
/** The viewer takes a session for a live one for 30 seconds. */
const NOT_LIVE_MS = 31_000;

export async function replay() {
  for (const folder of ["tests/support", "viewer/web"]) installed(folder);
  const { launch } = await import("../tests/support/chromium.mjs");
  const texts = Array.from({ length: EVENTS }, (_, number) => JSON.stringify(event(number)));
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  buildViewer();
  const viewer = await startViewerFrom(release);
  const alone = await besideServer(texts);
  const browser = await launch("--js-flags=--expose-gc");
  try {
    for (let from = 0; from < EVENTS; from += SNAPSHOT_EVERY) await viewer.send("bench", START, texts.slice(from, from + SNAPSHOT_EVERY));
    await sleep(NOT_LIVE_MS);
    const runs = { viewer: [], alone: [] };
    for (let run = 0; run < (quick ? 1 : 3); run++) {
      runs.viewer.push(await measure(browser, `${viewer.url}/sessions/bench/${START}?t=1`, inViewer));
      runs.alone.push(await measure(browser, alone.url, inPlayer));
    }
    print(runs, megabytes);
  } finally {
    await browser.close();
    await viewer.stop();
    await alone.stop();
  }
}

/** A page of `ROWS` rows; each event changes some cells, and says its number in the title. */
function event(number) {
  const timestamp = START + number * STEP;
  const phase = number % SNAPSHOT_EVERY;
  if (phase === 0) return { type: 4, timestamp, data: { href: "app://bench", width: 1280, height: 720 } };
  if (phase === 1) return { type: 2, timestamp, data: { node: page(number), initialOffset: { left: 0, top: 0 } } };
  const text = (at) => ({ id: FIRST_CELL + 2 * ((number * 7 + at * 131) % (ROWS * COLUMNS)) + 1, value: `value ${number} of cell ${at}, as it is now` });
  const texts = [{ id: 11, value: String(number) }, ...Array.from({ length: 6 }, (_, at) => text(at))];
  return { type: 3, timestamp, data: { source: 0, texts, attributes: [], removes: [], adds: [] } };
}

function page(number) {
  const element = (tagName, id, childNodes) => ({ type: 2, tagName, attributes: {}, childNodes, id });
  const text = (textContent, id) => ({ type: 3, textContent, id });
  const cell = (at) => element("td", FIRST_CELL + 2 * at, [text(`cell ${at}`, FIRST_CELL + 2 * at + 1)]);
  const rows = Array.from({ length: ROWS }, (_, row) => element("tr", 20 + row, Array.from({ length: COLUMNS }, (_, column) => cell(row * COLUMNS + column))));
  const body = [element("h1", 10, [text(String(number), 11)]), element("table", 12, [element("tbody", 13, rows)])];
  return { type: 0, childNodes: [element("html", 2, [element("head", 3, []), element("body", 4, body)])], id: 1 };
}

/** Serves a page with nothing but rrweb-player, and the events as one array. */
async function besideServer(texts) {
  const dist = join(createRequire(join(project, "viewer/web/package.json")).resolve("rrweb-player"), "..");
  const files = {
    "/": ["text/html", "<!doctype html><meta charset=utf-8><link rel=stylesheet href=style.css><body><script src=player.js></script>"],
    "/player.js": ["text/javascript", readFileSync(join(dist, "rrweb-player.umd.min.cjs"))],
    "/style.css": ["text/css", readFileSync(join(dist, "style.css"))],
    "/events.json": ["application/json", `[${texts.join(",")}]`],
  };
  return serve((request, response) => {
    const [type, body] = files[request.url] ?? ["text/plain", ""];
    response.writeHead(200, { "content-type": type });
    response.end(body);
  });
}

/** Loads a page and seeks in it; `play` is what it is asked to do. */
async function measure(browser, url, play) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const tab = await context.newPage();
  await tab.goto(url, { waitUntil: "commit" });
  const picture = await tab.evaluate(play.begin, null);
  const loaded = await tab.evaluate(play.load, null);
  const at = Array.from({ length: SEEKS }, (_, seek) => Math.floor(((seek * 0.618) % 1) * EVENTS));
  const seeks = await tab.evaluate(play.seek, { at, step: STEP });
  for (const { number, shown } of seeks) {
    const isSnapshot = number % SNAPSHOT_EVERY < 2;
    if (!isSnapshot && Math.abs(Number(shown) - number) > 1) throw new Error(`${url}: event ${number} was asked for and ${shown} is shown`);
  }
  const session = await context.newCDPSession(tab);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await context.close();
  return { picture, loaded, seeks: seeks.map(({ took }) => took), heap: usedSize };
}

// These run in the page.

const inViewer = {
  begin: async () => {
    const document_ = () => document.querySelector(".replayer-wrapper iframe")?.contentDocument;
    while (!document_()?.querySelector("td")) await new Promise(requestAnimationFrame);
    return performance.now();
  },
  load: async () => {
    const bar = () => document.querySelector("progress[aria-label='Loading the session']")?.parentElement;
    while (bar()?.hidden) await new Promise(requestAnimationFrame);
    while (bar()?.hidden === false) await new Promise(requestAnimationFrame);
    return performance.now();
  },
  seek: async ({ at, step }) => {
    const slider = document.querySelector("input[type=range][aria-label=Time]");
    document.querySelector("button[aria-label=Pause]")?.click();
    const seeks = [];
    for (const number of at) {
      await new Promise((done) => setTimeout(done, 50));
      const begun = performance.now();
      slider.value = String(number * step);
      slider.dispatchEvent(new Event("input"));
      const { body } = document.querySelector(".replayer-wrapper iframe").contentDocument;
      void body.offsetHeight;
      seeks.push({ took: performance.now() - begun, number, shown: body.querySelector("h1").textContent });
    }
    return seeks;
  },
};

const inPlayer = {
  begin: async () => {
    while (!window.rrwebPlayer) await new Promise(requestAnimationFrame);
    const events = await (await fetch("events.json")).json();
    const Player = window.rrwebPlayer.default ?? window.rrwebPlayer.Player ?? window.rrwebPlayer;
    window.player = new Player({ target: document.body, props: { events, autoPlay: false, showWarning: false } });
    const document_ = () => document.querySelector(".replayer-wrapper iframe")?.contentDocument;
    while (!document_()?.querySelector("td")) await new Promise(requestAnimationFrame);
    return performance.now();
  },
  load: async () => performance.now(),
  seek: async ({ at, step }) => {
    const seeks = [];
    for (const number of at) {
      await new Promise((done) => setTimeout(done, 50));
      const begun = performance.now();
      // It leaves out the events of the very moment.
      window.player.goto(number * step + 1, false);
      const { body } = document.querySelector(".replayer-wrapper iframe").contentDocument;
      void body.offsetHeight;
      seeks.push({ took: performance.now() - begun, number, shown: body.querySelector("h1").textContent });
    }
    return seeks;
  },
};

function print({ viewer, alone }, megabytes) {
  console.log(`\n## A session of ${megabytes.toFixed(0)} MB and ${EVENTS.toLocaleString("en")} events in a page (medians of ${viewer.length} runs)\n`);
  const rows = [
    ["first picture, ms", ({ picture }) => picture],
    ["all is loaded, ms", ({ loaded }) => loaded],
    [`seek, median of ${SEEKS}, ms`, ({ seeks }) => median(seeks)],
    ["seek, the worst, ms", ({ seeks }) => Math.max(...seeks)],
    ["heap, MB", ({ heap }) => heap / 1e6],
  ].map(([name, of]) => {
    const [ours, theirs] = [viewer, alone].map((runs) => median(runs.map(of)));
    return [name, ours.toFixed(0), theirs.toFixed(0), (ours / theirs).toFixed(2)];
  });
  table(["", "viewer", "rrweb-player alone, all events at once", "ratio"], rows);
}
