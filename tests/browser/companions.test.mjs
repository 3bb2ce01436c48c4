// Below the replay the viewer shows the console and the requests of the session, in step with it. What they say may be anything, and there may be
// very many.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, pageWith } from "../support/events.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

const DEVICE = "device-1";
let viewer, browser;
let last = SESSION;

before(async () => ([viewer, browser] = await Promise.all([startViewer(), launch()])));
after(async () => {
  await browser?.close();
  await viewer?.stop();
});

const line = (ms, level, ...said) => ({
  type: 6,
  timestamp: SESSION + ms,
  data: { plugin: "rrweb/console@1", payload: { level, trace: ["app.js:1:2"], payload: said.map((argument) => JSON.stringify(argument)) } },
});
const request = (ms, payload) => ({
  type: 5,
  timestamp: SESSION + ms,
  data: { tag: "fetch-request", payload: { timestamp: SESSION + ms - 1_000, type: "fetch", method: "GET", url: "https://x/", duration: 1_000, ...payload } },
});
/** Long enough that nothing is reached by playing alone. */
const end = (ms) => ({ type: 5, timestamp: SESSION + ms, data: { tag: "end", payload: 1 } });

async function show(events, t = 1) {
  last += 1;
  await viewer.send(DEVICE, last, [...pageWith([]), ...events]);
  const opened = await open(browser, { viewport: { width: 1500, height: 950 } });
  // Time passes as it did: minutes between two lines would be skipped otherwise.
  await opened.page.goto(viewer.url);
  await opened.page.evaluate(() => localStorage.setItem("session-replay.skips-idle", "no"));
  await opened.page.goto(`${viewer.url}/sessions/${DEVICE}/${last}?t=${t}`);
  await opened.page.locator(".replayer-wrapper iframe").waitFor({ state: "attached" });
  return opened;
}

/** The rows that are in the page: cells of each, and its marks. */
const rows = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".pane:not([hidden]) .entry")].map((row) => {
      const marks = ["is-later", "is-current", "warn", "grave"].filter((name) => row.classList.contains(name));
      return [...[...row.querySelectorAll(".cell")].map((cell) => cell.textContent), marks.join(" ")].join(" | ");
    }),
  );
async function hasRows(page, expected) {
  let seen;
  await until(async () => JSON.stringify((seen = await rows(page))) === JSON.stringify(expected), () => `these rows: ${JSON.stringify(seen, null, 1)}`, 15_000);
}
const current = (page) => page.locator(".pane:not([hidden]) .entry.is-current").textContent();

const TALK = [
  line(100_000, "info", "order 7 is open", { id: 7 }),
  request(150_000, { status: 200, requestHeaders: { accept: "*/*" }, responseBody: '{"a":1}', responseBodyStatus: "captured" }),
  line(200_000, "error", "<img src=x onerror=alert(1)><script>alert(2)</script>"),
  request(250_000, { method: "POST", url: "https://x/<b>orders</b>", status: 500, requestBody: "<script>alert(3)</script>" }),
  line(300_000, "warn", "half of the stock\nis left"),
  request(350_000, { url: "https://y/", status: undefined, error: { name: "TypeError", message: "Failed to fetch" } }),
  end(900_000),
];

