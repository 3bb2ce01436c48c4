// `beforeRecord` in Electron: of the main process, for all windows, and of the app's own preload script, in its page. And a window in
// which nothing moves, which is told that a full snapshot is wanted.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow, preload } from "./support/electron.mjs";
import { context, folder, viewer } from "./support/stage.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const SESSION = 1732400000000;
const html = "<!doctype html><title>Shop</title><p id=text>begin</p>";

/** Opens a window of an app that records under this device. */
async function open(t, deviceId, options, preloads) {
  const app = new App(join(folder, deviceId));
  const ipcMain = new IpcMain();
  const flushIntervalConfig = { minIntervalMs: 50, maxIntervalMs: 200 };
  const attached = attach({ ipcMain, app, apiKey: "key", options: viewer.options({ deviceId, sessionId: SESSION, flushIntervalConfig, ...options }) });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  return openWindow(context, ipcMain, app, { html, ...(preloads && { preloads }) });
}

const arrived = (deviceId, enough, session = SESSION) =>
  until(async () => {
    const events = (await viewer.events(deviceId, session)) ?? [];
    return enough(JSON.stringify(events), events) && events;
  }, `enough of ${deviceId}`);
const write = ({ page }, text) => page.evaluate((text) => void (document.querySelector("#text").textContent = text), text);

/** Of the words that are written only what a filter leaves arrives. */
async function onlyWhatIsLeft(window, deviceId) {
  await arrived(deviceId, (text) => text.includes("begin"));
  for (const word of ["drop this", "replace this"]) await write(window, word);
  // What is written within one frame is one change.
  await arrived(deviceId, (text) => text.includes("changed this"));
  for (const word of ["throw this", "the end"]) await write(window, word);
  const events = await arrived(deviceId, (text) => text.includes("the end"));
  const text = JSON.stringify(events);
  assert.deepEqual(["drop this", "replace this", "throw this"].filter((word) => text.includes(word)), []);
  assert.deepEqual(window.errors, []);
}

const FILTER = (event) => {
  const json = JSON.stringify(event);
  if (json.includes("throw this")) throw new Error("no");
  if (json.includes("drop this")) return null;
  return json.includes("replace this") ? JSON.parse(json.replaceAll("replace this", "changed this")) : event;
};

test("the main process sees the events of its windows before they are stored", async (t) => {
  const window = await open(t, "main-filter", { beforeRecord: FILTER });
  await onlyWhatIsLeft(window, "main-filter");
});

test("the app's own preload script sees those of its page before they leave it", async (t) => {
  const own = `window.sessionReplayRecorderOptions = { beforeRecord: ${FILTER} };`;
  const seen = [];
  const beforeRecord = (event) => (seen.push(JSON.stringify(event)), event);
  const window = await open(t, "page-filter", { beforeRecord }, [preload, own]);
  await onlyWhatIsLeft(window, "page-filter");
  assert.ok(!seen.join("").includes("drop this") && seen.join("").includes("changed this"));
});

test("a window in which nothing moves takes its full snapshot again where that was lost", async (t) => {
  // The server refuses what has the first one in it, and nobody is told by a call.
  await viewer.fault({ status: 400, times: 1 });
  await open(t, "still", {});
  await arrived("still", (_, events) => events.some(({ type }) => type === 2));
  // It is counted when the response is there: after it has arrived.
  await until(() => sessionReplay.stats().batches.sent === 1, "the batch is counted as sent");
});
