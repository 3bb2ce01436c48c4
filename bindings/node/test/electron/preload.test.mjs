// The preload script in a window that has others: an app may load ours twice without knowing.
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
const html = "<!doctype html><title>Shop</title><p id=goods>Artikel 1</p>";

/** Opens a window with these preload scripts, in an app that records under this device. */
async function open(t, deviceId, more) {
  const app = new App(join(folder, deviceId));
  const ipcMain = new IpcMain();
  const documents = new Set();
  ipcMain.on("session-replay:register", (_event, document) => documents.add(document));
  const options = viewer.options({ deviceId, sessionId: SESSION, flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 } });
  const attached = attach({ ipcMain, app, apiKey: "key", options });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  const window = await openWindow(context, ipcMain, app, { html, ...more });
  const arrived = (text) =>
    until(async () => {
      const events = await viewer.events(deviceId, SESSION);
      return JSON.stringify(events).includes(text) && events;
    }, `${text} arrives`);
  return { ...window, documents, arrived };
}

test("loaded twice in one window, the preload script records once and warns once", async (t) => {
  const { page, errors, warnings, documents, arrived } = await open(t, "twice", { preloads: [preload, preload, preload] });
  await arrived("Artikel 1");
  await page.evaluate(() => (document.querySelector("#goods").textContent = "Artikel 2"));
  const events = await arrived("Artikel 2");
  assert.equal(events.filter(({ type }) => type === 2).length, 1);
  assert.equal(JSON.stringify(events).split("Artikel 2").length - 1, 1);
  // A page that comes back from the back-forward cache registers again: one document still.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await page.evaluate(() => (document.querySelector("#goods").textContent = "Artikel 3"));
  await arrived("Artikel 3");
  assert.equal(documents.size, 1);
  assert.deepEqual(errors, []);
  assert.deepEqual(warnings, [
    "session-replay: the preload script is loaded twice in this window, and the first one records: use either preloadPath " +
      "or the import in your own preload script",
  ]);
});

test("an app's own preload script goes on where ours can't run beside it", async (t) => {
  const expose = (name) => `require("electron").contextBridge.exposeInMainWorld("${name}", { name: () => "My Shop" });`;
  const script = [expose("sessionReplay"), preload, expose("shop")].join("\n");
  const { page, errors, warnings } = await open(t, "beside", { preloads: [script] });
  assert.equal(await page.evaluate(() => window.shop.name()), "My Shop");
  assert.deepEqual(errors, []);
  assert.match(warnings.join(), /^session-replay: .*Cannot bind an API/);
});

test("without context isolation the page has the same API, in a property that it can't replace", async (t) => {
  const { page, errors, warnings, documents, arrived } = await open(t, "one-world", {
    contextIsolation: false,
    preloads: [preload, preload],
  });
  await arrived("Artikel 1");
  assert.equal(await page.evaluate(() => ((window.sessionReplay = {}), window.sessionReplay.getSessionId())), SESSION);
  await page.evaluate((session) => window.sessionReplay.setSessionId(session).promise, SESSION + 1);
  assert.equal(await page.evaluate(() => window.sessionReplay.getSessionReplayId()), `one-world/${SESSION + 1}`);
  // A name of no event is passed over, also one that every object has.
  for (const name of ["nothing", "constructor", "__proto__"])
    assert.equal(await page.evaluate((name) => window.sessionReplay.on(name, () => {})(), name), undefined);
  assert.equal(documents.size, 1);
  assert.equal(warnings.length, 1);
  assert.deepEqual(errors, []);
});
