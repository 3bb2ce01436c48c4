// The three recorders: each records a page of `pages/` from its start to its end, and what it sent is what the ingest server has.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, IpcMain, openWindow } from "../../../bindings/node/test/electron/support/electron.mjs";
import { bundle } from "../../support/bundle.mjs";
import { bytesIn } from "../../support/files.mjs";
import { libraryPath, project } from "../../support/paths.mjs";
import { until } from "../../support/waiting.mjs";
import { HREF, routeSite, use } from "./site.mjs";

const require = createRequire(join(project, "bindings/node/package.json"));
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
/** The recorder of web views. */
export const recorder = readFileSync(join(project, "bindings/web/dist/session-replay-recorder.js"), "utf8");
const SDK = `import * as sr from "@amplitude/session-replay-browser"; window.sr = sr;`;
const sdk = await bundle(SDK, join(project, "bindings/web"), { minify: true, format: "iife" });
export const SESSION = 1_732_500_000_000;
export const FLUSH = { minIntervalMs: 100, maxIntervalMs: 200 };

/** What `record` is given of each: the page, its options for the browser SDK, and the secrets that must not be stored. */
export const RECORDERS = { sdk: recordWithSdk, web: recordWithWeb, preload: recordWithPreload };

/** Records a page; `{ requests, events, interactions, problems, stored }`, where `stored` is each byte that ours keeps or sends. */
export async function record(name, browser, ingest, definition) {
  const context = await browser.newContext({ viewport: { width: 900, height: 600 } });
  const device = `${name}.${definition.name}`;
  ingest.remoteConfig = { sr_sampling_config: { capture_enabled: true, sample_rate: 1 }, ...definition.remote };
  await ingest.routeFor(context);
  await routeSite(context, definition);
  const arrived = (text) => ingest.of(device).events.some((event) => JSON.stringify(event).includes(text));
  try {
    const more = await RECORDERS[name]({ context, ingest, definition, device, arrived });
    return { ...ingest.of(device), problems: [], stored: "", ...more };
  } finally {
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

export async function openPage(context, { html }, scripts) {
  const page = await context.newPage();
  await page.route("http://app.test/**", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
  for (const content of scripts) await page.addInitScript({ content });
  return page;
}

async function recordWithSdk({ context, ingest, definition, device, arrived }) {
  const options = {
    ...{ deviceId: device, sessionId: SESSION, sampleRate: 1, useWebWorker: false, flushIntervalConfig: FLUSH },
    ...{ trackServerUrl: "http://ingest.test/sessions/v2/track" },
    performanceConfig: { enabled: false },
    ...definition.options,
  };
  const inFrames = definition.options?.crossOriginIframes ? "true" : "top === window";
  // It waits a second for the configuration, which is little on a busy machine, and then records nothing.
  const config = JSON.stringify({ configs: { sessionReplay: ingest.remoteConfig } });
  const asks = `handleFetchConfig: async () => new Response(${JSON.stringify(config)})`;
  const start = `if (${inFrames}) window.srStarts = sr.init("beside-key", { ...${JSON.stringify(options)}, ${asks} }).promise;`;
  const page = await openPage(context, definition, [sdk, start]);
  await page.goto(HREF);
  await page.evaluate(() => window.srStarts);
  const isRecording = () => page.evaluate(() => "[Amplitude] Session Replay ID" in sr.getSessionReplayProperties());
  await until(isRecording, "the browser SDK records");
  // It imports rrweb only now.
  await page.waitForTimeout(300);
  // A frame waits for a signal that it misses when it is ready later than its page.
  for (const frame of page.frames().slice(1)) await frame.evaluate(() => window.srStarts?.then(() => sr.start().promise));
  await use(page, definition, arrived);
}

/** The library, started for one recording; `work` is given its log. */
export async function withLibrary({ ingest, definition, device }, work) {
  const folder = mkdtempSync(join(tmpdir(), "session-replay-beside-"));
  const said = [];
  const say = (line) => void said.push(line);
  const options = {
    ...{ deviceId: device, sessionId: SESSION, sampleRate: 1, libraryPath, flushIntervalConfig: FLUSH },
    ...{ clientUrl: HREF, loggerProvider: { error: say, warn: say } },
    ...ingest.options,
    ...definition.options,
  };
  try {
    const more = await work(options, folder);
    const kept = bytesIn(folder);
    await sessionReplay.shutdown(5_000);
    const sent = ingest.of(device).requests.map(({ url, headers, text }) => url + JSON.stringify(headers) + text);
    return { ...more, said, stored: [kept, bytesIn(folder), ...sent, ...said].join("\n") };
  } finally {
    await sessionReplay.shutdown(0);
    // Threads of the library may be about to write their last file.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function recordWithWeb(given) {
  const { context, definition, arrived } = given;
  return withLibrary(given, async (options, storageDir) => {
    await sessionReplay.init("beside-key", { ...options, storageDir }).promise;
    const config = sessionReplay.getPageConfig?.() ?? { privacyConfig: sessionReplay.getPrivacyConfig() };
    const inPage = { ...config, pageOptions: definition.options, flushIntervalMs: 10 };
    const way = `window.sessionReplayRecorderOptions = { ...${JSON.stringify(inPage)}, postMessage: (lines) => hostTakes(lines) };`;
    const page = await openPage(context, definition, [way, recorder]);
    await page.exposeFunction("hostTakes", (lines) => void sessionReplay.recordLines(lines));
    await page.goto(HREF);
    await until(() => page.evaluate(() => sessionReplayRecorder.status().recording), "the recorder records");
    await until(() => arrived('"type":2'), () => `a full snapshot arrives: ${sessionReplay.stats().advice}`);
    await use(page, definition, async (text) => {
      await page.evaluate(() => sessionReplayRecorder.flush());
      await sessionReplay.flush(5_000);
      return arrived(text);
    });
    const { problems } = await page.evaluate(() => sessionReplayRecorder.status());
    await sessionReplay.flush(5_000);
    return { problems };
  });
}

function recordWithPreload(given) {
  const { context, definition, arrived } = given;
  return withLibrary(given, async (options, folder) => {
    const [app, ipcMain] = [new App(folder), new IpcMain()];
    const attached = attach({ ipcMain, app, apiKey: "beside-key", options });
    try {
      const { page, errors } = await openWindow(context, ipcMain, app, { html: definition.html });
      await until(() => arrived('"type":2'), () => `a full snapshot arrives: ${sessionReplay.stats().advice}`);
      await use(page, definition, async (text) => {
        await sessionReplay.flush(5_000);
        return arrived(text);
      });
      await sessionReplay.flush(5_000);
      return { problems: errors.filter((error) => !definition.errors?.includes(error)) };
    } finally {
      attached.detach();
    }
  });
}
