// The browser SDK, our preload script and our recorder of web views in one situation of situations.mjs: whether the session is captured
// behind each step.
import { createRequire } from "node:module";
import { join } from "node:path";
import { App, IpcMain, openWindow } from "../../../bindings/node/test/electron/support/electron.mjs";
import { bundle } from "../../support/bundle.mjs";
import { project } from "../../support/paths.mjs";
import { until } from "../../support/waiting.mjs";
import { FLUSH, openPage, recorder, SESSION, withLibrary } from "./recorders.mjs";
import { HREF } from "./site.mjs";

const require = createRequire(join(project, "bindings/node/package.json"));
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const KEY = "beside-key";
/** How long a page has to decide that nothing is captured. */
const SETTLE_MS = 300;
const UNDECIDED = ["not-initialized", "waiting-for-remote-config"];

/** What both pages have as `window.replay`: `sr` is the API, `makePlugin` makes the plugin for Amplitude's SDK. */
const REPLAY = `
  const ID = "[Amplitude] Session Replay ID";
  let plugin;
  window.replay = {
    init: (options) => sr.init("${KEY}", options).promise,
    setUp: async (config, options) => {
      plugin = makePlugin(options);
      const loggerProvider = Object.fromEntries(["log", "warn", "error", "debug", "enable", "disable"].map((name) => [name, () => {}]));
      await plugin.setup({ ...config, loggerProvider });
      window.replay.config = config;
    },
    isCaptured: () => ID in sr.getSessionReplayProperties(),
    evaluate: (given) => sr.evaluateTargetingAndCapture(given),
    track: async (event) => {
      const { sessionId: session_id, deviceId: device_id } = window.replay.config;
      const { event_properties } = await plugin.execute({ ...event, session_id, device_id, time: Date.now() });
      return ID in (event_properties ?? {});
    },
  };`;

/** The plugin has a version of the SDK of its own, which is not the one that we are held up beside. */
const sameSdk = {
  name: "same-sdk",
  setup: ({ onResolve, resolve }) => {
    const resolveDir = join(project, "bindings/web");
    onResolve({ filter: /^@amplitude\/session-replay-browser$/ }, ({ path, kind, pluginData }) =>
      pluginData === "found" ? undefined : resolve(path, { resolveDir, kind, pluginData: "found" }),
    );
  },
};
const theirs = await bundle(
  `import * as sr from "@amplitude/session-replay-browser";
  import { sessionReplayPlugin as makePlugin } from "@amplitude/plugin-session-replay-browser"; ${REPLAY}`,
  join(project, "tests/beside"),
  { format: "iife", platform: "browser", plugins: [sameSdk] },
);
const ours = await bundle(
  `import * as sr from "session-replay-native";
  import { sessionReplayPlugin as makePlugin } from "session-replay-native/amplitude"; ${REPLAY}`,
  join(project, "bindings/node/test"),
  { format: "iife", platform: "browser" },
);

export const DECIDERS = { sdk: decideWithSdk, preload: decideWithPreload, web: decideWithWeb };

/** Goes through a situation; `{ decisions, events }`: whether the session was captured behind each step, and what arrived. */
export async function decide(name, browser, ingest, situation) {
  const context = await browser.newContext();
  const device = `${name}.${situation.name.replace(/[^a-z0-9]+/gi, "-")}`;
  ingest.remoteConfig = {
    sr_sampling_config: { capture_enabled: true, sample_rate: situation.sampleRate },
    sr_targeting_config: situation.targeting,
  };
  await ingest.routeFor(context);
  try {
    const decisions = await DECIDERS[name]({ context, ingest, situation, device });
    return { decisions, events: ingest.of(device).events };
  } finally {
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
  }
}

const html = "<!doctype html><title>Shop</title><p>Goods</p>";

