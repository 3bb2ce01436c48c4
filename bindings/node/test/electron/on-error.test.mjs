// Held sessions in windows: recorded, and not sent until something goes wrong in the page, whatever is logged of it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { bytesBelow } from "../../../../tests/support/files.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow } from "./support/electron.mjs";
import { context, folder, viewer } from "./support/stage.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const SESSION = 1732600000000;
const SECRET = "hunter22";
const html = "<!doctype html><title>Shop</title><p>Goods</p>";
const state = () => sessionReplay.stats().state;

/** Opens a window of an app whose session is held, once its page is recorded. */
async function hold(t, deviceId, { options, ...more } = {}) {
  const [app, ipcMain] = [new App(join(folder, deviceId)), new IpcMain()];
  const attached = attach({
    ...{ ipcMain, app, apiKey: "key" },
    options: viewer.options({ deviceId, sessionId: SESSION, sampleRate: 0, onErrorSampleRate: 1, ...options }),
  });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  const window = await openWindow(context, ipcMain, app, { html, ...more });
  t.after(() => window.close());
  await until(() => sessionReplay.stats().held.events >= 2, "a full snapshot is held");
  return window;
}

const inPage = (page) =>
  page.evaluate(() => {
    const { sessionReplay: api } = window;
    return { state: api.stats().state, advice: api.stats().advice, properties: api.getSessionReplayProperties() };
  });
const throwLater = (page) => page.evaluate((text) => void setTimeout(() => { throw new Error(text); }), SECRET);
const rejectLater = (page) => page.evaluate((text) => void setTimeout(() => Promise.reject(new Error(text))), SECRET);
const reasonsIn = (events) => events.filter(({ data }) => data?.tag === "session-replay-trigger").map(({ data }) => data.payload.reason);

for (const [what, contextIsolation, fail] of [
  ["an uncaught error", true, throwLater],
  ["an unhandled rejection", true, rejectLater],
  ["an uncaught error", false, throwLater],
]) {
  test(`${what} of a page, ${contextIsolation ? "seen from the isolated world" : "in one world"}, is a trigger`, async (t) => {
    const device = `held-${what.length}-${contextIsolation}`;
    const { page, errors } = await hold(t, device, { contextIsolation });
    await until(async () => (await inPage(page)).state === "held", "the page knows that it is held");
    const before = await inPage(page);
    assert.deepEqual(before.properties, {});
    assert.match(before.advice, /its newest part is kept/);
    await sessionReplay.flush(5_000);
    assert.deepEqual(await viewer.events(device, SESSION), []);

    await fail(page);
    await until(() => state() === "capturing", "the session is captured");
    await until(async () => Object.keys((await inPage(page)).properties).length > 0, "the page has the replay's properties");
    const events = await until(async () => {
      await sessionReplay.flush(5_000);
      const events = await viewer.events(device, SESSION);
      return reasonsIn(events).length > 0 && events;
    }, "the replay arrives");
    assert.deepEqual(reasonsIn(events), ["unhandled-error"]);
    assert.deepEqual(events.slice(0, 2).map(({ type }) => type), [4, 2], "what was held begins with a full snapshot");
    assert.ok(errors.some((error) => error.includes(SECRET)), "the page's error is the page's as ever");
    assert.ok(!bytesBelow(join(folder, "viewer")).includes(SECRET), "nothing of its text");
  });
}

test("captureOnUnhandledError: false leaves it held", async (t) => {
  const { page } = await hold(t, "off", { options: { captureOnUnhandledError: false } });
  await throwLater(page);
  const held = sessionReplay.stats().held.events;
  await page.evaluate(() => (document.querySelector("p").textContent = "Other goods"));
  await until(() => sessionReplay.stats().held.events > held, "what came after it");
  assert.equal(state(), "held");
});