test("console and requests stand below the replay, in step with it, and a click seeks", { timeout: 120_000 }, async () => {
  const { page, notes, close } = await show(TALK);
  await hasRows(page, [
    '1:40.0 | info | order 7 is open {"id":7} | is-later',
    "3:20.0 | error | <img src=x onerror=alert(1)><script>alert(2)</script> | is-later grave",
    "5:00.0 | warn | half of the stock is left | is-later warn",
  ]);
  assert.deepEqual(await page.getByRole("tab").allTextContents(), ["Console 3", "Network 3"]);
  await page.locator(".entry", { hasText: "onerror" }).click();
  await hasRows(page, [
    '1:40.0 | info | order 7 is open {"id":7} | ',
    "3:20.0 | error | <img src=x onerror=alert(1)><script>alert(2)</script> | is-current grave",
    "5:00.0 | warn | half of the stock is left | is-later warn",
  ]);
  assert.deepEqual(await page.locator(".pane:not([hidden]) .entry-detail pre").allTextContents(), ["<img src=x onerror=alert(1)><script>alert(2)</script>", "app.js:1:2"]);
  await page.getByRole("tab", { name: "Network" }).click();
  await hasRows(page, [
    "2:29.0 | GET | 200 | https://x/ | 1.0 s | is-current",
    "4:09.0 | POST | 500 | https://x/<b>orders</b> | 1.0 s | is-later grave",
    "5:49.0 | GET | failed | https://y/ | 1.0 s | is-later grave",
  ]);
  await page.locator(".entry", { hasText: "orders" }).click();
  await until(async () => (await current(page)).includes("orders"), "it is the current one");
  assert.deepEqual(await page.locator(".pane:not([hidden]) .entry-detail").locator("h3, pre").allTextContents(), ["https://x/<b>orders</b>", "Request body", "<script>alert(3)</script>"]);
  // Seeking by other means moves the mark, too.
  await page.evaluate(() => document.activeElement.blur());
  for (let n = 0; n < 40; n++) await page.keyboard.press("ArrowLeft");
  // In one look: there may be none at any moment.
  const marked = () => page.locator(".pane:not([hidden]) .entry.is-current").allTextContents();
  await until(async () => !(await marked()).some((text) => text.includes("orders")), "the mark moves back");
  assert.equal(await page.locator(".panes img, .panes b, .panes script").count(), 0, "nothing that they say became an element");
  if (process.env.SR_PICTURES) await page.screenshot({ path: join(process.env.SR_PICTURES, "companions.png") });
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("a hundred thousand lines are as quick, and the filter finds one of them", { timeout: 120_000 }, async () => {
  const many = Array.from({ length: 100_000 }, (_, number) => line(1_000 + 10 * number, "log", `line ${number}`));
  const { page, notes, close } = await show([...many, end(2_000_000)]);
  await page.getByRole("tab", { name: "Console 100000" }).waitFor();
  assert.ok((await page.locator(".entry").count()) < 60, "only those that are seen are in the page");
  // A list that nobody reads follows what is played: here a hundred lines a second.
  await page.getByRole("button", { name: "Pause" }).click();
  const list = page.locator(".pane:not([hidden]) .long-list");
  // Under the pointer, it does not follow what is played.
  await list.hover();
  await list.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await page.locator(".entry", { hasText: "line 99999" }).click();
  await until(async () => (await current(page)).includes("line 99999"), "one seeks to the last");
  await page.getByRole("region", { name: "Console and network" }).getByRole("searchbox").fill("line 5432");
  await until(async () => (await rows(page)).length === 11, "line 5432, and 54320 to 54329");
  await page.getByRole("region", { name: "Console and network" }).getByRole("searchbox").fill("nothing says this");
  await page.getByText("No entry matches the filter.").first().waitFor();
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("what is no line and no request breaks nothing", { timeout: 120_000 }, async () => {
  const odd = [null, 1, "a", [], {}, { level: 1, payload: "x", trace: {} }, { level: "log", payload: [1, null, "{", { a: 1 }] }];
  const lines = odd.map((payload, at) => ({ type: 6, timestamp: SESSION + 1_000 + at, data: { plugin: "rrweb/console@1", payload } }));
  const requests = odd.map((payload, at) => ({ type: 5, timestamp: SESSION + 2_000 + at, data: { tag: "fetch-request", payload } }));
  const strange = request(3_000, { timestamp: -1, method: {}, url: ["a"], status: "200", duration: "1", requestHeaders: "h", error: "e" });
  const { page, notes, close } = await show([...lines, ...requests, strange, end(900_000)], 5_000);
  await hasRows(page, ["0:01.0 | log |  | ", "0:01.0 | 1 |  | ", '0:01.0 | log | 1 { {"a":1} | is-current']);
  await page.getByRole("tab", { name: "Network" }).click();
  await until(async () => (await rows(page)).length === 4, "four requests");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("a session without any has no panes", { timeout: 120_000 }, async () => {
  const { page, close } = await show([end(900_000)]);
  await page.frameLocator(".replayer-wrapper iframe").locator("body").waitFor({ state: "attached" });
  await page.waitForTimeout(500);
  assert.equal(await page.locator(".panes").isHidden(), true);
  await close();
});
