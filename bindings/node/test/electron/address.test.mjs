// Addresses and interactions of a page from the preload script's world, which the page's own calls do not reach.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow } from "./support/electron.mjs";
import { context, folder, viewer } from "./support/stage.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const html = "<!doctype html><title>Shop</title><p id=goods>Goods</p><button>Buy</button>";
const RULES = [{ selector: "http://*/users/*", replacement: "http://app.test/shop/someone" }];

/** Opens a window of an app; `lines` is what its page has sent. */
async function open(t, deviceId, { appPath, options, ...more } = {}) {
  const app = new App(join(folder, deviceId), appPath);
  const ipcMain = new IpcMain();
  let lines = "";
  const invoke = ipcMain.invoke.bind(ipcMain);
  ipcMain.invoke = (channel, event, ...given) => {
    if (channel === "session-replay:events") lines += `${given[2]}\n`;
    return invoke(channel, event, ...given);
  };
  const attached = attach({
    ipcMain,
    app,
    apiKey: "key",
    options: viewer.options({ deviceId, sessionId: 1732400000000, ...options }),
  });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  const window = await openWindow(context, ipcMain, app, { html, ...more });
  t.after(() => window.close());
  const sent = () => lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const told = () => sent().filter(({ type }) => type === 6).map(({ data }) => data.payload);
  const interactions = () => sent().filter(({ data }) => data?.tag === "session-replay-interaction").map(({ data }) => data.payload);
  await until(() => told().length > 0, "the first address");
  return { ...window, lines: () => lines, told, interactions };
}

const pathsOf = (told) => told.map(({ href }) => href.replace("http://app.test/shop", ""));

test("what the page's world does to the address is told, and where its user clicks", async (t) => {
  const { page, told, interactions, errors } = await open(t, "app", {
    options: {
      captureDocumentTitle: true,
      interactionConfig: { enabled: true, ugcFilterRules: RULES },
      performanceConfig: { enabled: true, interaction: { timeoutMs: 500 } },
    },
  });
  await page.evaluate(() => {
    document.title = "Cart";
    history.pushState(null, "", "/shop/cart");
    history.replaceState(null, "", "/shop/cart?sorted");
    location.hash = "total";
  });
  await page.locator("button").click({ position: { x: 1, y: 1 } });
  await page.evaluate(() => history.pushState(null, "", "/shop/users/jane"));
  await until(() => told().length === 5, "each change");
  assert.deepEqual(pathsOf(told()), ["/index.html", "/cart", "/cart?sorted", "/cart?sorted#total", "/someone"]);
  assert.deepEqual(told().map(({ title }) => title), ["Shop", "Cart", "Cart", "Cart", "Cart"]);
  await until(() => interactions().length === 5, "a click, and the scroll depth of four addresses");
  const clicks = interactions().filter(({ type }) => type === "click");
  assert.deepEqual(clicks.map(({ selector, pageUrl }) => [selector, pageUrl]), [["button", "http://app.test/shop/cart?sorted#total"]]);
  assert.deepEqual(errors, []);
});

test("in a page without an origin, whose world can't be seen, a change is told with the next event", async (t) => {
  const sandboxed = `${html}<meta name=x>`;
  await context.route("http://app.test/sandbox/**", (route) =>
    route.fulfill({ contentType: "text/html", headers: { "content-security-policy": "sandbox allow-scripts" }, body: sandboxed }),
  );
  const { page, told, show } = await open(t, "sandboxed");
  // The window's own route answers first.
  await page.unroute("http://app.test/**");
  await show("sandbox/index.html");
  await until(() => told().some(({ href }) => href.endsWith("/sandbox/index.html")), "the page");
  await page.evaluate(() => {
    history.pushState(null, "", "/sandbox/behind");
    document.querySelector("#goods").textContent = "More goods";
  });
  await until(() => told().some(({ href }) => href.endsWith("/sandbox/behind")), "the change");
});

test("a page of file: tells nothing of where the app lies, and rules are for what is told", async (t) => {
  const home = join(folder, "jane-doe");
  const appPath = join(home, "My [App]~1", "app.asar");
  mkdirSync(appPath, { recursive: true });
  const text = `${html}<a href=other.html>x</a><i>${appPath}/main.js</i><b>file://${appPath}/main.js</b>`;
  writeFileSync(join(appPath, "index.html"), text);
  const { page, lines, told, interactions } = await open(t, "file", {
    appPath,
    options: {
      interactionConfig: { enabled: true, ugcFilterRules: [{ selector: "app://My%20Shop/*#/users/*", replacement: "app://My%20Shop/someone" }] },
    },
  });
  const before = lines().length;
  // As Electron's loadFile: Chromium keeps characters that Node.js percent-encodes.
  await page.goto(`file://${appPath}/index.html`);
  const hasTold = (href) => until(() => told().some((one) => one.href === href), `${href} is told`);
  await hasTold("app://My%20Shop/index.html");
  await page.evaluate(() => (location.hash = "/users/kim"));
  await page.locator("button").click();
  await hasTold("app://My%20Shop/someone");
  await until(() => interactions().some(({ type }) => type === "click"), "the click");
  assert.deepEqual([...new Set(interactions().map(({ pageUrl }) => pageUrl))].sort(), ["app://My%20Shop/index.html", "app://My%20Shop/someone"]);
  assert.doesNotMatch(lines().slice(before), /jane-doe|kim/);
});
