// From a C program to the screen: what the recording holds is what the player's document holds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { buildHost } from "../support/c-host.mjs";
import { launch, open, squeeze } from "../support/chromium.mjs";
import { SESSION, pageWith } from "../support/events.mjs";
import { duration, hostSessions, read } from "../support/recordings.mjs";
import { startViewer } from "../support/viewer.mjs";
import { pageAfter } from "./page-after.mjs";

const RECORDINGS = ["form-unicode", "live-table", "rich-text", "big-document"];
let viewer, host, browser;

before(async () => {
  viewer = await startViewer();
  host = buildHost();
  browser = await launch();
  await Promise.all(RECORDINGS.map((name) => replay(name, ["--speed", "0"])));
});

after(async () => {
  await browser?.close();
  host?.remove();
  await viewer?.stop();
});

const replay = (name, more, device = name) => host.replay(name, { viewer, device, session: SESSION, more });
const send = (device, events) => viewer.send(device, SESSION, events);

const address = (device, session, query = "") => `${viewer.url}/sessions/${device}/${session}${query}`;

/** The document that the player draws into. */
const replayed = (page) => page.frameLocator(".replayer-wrapper iframe").locator("body");

const textsOf = async (page) => squeeze(await replayed(page).evaluate((body) => body.textContent));
const valuesOf = (page) => replayed(page).evaluate((body) => [...body.querySelectorAll("input")].map((input) => input.value));

/** Waits until the replayed page is the one that these events leave. */
async function expectPage(page, events, timeout = 30_000) {
  const expected = pageAfter(events);
  assert.ok(expected.texts.length > 0, "a recording without text proves nothing");
  const deadline = Date.now() + timeout;
  let missing;
  do {
    await replayed(page).waitFor({ state: "attached", timeout });
    const [text, values] = await Promise.all([textsOf(page), valuesOf(page)]).catch(() => ["", []]);
    missing = [...expected.texts.filter((wanted) => !text.includes(wanted)), ...expected.values.filter((wanted) => !values.includes(wanted))];
    if (missing.length === 0) return expected;
    await page.waitForTimeout(100);
  } while (Date.now() < deadline);
  assert.fail(`${missing.length} texts are missing in the replayed page, among them ${JSON.stringify(missing.slice(0, 3))}`);
}

for (const name of RECORDINGS) {
  test(`both sessions of ${name} end as the recording does`, async () => {
    for (const [i, events] of hostSessions(read(name)).entries()) {
      const { page, notes, close } = await open(browser);
      await page.goto(address(name, SESSION + i, `?t=${duration(events)}`));
      await expectPage(page, events);
      assert.deepEqual(notes, { elsewhere: [], errors: [] });
      await close();
    }
  });
}

test("a session plays from its beginning to its end with the controls below it", async () => {
  const [events] = hostSessions(read("form-unicode"));
  const { page, close } = await open(browser);
  // From the beginning, standing still, and then at eight times the speed.
  await page.goto(address("form-unicode", SESSION, "?t=1"));
  await page.getByRole("slider", { name: "Time" }).waitFor();
  await page.getByRole("button", { name: "8x", exact: true }).click();
  const finalValues = pageAfter(events).values;
  assert.notDeepEqual((await valuesOf(page)).filter(Boolean), finalValues, "the end is not there at the beginning");
  await expectPage(page, events);
  await close();
});

test("a link to a moment is to that moment, however late the replay begins", async () => {
  const late = SESSION + 3_600_000;
  const says = (text, timestamp) => [
    { type: 4, timestamp, data: { href: "app://x", width: 100, height: 100 } },
    { ...pageWith([{ type: 2, tagName: "p", attributes: {}, childNodes: [{ type: 3, textContent: text, id: 6 }], id: 5 }])[1], timestamp },
  ];
  await send("late", [...says("at first", late), ...says("then", late + 5_000), { type: 5, timestamp: late + 60_000, data: { tag: "end", payload: {} } }]);
  for (const [at, text] of [[late - 1_000, "at first"], [late + 1, "at first"], [late + 30_000, "then"], [late + 3_600_000, "then"]]) {
    const { page, close } = await open(browser);
    await page.goto(address("late", SESSION, `?at=${at}`));
    await page.frameLocator(".replayer-wrapper iframe").getByText(text).waitFor();
    await close();
  }
});

