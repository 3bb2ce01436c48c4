// The page that is measured, who records it, and what is done with it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../tests/support/bundle.mjs";
import { project } from "../../tests/support/paths.mjs";
import { until } from "../../tests/support/waiting.mjs";

const ROWS = 16_000;
const CHANGES = 200;
/** What recorders put off until the page is idle, or batch, is theirs, too: so long it is waited for. */
const SETTLE_MS = 1_500;
const URL = "https://shop.example/";
const SLIM = `{ script: true, comment: true, headFavicon: true, headWhitespace: true, headMetaSocial: true }`;

const web = join(project, "bindings/web");
const ours = readFileSync(join(web, "dist/session-replay-recorder.js"), "utf8");
const inPage = (source) => bundle(source, web, { format: "iife", minify: true });
const rrweb = await inPage(`import { record } from "rrweb"; window.record = record;`);
const sdk = await inPage(`import * as sr from "@amplitude/session-replay-browser"; window.sr = sr;`);
const SDK_OPTIONS = {
  ...{ deviceId: "bench", sessionId: 1_732_300_000_000, sampleRate: 1 },
  ...{ trackServerUrl: `${URL}track`, configServerUrl: `${URL}config` },
};

/** Scripts that run before the page's, and what begins recording then, on a page that is there. Each has its defaults. */
export const RECORDERS = {
  "not recorded": { scripts: [], begin: "undefined" },
  // As bare as a recording can be: rrweb's events in JSON.
  "rrweb alone": { scripts: [rrweb], begin: `void record({ emit: (event) => (window.sent = (window.sent ?? 0) + JSON.stringify(event).length), slimDOMOptions: ${SLIM} })` },
  ours: {
    scripts: [`window.sessionReplayRecorderOptions = { autoStart: false, postMessage: (lines) => (window.sent = (window.sent ?? 0) + lines.length) };`, ours],
    begin: "sessionReplayRecorder.resume()",
  },
  "the browser SDK": { scripts: [sdk], begin: `sr.init("key", ${JSON.stringify(SDK_OPTIONS)}).promise` },
};

export const STEPS = ["first snapshot", `${CHANGES} changes`, "scrolling"];

const HTML = `<!doctype html><style>td { padding: 1px; height: 18px }</style><table><tbody id="rows"></tbody></table>
  <script>document.getElementById("rows").innerHTML = Array.from({ length: ${ROWS} }, (_, i) =>
    '<tr class="row" data-row="' + i + '"><td>Order ' + i + '</td><td class="sum">' + (i * 37 % 900) + ' EUR</td></tr>').join("")</script>`;

/**
 * Opens the page, and returns of each step how long its thread ran scripts, and how long at a stretch. Layout and painting, which such a
 * table costs most, is the page's own.
 */
export async function measure(browser, name) {
  const { scripts, begin } = RECORDERS[name];
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  try {
    const page = await context.newPage();
    let sent = 0;
    await page.route("**/*", (route) => {
      const { pathname } = new globalThis.URL(route.request().url());
      if (pathname === "/") return route.fulfill({ contentType: "text/html", body: HTML });
      if (pathname.startsWith("/config")) return route.fulfill({ json: { configs: { sessionReplay: {} } } });
      sent += route.request().postDataBuffer()?.length ?? 0;
      return route.fulfill({ json: {} });
    });
    for (const content of scripts) await page.addInitScript({ content });
    await page.goto(URL);
    await page.waitForTimeout(SETTLE_MS);
    const cdp = await context.newCDPSession(page);
    await cdp.send("Profiler.enable");
    const times = {};
    const work = [() => page.evaluate(`void setTimeout(() => ${begin})`), () => page.evaluate(change, CHANGES), () => page.evaluate(scroll)];
    for (const [number, step] of STEPS.entries()) {
      times[step] = await sampled(cdp, async () => {
        await work[number]();
        await page.waitForTimeout(SETTLE_MS);
      });
    }
    const isSent = async () => name === "not recorded" || sent > 0 || (await page.evaluate(() => (window.sent ?? 0) > 1_000_000));
    await until(async () => (await page.evaluate(() => void dispatchEvent(new Event("blur"))), isSent()), `${name} recorded the page`);
    return times;
  } finally {
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

/** What of the time is no script: V8's names of what it sees then. */
const NO_SCRIPT = new Set(["(root)", "(program)", "(idle)"]);
const SAMPLE_US = 250;

/** Samples the page's thread while `work` is done: how long scripts and their garbage took, in all and at a stretch, in milliseconds. */
async function sampled(cdp, work) {
  await cdp.send("Profiler.setSamplingInterval", { interval: SAMPLE_US });
  await cdp.send("Profiler.start");
  await work();
  const { nodes, samples, timeDeltas } = (await cdp.send("Profiler.stop")).profile;
  const isScript = new Map(nodes.map(({ id, callFrame }) => [id, !NO_SCRIPT.has(callFrame.functionName)]));
  let [all, longest, stretch] = [0, 0, 0];
  for (const [number, id] of samples.entries()) {
    // A sample stands for the time until the next one.
    const time = timeDeltas[number + 1] ?? 0;
    stretch = isScript.get(id) ? stretch + time : 0;
    if (isScript.get(id)) all += time;
    longest = Math.max(longest, stretch);
  }
  return { all: all / 1_000, longest: longest / 1_000 };
}

/** Each change in a task of its own: a cell's text, a class, and a row that goes and comes. */
async function change(count) {
  const rows = document.getElementById("rows");
  for (let i = 0; i < count; i++) {
    const row = rows.children[(i * 79) % rows.children.length];
    row.lastChild.firstChild.data = `${i} EUR, changed`;
    row.classList.toggle("changed");
    if (i % 10 === 0) rows.append(row);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

async function scroll() {
  for (let i = 1; i <= 60; i++) {
    scrollTo(0, i * 1_000);
    await new Promise(requestAnimationFrame);
  }
}
