// What a window's page logs and asks of servers: seen in the page's own world, masked in the preload script's, and stored by
// the viewer, in the order of what happened. Secrets are searched for in everything that is stored.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { launch } from "../../../../tests/support/chromium.mjs";
import { bytesBelow } from "../../../../tests/support/files.mjs";
import { serve } from "../../../../tests/support/servers.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow } from "./support/electron.mjs";
import { context, folder, viewer } from "./support/stage.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const SESSION = 1732400000000;
const PASSWORD = "Tr0ub4dor-ü";
const html = '<!doctype html><title>Shop</title><input id="p" type="password"><p>Artikel 1</p>';
const LOGGING = {
  console: { enabled: true, levels: ["log", "error"] },
  network: { enabled: true, headers: { excludelist: ["x-left-out"] }, body: { request: true, response: { allowlist: ["/kept/**"] } } },
};
const API = "http://app.test/api";
const ANSWER = { kept: { a: 1, token: "s3cr3t-1" }, private: "s3cr3t-2" };

/** Opens a window of an app that records under this device. */
async function open(t, deviceId, { loggingConfig, within = context, ...more }) {
  const app = new App(join(folder, deviceId));
  const ipcMain = new IpcMain();
  const options = viewer.options({ deviceId, sessionId: SESSION, loggingConfig, flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 } });
  const attached = attach({ ipcMain, app, apiKey: "key", options });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  const window = await openWindow(within, ipcMain, app, { html, ...more });
  await window.page.route(`${API}/**`, (route) => route.fulfill({ json: ANSWER }));
  const arrived = (enough) =>
    until(async () => {
      const events = await viewer.events(deviceId, SESSION);
      return events.some(({ type }) => type === 2) && enough(events) && events;
    }, `enough of ${deviceId} arrives`);
  return { ...window, arrived };
}

const messagesIn = (events) => events.filter(({ data }) => data?.plugin === "rrweb/console@1").map(({ data }) => data.payload);
const requestsIn = (events) => events.filter(({ data }) => data?.tag === "fetch-request").map(({ data }) => data.payload);

/** Runs in the page's world. */
async function act(url) {
  const typed = document.getElementById("p").value;
  const body = JSON.stringify({ typed, n: 1 });
  await fetch(`${url}/fetched?token=s3cr3t-3`, { method: "POST", body, headers: { Authorization: "s3cr3t-4", "X-Left-Out": "s3cr3t-5", "X-Kept": "kept" } });
  await new Promise((resolve) => {
    const xhr = Object.assign(new XMLHttpRequest(), { onloadend: () => setTimeout(resolve) });
    xhr.open("GET", `${url}/asked`);
    xhr.send();
  });
  console.warn("not one of the levels");
  console.log("logged", { typed, element: document.body });
  setTimeout(() => {
    throw new RangeError(`thrown at ${typed}`);
  });
}

for (const contextIsolation of [true, false]) {
  test(`console, requests and errors of a page, ${contextIsolation ? "seen from the isolated world" : "in one world"}`, async (t) => {
    const device = contextIsolation ? "isolated" : "one-world";
    const { page, errors, arrived } = await open(t, device, { loggingConfig: LOGGING, contextIsolation });
    await arrived(() => true);
    await page.fill("#p", PASSWORD);
    await page.evaluate(act, API);
    const events = await arrived((all) => messagesIn(all).length >= 2 && requestsIn(all).length >= 2);
    const [logged, thrown, ...others] = messagesIn(events);
    assert.deepEqual(logged.payload, ['"logged"', '{"typed":"********","element":"<body>"}']);
    assert.equal(logged.level, "log");
    assert.deepEqual(thrown.payload, ['"Uncaught RangeError: thrown at ********"']);
    assert.equal(others.length, 0);
    assert.deepEqual(errors, [`thrown at ${PASSWORD}`].map((text) => `RangeError: ${text}`));
    const [fetched, asked] = requestsIn(events);
    assert.deepEqual([fetched.type, fetched.method, fetched.status, asked.type, asked.status], ["fetch", "POST", 200, "xhr", 200]);
    assert.equal(fetched.url, `${API}/fetched?token=********`);
    assert.deepEqual(fetched.requestHeaders, { Authorization: "********", "X-Kept": "kept" });
    assert.equal(fetched.requestBody, '{"typed":"********","n":1}');
    for (const one of [fetched, asked]) assert.equal(one.responseBody, '{"kept":{"a":1,"token":"********"}}');
    assert.ok(events.findIndex(({ type }) => type === 2) < events.findIndex(({ data }) => data?.tag === "fetch-request"));
    const stored = bytesBelow(join(folder, "viewer"));
    for (const secret of ["s3cr3t", PASSWORD, encodeURIComponent(PASSWORD)]) assert.ok(!stored.includes(secret), secret);
  });
}

