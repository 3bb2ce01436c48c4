// Who records a page, and how long its thread runs scripts for that while the page is used.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../tests/support/bundle.mjs";
import { project } from "../../tests/support/paths.mjs";
import { until } from "../../tests/support/waiting.mjs";

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

/**
 * Opens the page, and returns of its first snapshot and of each step how long its thread ran scripts, and how long at a stretch. Layout
 * and painting, which a large page costs most, is its own.
 */
export async function measure(browser, name, { html, steps }) {
  const { scripts, begin } = RECORDERS[name];
  const context = await browser.newContext({ viewport: { width: 900, height: 700 } });
  try {
    const page = await context.newPage();
    let sent = 0;
    await page.route("**/*", (route) => {
      const { pathname } = new globalThis.URL(route.request().url());
      if (pathname === "/") return route.fulfill({ contentType: "text/html", body: html });
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
    const work = { [FIRST]: `void setTimeout(() => ${begin})`, ...steps };
    for (const [step, script] of Object.entries(work)) {
      times[step] = await sampled(cdp, async () => {
        await page.evaluate(script);
        await page.waitForTimeout(SETTLE_MS);
      });
    }
    // At least as much as the page is, so that its snapshot was among it; the browser SDK sends it compressed.
    const isSent = async () => name === "not recorded" || sent > 0 || (await page.evaluate(() => (window.sent ?? 0) > document.documentElement.outerHTML.length / 2));
    await until(async () => (await page.evaluate(() => void dispatchEvent(new Event("blur"))), isSent()), `${name} recorded the page`);
    return times;
  } finally {
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

/** The step that each page begins with. */
export const FIRST = "first snapshot";

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
