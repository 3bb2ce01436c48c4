// Rules of the remote configuration choose sessions by the addresses of pages: told by pages that are not captured, too. A window that
// becomes captured begins by itself with a full snapshot. Which rules match what is held beside the browser SDK in tests/beside/.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { bytesIn } from "../../../../tests/support/files.mjs";
import { addressHas, condition, eventIs, remoteWith, rule } from "../../../../tests/support/targeting.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow } from "./support/electron.mjs";
import { context, folder, viewer } from "./support/stage.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const SESSION = 1732500000000;
const html = "<!doctype html><title>Shop</title><p>Goods</p>";
const state = () => sessionReplay.stats().state;

/** Attaches with these rules, until the remote configuration is there; `sent` has the lines that pages sent. */
async function start(t, deviceId, rules, { options, appPath, ...more } = {}) {
  await viewer.setRemoteConfig({ ...remoteWith(...rules) });
  const [app, ipcMain] = [new App(join(folder, deviceId), appPath), new IpcMain()];
  const sent = [];
  const invoke = ipcMain.invoke.bind(ipcMain);
  ipcMain.invoke = (channel, event, ...given) => {
    if (channel === "session-replay:events") sent.push(...given[2].split("\n").map((line) => JSON.parse(line)));
    return invoke(channel, event, ...given);
  };
  const attached = attach({
    ...{ ipcMain, app, apiKey: "key", ...more },
    options: viewer.options({ deviceId, sessionId: SESSION, enableRemoteConfig: true, ...options }),
  });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  await until(() => ["targeting-not-evaluated", "not-targeted"].includes(state()), () => `the rules: ${state()}`);
  const open = async (given = {}) => {
    const window = await openWindow(context, ipcMain, app, { html, ...given });
    t.after(() => window.close());
    return window;
  };
  return { app, open, sent };
}

const go = (page, path) => page.evaluate((path) => history.pushState(null, "", path), path);
const types = (events) => events.map(({ type }) => type);

test("a window that is not captured sends nothing, and begins with a full snapshot once its address is one of the rule's", async (t) => {
  const { open, sent } = await start(t, "cart", [rule("cart", addressHas("/cart"))]);
  const { page } = await open();
  await go(page, "/shop/list");
  await until(() => state() === "not-targeted", "the address is evaluated");
  await page.evaluate(() => (document.querySelector("p").textContent = "Nobody is to see this"));
  await page.waitForTimeout(300);
  await page.evaluate(() => (document.querySelector("p").textContent = "Goods"));
  assert.deepEqual(sent, []);
  await go(page, "/shop/cart");
  await page.evaluate(() => (document.querySelector("p").textContent = "The cart"));
  await until(() => sent.some(({ type }) => type === 2), "the window records");
  assert.deepEqual(types(sent).slice(0, 2), [4, 2]);
  assert.equal(types(sent).filter((type) => type === 2).length, 1, "one is enough");
  await go(page, "/shop/list");
  await page.evaluate(() => (document.querySelector("p").textContent = "The list again"));
  await until(() => JSON.stringify(sent).includes("The list again"), "it stays captured");
  assert.doesNotMatch(JSON.stringify(sent), /Nobody is to see/);
  assert.equal(await sessionReplay.flush(10_000), "ok");
  assert.deepEqual(types(await viewer.events("cart", SESSION)).slice(0, 2), [4, 2]);
});

test("an address is evaluated whole, and stays with the library: what is recorded of it, ugcFilterRules say", async (t) => {
  const options = { interactionConfig: { ugcFilterRules: [{ selector: "http://app.test/users/*", replacement: "http://app.test/users/someone" }] } };
  const { app, open, sent } = await start(t, "whole", [rule("jane", addressHas("/users/jane"))], { options });
  const { page } = await open();
  await go(page, "/users/jane-doe");
  await until(() => sent.some(({ type }) => type === 2), "the window records");
  const kept = bytesIn(app.userData);
  assert.equal(await sessionReplay.flush(10_000), "ok");
  const arrived = await viewer.events("whole", SESSION);
  assert.match(JSON.stringify(arrived), /users\/someone/);
  for (const [where, what] of Object.entries({ sent: JSON.stringify(sent), kept, arrived: JSON.stringify(arrived) })) {
    const at = what.indexOf("jane-doe");
    assert.ok(at < 0, `${where}: ${JSON.stringify(what.slice(Math.max(0, at - 100), at + 60))}`);
  }
});

test("the address of a file of the app is the one that replays show, wherever the app lies", async (t) => {
  const appPath = join(folder, "jane-doe", "My [App]~1", "app.asar");
  mkdirSync(appPath, { recursive: true });
  writeFileSync(join(appPath, "index.html"), html);
  const { open, sent } = await start(t, "file", [rule("its file", condition("page.url", "is", "app://My%20Shop/index.html"))], { appPath });
  const { page } = await open();
  await page.goto(`file://${appPath}/index.html`);
  await until(() => sent.some(({ type }) => type === 2), "the window records");
});

test("another session is decided by where its pages are, not by where they have been", async (t) => {
  const { open, sent } = await start(t, "sessions", [rule("cart", addressHas("/cart"))]);
  const { page } = await open();
  await go(page, "/shop/cart");
  await until(() => state() === "capturing", "the cart");
  await go(page, "/shop/list");
  await page.evaluate(() => (document.querySelector("p").textContent = "The list"));
  await until(() => JSON.stringify(sent).includes("The list"), "the list");
  await sessionReplay.setSessionId(SESSION + 1).promise;
  await page.waitForTimeout(300);
  assert.equal(state(), "not-targeted");
  await go(page, "/shop/cart");
  await until(() => state() === "capturing", "the cart again");
});

test("what a page may not record decides nothing", async (t) => {
  const { open } = await start(t, "foreign", [rule("everything", addressHas("/"))], { allowedOrigins: ["https://elsewhere.example"] });
  const { page } = await open();
  await go(page, "/shop/cart");
  await page.waitForTimeout(300);
  assert.equal(state(), "targeting-not-evaluated");
});

test("a page that goes to too many addresses is evaluated at the last one all the same", async (t) => {
  const { open } = await start(t, "many", [rule("last", addressHas("/499"))]);
  const { page } = await open();
  await page.evaluate(() => {
    for (let n = 0; n < 500; n++) history.pushState(null, "", `/shop/${n}`);
  });
  await until(() => state() === "capturing", "the last address is evaluated");
});

test("evaluateTargetingAndCapture of a page decides before it resolves, and takes what no page can harm with", async (t) => {
  const { open, sent } = await start(t, "calls", [rule("buyers", eventIs("Bought"))]);
  const { page, warnings } = await open();
  await until(() => page.evaluate(() => sessionReplay.stats() !== undefined), "the page has a state");
  const evaluated = (given) =>
    page.evaluate(async (given) => {
      await sessionReplay.evaluateTargetingAndCapture(given);
      return Object.keys(sessionReplay.getSessionReplayProperties()).length > 0;
    }, given);
  assert.equal(await evaluated({ event: { event_type: "Viewed" } }), false);
  assert.equal(await evaluated(undefined), false);
  assert.equal(await evaluated({ event: "Bought", userProperties: [], page: 7 }), false);
  assert.equal(await evaluated({ event: { event_type: "Bought", event_properties: { long: "x".repeat(70_000) } } }), false);
  assert.match(warnings.join(), /evaluateTargetingAndCapture: the arguments of a call may have 65536 characters/);
  assert.equal(await evaluated({ event: { event_type: "Bought" } }), true);
  await until(() => sent.some(({ type }) => type === 2), "the window records");
});