test("a session that is being recorded plays live", async () => {
  const events = read("live-table");
  const { page, close } = await open(browser);
  const recording = replay("live-table", ["--no-rollover", "--speed", "0.5"], "live");
  let over = false;
  recording.finally(() => (over = true));
  await page.goto(viewer.url);
  await page.locator('a.session[href*="/live/"]').click({ timeout: 60_000 });
  await replayed(page).waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector(".replayer-wrapper iframe")?.contentDocument.body.textContent.length > 100);
  const first = await textsOf(page);
  assert.ok(!over, "it is still being recorded");
  await page.waitForFunction(
    (before) => document.querySelector(".replayer-wrapper iframe").contentDocument.body.textContent.replace(/\s+/g, " ").trim() !== before,
    first,
    { timeout: 60_000 },
  );
  await recording;
  await expectPage(page, events);
  await close();
});

test("a frame shows what was recorded in it, whatever its srcdoc said", async () => {
  const frame = { type: 2, tagName: "iframe", attributes: { srcdoc: "<p>as it was written" }, childNodes: [], id: 5 };
  const text = { type: 3, textContent: "as it was seen", rootId: 6, id: 10 };
  const inside = (tagName, id, childNodes) => ({ type: 2, tagName, attributes: {}, childNodes, rootId: 6, id });
  const document = { type: 0, childNodes: [inside("html", 7, [inside("head", 8, []), inside("body", 9, [text])])], id: 6 };
  const attach = { source: 0, adds: [{ parentId: 5, nextId: null, node: document }], removes: [], texts: [], attributes: [], isAttachIframe: true };
  await send("frames", [
    ...pageWith([frame]),
    { type: 3, timestamp: SESSION + 50, data: attach },
    { type: 3, timestamp: SESSION + 1000, data: { source: 1, positions: [{ x: 1, y: 1, id: 1, timeOffset: 0 }] } },
  ]);
  const { page, notes, close } = await open(browser);
  await page.goto(address("frames", SESSION, "?t=1000"));
  const drawn = page.frameLocator(".replayer-wrapper iframe").locator("iframe");
  const seen = page.frameLocator(".replayer-wrapper iframe").frameLocator("iframe").getByText("as it was seen");
  await seen.waitFor();
  // A frame may have the text and not be painted, so it is looked at with the text and without.
  const withText = await drawn.screenshot();
  await seen.evaluate((body) => (body.style.color = "transparent"));
  assert.ok(!withText.equals(await drawn.screenshot()), "the text is painted");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("a session without a full snapshot says what is wrong and what to do", async () => {
  const event = (n) => ({ type: 3, timestamp: SESSION + n, data: { source: 1, positions: [{ x: 1, y: 1, id: 1, timeOffset: 0 }] } });
  await send("no-snapshot", [event(1), event(2)]);
  const { page, close } = await open(browser);
  await page.goto(address("no-snapshot", SESSION));
  await page.locator('[data-code="no_full_snapshot"]').waitFor();
  const said = await page.locator('[data-code="no_full_snapshot"]').textContent();
  assert.match(said, /no full snapshot.*Take a full snapshot/s);
  await close();
});

test("everything can be reached with the keyboard", async () => {
  const { page, notes, close } = await open(browser);
  await page.goto(viewer.url);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.notEqual(await page.title(), "");
  await page.locator("a.session").first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("class") ?? "");
  for (let i = 0; i < 20 && !(await focused()).includes("session"); i++) await page.keyboard.press("Tab");
  assert.match(await focused(), /session/);
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(ring, "none", "the focus is seen");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sessions\//);
  await page.goto(address("rich-text", SESSION, "?t=1"));
  const time = page.getByRole("slider", { name: "Time" });
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  const paused = await time.inputValue();
  await page.waitForTimeout(1_500);
  assert.equal(await time.inputValue(), paused, "the space bar pauses");
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => url.pathname === "/");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});
