// The same page with Amplitude's own SDK: what it tells of console and requests we tell, part by part, but for the differences
// that the guide lists.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { allOfBrowserSdk } from "./support/browser-sdk.mjs";
import { launch, open, script, until, withOptions } from "./support/page.mjs";
import { consoleEvents, requestEvents } from "./support/served.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const API = "https://shop.example/api";
const LOGGING = {
  console: { enabled: true, levels: ["info", "log", "warn", "error"] },
  network: { enabled: true, body: { request: { allowlist: ["/user/*", "/n"], excludelist: ["/user/born"] }, response: true, maxBodySizeBytes: 200 } },
};
const END = "the end";
// Longer than what is kept of a response.
const HTML = `<p id="note">private text</p><!-- ${"x".repeat(300)} --><script>
  function buy(what) { console.log(what, { of: [1, null, "ü"], at: true }); }
  function outer() { buy("bought"); }
</script>`;

/** What both record of the page while `act` runs in it. */
async function both(act) {
  const isEnough = (events) => consoleEvents(events).some(({ payload }) => payload[0] === `"${END}"`);
  const actAndEnd = async (page) => {
    await page.evaluate(act, API);
    await page.waitForTimeout(200);
    await page.evaluate((end) => console.log(end), END);
  };
  const { events: theirs } = await allOfBrowserSdk(browser, HTML, { remote: { sr_logging_config: LOGGING }, act: actAndEnd, enough: isEnough });
  const opened = await open(browser, HTML, [withOptions({ loggingConfig: LOGGING }), script], { permitErrors: true });
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await actAndEnd(opened.page);
  await until(() => isEnough(opened.events()), "our end");
  const ours = opened.events();
  await opened.close();
  return { ours, theirs };
}

test("console and errors: level, values, and where from", async () => {
  const { ours, theirs } = await both(() => {
    outer();
    const cyclic = { name: "c", in: { list: [1] } };
    cyclic.in.list.push(cyclic, cyclic.in);
    console.info("text", 1.5, true, null, undefined, 10n, "", [], {}, [[1, [2]]], { a: { b: { c: 1 } } });
    console.warn(cyclic);
    console.error("quoted \"'\\\n", new TypeError("boom").message);
    console.debug("no level of these");
    setTimeout(function later() { throw new RangeError("thrown"); });
    Promise.reject(new TypeError("rejected"));
    Promise.reject({ code: 7 });
  });
  const shape = (events) => consoleEvents(events).map(({ level, payload }) => [level, ...payload]);
  assert.deepEqual(shape(ours), shape(theirs));
  assert.equal(shape(ours).length, 8);
  const places = (events) => consoleEvents(events).map(({ trace }) => trace.filter((frame) => frame.includes("https://shop.example/")));
  assert.deepEqual(places(ours), places(theirs));
  assert.equal(places(ours)[0].length, 2);
});

test("console: what we tell otherwise", async () => {
  const { ours, theirs } = await both(() => {
    console.log(document.getElementById("note"));
    console.log(function pay() { return "source"; });
    console.log({ get code() { window.ran = true; return 1; } });
    console.log(NaN);
    console.log({ a: { b: { c: { d: { e: { f: 1 } } } } } });
    console.log("https://u:p@shop.example/?token=abc");
  });
  const payloads = (events) => consoleEvents(events).map(({ payload }) => JSON.parse(payload[0])).slice(0, -1);
  assert.deepEqual(payloads(theirs), ['<p id="note">private text</p>', 'function pay() { return "source"; }', { code: 1 }, null, "[object Object]", "https://u:p@shop.example/?token=abc"]);
  assert.deepEqual(payloads(ours), ['<p id="note">', "ƒ pay()", { code: "(...)" }, "NaN", { a: { b: { c: { d: { e: "[object Object]" } } } } }, "https://********@shop.example/?token=********"]);
});

/** Without what differs from one run to the next, and what the SDK tells of itself with each custom event. */
const comparable = (events) =>
  requestEvents(events).map(({ timestamp, duration, config, version, totalStorageSize, percentOfQuota, usageDetails, ...rest }) => {
    assert.ok(timestamp > 1.7e12 && (duration >= 0 || rest.type === "beacon"));
    return rest;
  });

test("fetch: each member of the event", async () => {
  const { ours, theirs } = await both(async (api) => {
    const post = (body, headers) => fetch(api, { method: "POST", headers: { "X-One": "1", ...headers }, body });
    await fetch(`${api}?q=1`);
    await post(JSON.stringify({ user: { name: "ü", born: 1980, deep: { x: 1 } }, n: 7, m: [1] }));
    await post(JSON.stringify({ none: 1 }));
    await fetch(new URL(api));
    await fetch("https://refused.example/").catch(() => {});
    const aborting = new AbortController();
    aborting.abort();
    await fetch(api, { signal: aborting.signal }).catch(() => {});
  });
  const [a, b] = [comparable(ours), comparable(theirs)];
  // The SDK's server of the test answers what is no page's; for us nobody does.
  const isRefused = ({ url }) => url.startsWith("https://refused.example");
  assert.deepEqual(a.filter((one) => !isRefused(one)), b.filter((one) => !isRefused(one)));
  assert.deepEqual(a.find(isRefused), { type: "fetch", method: "GET", url: "https://refused.example/", error: { name: "TypeError", message: "Failed to fetch" } });
  assert.equal(a.length, 6);
  assert.equal(a[0].responseBodyStatus, "truncated");
});

test("requests: what we tell otherwise, and what the SDK does not", async () => {
  const { ours, theirs } = await both(async (api) => {
    await fetch("/api");
    await fetch(new Request(api, { method: "PUT", headers: { "X-Of-Request": "1" } }));
    await fetch(api, { method: "post", headers: new Headers({ "X-Of-Headers": "1" }) });
    await fetch(api, { method: "POST", headers: { Authorization: "Bearer 123456789" }, body: "password=hunter2" });
    await new Promise((resolve) => {
      const xhr = Object.assign(new XMLHttpRequest(), { onloadend: () => setTimeout(resolve) });
      xhr.open("GET", api);
      xhr.send();
    });
    navigator.sendBeacon(api, "x");
  });
  const told = (events) => comparable(events).map(({ type, method, url, requestHeaders, requestBody }) => [type, method, url, requestHeaders ?? {}, requestBody]);
  assert.deepEqual(told(theirs), [
    ["fetch", "GET", "/api", {}, undefined],
    ["fetch", "GET", "[object Request]", {}, undefined],
    ["fetch", "post", API, {}, undefined],
    ["fetch", "POST", API, { Authorization: "Bearer 123456789" }, "password=hunter2"],
  ]);
  assert.deepEqual(told(ours), [
    ["fetch", "GET", API, {}, undefined],
    ["fetch", "PUT", API, { "x-of-request": "1" }, undefined],
    ["fetch", "POST", API, { "x-of-headers": "1" }, undefined],
    // With lists of JSON paths, what is no JSON can't be checked.
    ["fetch", "POST", API, { Authorization: "********" }, undefined],
    ["xhr", "GET", API, {}, undefined],
    ["beacon", "POST", API, { "content-length": "1" }, undefined],
  ]);
});