test("without a loggingConfig nothing is put into the page, and nothing of it is recorded", async (t) => {
  const { page, arrived } = await open(t, "off", { scripts: ["window.before = [fetch, console.log, XMLHttpRequest.prototype.open];"] });
  await arrived(() => true);
  await page.evaluate(act, API);
  await page.evaluate(() => (document.querySelector("p").textContent = "Artikel 2"));
  const events = await arrived((all) => JSON.stringify(all).includes("Artikel 2"));
  assert.deepEqual([messagesIn(events), requestsIn(events)], [[], []]);
  assert.ok(await page.evaluate(() => [fetch, console.log, XMLHttpRequest.prototype.open].every((now, i) => now === before[i])));
});

test("what is no report of a probe is passed over", async (t) => {
  const { page, arrived } = await open(t, "forged", {
    loggingConfig: LOGGING,
    scripts: [`(() => { const { dispatchEvent } = EventTarget.prototype; window.names = [];
      EventTarget.prototype.dispatchEvent = function (event) { names.push(event.type); return dispatchEvent.call(this, event); }; })();`],
  });
  await arrived(() => true);
  await page.evaluate(() => console.log("first"));
  await page.evaluate(() => {
    const name = names.find((one) => one.startsWith("session-replay-console"));
    const tell = (detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
    for (const detail of [null, {}, "{", "null", "[]", '{"report":null}', '{"report":{"level":"log"}}', '{"report":{"level":"x","trace":[],"payload":[]}}', `{"report":{"level":"log","trace":[],"payload":["${"x".repeat(3_000_000)}"]}}`]) tell(detail);
    console.log("last");
  });
  const events = await arrived((all) => JSON.stringify(messagesIn(all)).includes("last"));
  assert.deepEqual(messagesIn(events).map(({ payload }) => payload[0]), ['"first"', '"last"']);
});

test("responses without end that the page cancels hold up no later request", async (t) => {
  const { url, stop } = await serve((request, response) => {
    response.writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" });
    if (request.url === "/never") response.write("[");
    else response.end("{}");
  });
  t.after(stop);
  // By then the recorder would let go by itself.
  const scripts = ["window.setTimeout = ((native) => (work, ms, ...given) => ms === 3_000 ? 0 : native(work, ms, ...given))(setTimeout);"];
  const loggingConfig = { network: { enabled: true, body: { response: true } } };
  // The page is of no secure origin here.
  const browser = await launch("--disable-features=BlockInsecurePrivateNetworkRequests,LocalNetworkAccessChecks");
  t.after(() => browser.close());
  const { page, arrived } = await open(t, "cancelled", { loggingConfig, scripts, within: await browser.newContext() });
  await arrived(() => true);
  const next = await page.evaluate(async (url) => {
    for (let asked = 0; asked < 6; asked++) void (await fetch(`${url}/never`)).body.cancel();
    return (await fetch(`${url}/next`, { signal: AbortSignal.timeout(20_000) })).text();
  }, url);
  assert.equal(next, "{}");
  const events = await arrived((all) => requestsIn(all).length >= 7);
  assert.equal(requestsIn(events).at(-1).responseBody, "{}");
});