async function decideWithSdk({ context, ingest, situation, device }) {
  const page = await openPage(context, { html }, [theirs]);
  await page.goto(HREF);
  const given = { deviceId: device, sessionId: SESSION, config: { configs: { sessionReplay: ingest.remoteConfig } }, ...situation };
  await page.evaluate(async ({ deviceId, sessionId, userProperties, config, hasPlugin, flush }) => {
    const options = {
      ...{ trackServerUrl: "http://ingest.test/sessions/v2/track", useWebWorker: false, flushIntervalConfig: flush },
      // It waits a second for the configuration, which is little on a busy machine, and then records nothing.
      ...{ sampleRate: 0, handleFetchConfig: async () => new Response(JSON.stringify(config)), performanceConfig: { enabled: false } },
    };
    if (hasPlugin) await replay.setUp({ apiKey: "beside-key", deviceId, sessionId, optOut: false }, options);
    else await replay.init({ ...options, deviceId, sessionId, userProperties });
  }, { ...given, steps: undefined, flush: FLUSH });
  const decisions = await follow(page, situation);
  await page.evaluate(() => dispatchEvent(new Event("blur")));
  await page.waitForTimeout(SETTLE_MS);
  if (decisions.at(-1)) await until(() => ingest.of(device).events.some(({ type }) => type === 2), "the browser SDK sends a full snapshot");
  return decisions;
}

/** Sends what our library has; of a session that is captured a full snapshot has to arrive. */
async function deliver(ingest, device, isCaptured) {
  if (!isCaptured) return void (await sessionReplay.flush(5_000));
  const hasArrived = async () => (await sessionReplay.flush(5_000), ingest.of(device).events.some(({ type }) => type === 2));
  await until(hasArrived, () => `a full snapshot arrives: ${sessionReplay.stats().advice}`);
}

async function decideWithPreload({ context, ingest, situation, device }) {
  const definition = { options: { sampleRate: 0, userProperties: situation.userProperties } };
  const { decisions } = await withLibrary({ ingest, definition, device }, async (options, folder) => {
    const [app, ipcMain] = [new App(folder), new IpcMain()];
    const attached = attach({ ipcMain, app, apiKey: KEY, options });
    try {
      await until(() => !UNDECIDED.includes(sessionReplay.stats().state), "the remote configuration is there");
      const { page } = await openWindow(context, ipcMain, app, { html, scripts: [ours] });
      await until(() => page.evaluate(() => window.sessionReplay.stats() !== undefined), "the page has a state");
      if (situation.hasPlugin) {
        const config = { apiKey: KEY, deviceId: device, sessionId: SESSION, optOut: false };
        await page.evaluate((config) => replay.setUp(config, {}), config);
      }
      const decisions = await follow(page, situation);
      await deliver(ingest, device, decisions.at(-1));
      return { decisions };
    } finally {
      attached.detach();
    }
  });
  return decisions;
}

/** The host of a web view does as docs/guide/web-views.md says, and tells what only it can know. */
async function decideWithWeb({ context, ingest, situation, device }) {
  const definition = { options: { sampleRate: 0, userProperties: situation.userProperties } };
  const { decisions } = await withLibrary({ ingest, definition, device }, async (options, storageDir) => {
    await sessionReplay.init(KEY, { ...options, storageDir }).promise;
    const way = "window.sessionReplayRecorderOptions = { flushIntervalMs: 10, postMessage: (lines) => hostTakes(lines) };";
    const replay = "window.replay = { isCaptured: () => hostIsCapturing(), evaluate: (given) => hostEvaluates(given) };";
    const page = await openPage(context, { html }, [way, replay, recorder]);
    const takeSnapshot = () => void page.evaluate(() => sessionReplayRecorder.takeFullSnapshot()).catch(() => {});
    sessionReplay.on("needs-full-snapshot", takeSnapshot);
    try {
      await page.exposeFunction("hostTakes", (lines) => void sessionReplay.recordLines(lines));
      await page.exposeFunction("hostIsCapturing", () => Object.keys(sessionReplay.getSessionReplayProperties()).length > 0);
      await page.exposeFunction("hostEvaluates", (given) => void sessionReplay.evaluateTargeting(given));
      await page.goto(HREF);
      const decisions = await follow(page, situation);
      await deliver(ingest, device, decisions.at(-1));
      return { decisions };
    } finally {
      sessionReplay.off("needs-full-snapshot", takeSnapshot);
    }
  });
  return decisions;
}

/** Whether the session is captured behind each step. What is to be captured may take its time. */
async function follow(page, { steps }) {
  const isCaptured = () => page.evaluate(() => replay.isCaptured());
  const decisions = [];
  for (const [[what, act], isExpected] of steps) {
    const said = await act(page);
    if (typeof said === "boolean") {
      decisions.push(said);
    } else if (isExpected) {
      await until(isCaptured, what, 10_000).catch(() => {});
      decisions.push(await isCaptured());
    } else {
      await page.waitForTimeout(SETTLE_MS);
      decisions.push(await isCaptured());
    }
  }
  return decisions;
}
