// Time in a replay: gaps, stray clocks, loading, speed, and what is followed live.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { holdingProxy } from "../support/holding-proxy.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

const HOUR = 3_600_000;
const TEXT = 6;
let viewer, browser;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
});

/** A page that says "at first". */
const beginning = () => pageWith([element("p", 5, [{ type: 3, textContent: "at first", id: TEXT }])]);
/** The page says something else from then on. */
const says = (value, ms) => ({ type: 3, timestamp: SESSION + ms, data: { source: 0, texts: [{ id: TEXT, value }], attributes: [], removes: [], adds: [] } });
const custom = (ms, payload) => ({ type: 5, timestamp: SESSION + ms, data: { tag: "test", payload } });

/** Opens a session that is no live one: `t` asks for its beginning. */
async function show(device, query = "?t=1", url = viewer.url) {
  const opened = await open(browser);
  await opened.page.goto(`${url}/sessions/${device}/${SESSION}${query}`);
  const picture = opened.page.frameLocator(".replayer-wrapper iframe");
  return { ...opened, picture, time: opened.page.getByRole("slider", { name: "Time" }) };
}

/** Playwright's clock is a script, which a replay does not run: that is complained of. */
const isFineWithOtherClock = async ({ notes, close }) => {
  const errors = notes.errors.filter((error) => !error.startsWith("Blocked script execution"));
  assert.deepEqual({ ...notes, errors }, { elsewhere: [], errors: [] });
  await close();
};

const isFine = async ({ notes, close }) => {
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
};

test("three hours without events are hatched, squeezed, and skipped by one jump", async () => {
  await viewer.send("idle", SESSION, [...beginning(), says("before", 1_500), says("after", 3 * HOUR), custom(3 * HOUR + 4_000)]);
  const shown = await show("idle");
  const { page, picture } = shown;
  await picture.getByText("after").waitFor();
  await page.getByText("Skipped 2 h 59 min without events").waitFor();
  const bar = await page.locator(".time-bar").boundingBox();
  const gap = await page.locator(".time-bar .gap").first().boundingBox();
  assert.ok(gap.width > 2 && gap.width < bar.width / 10, `${gap.width} of ${bar.width} px are three hours`);
  assert.equal(await page.locator(".kinds .gap").count(), 1, "the lanes below have it, too");
  await isFine(shown);
});

test("idle time is played where one asks for it, and the page remembers that", async () => {
  await viewer.send("awake", SESSION, [...beginning(), says("before", 1_500), says("after", 3 * HOUR)]);
  const shown = await show("awake");
  const { page, picture, time } = shown;
  const skips = page.getByRole("checkbox", { name: "Skip idle time" });
  assert.equal(await skips.isChecked(), true);
  await skips.uncheck();
  await page.reload();
  await picture.getByText("before").waitFor();
  assert.equal(await skips.isChecked(), false);
  await page.getByRole("button", { name: "16x" }).click();
  await until(async () => Number(await time.inputValue()) > 12_000, "the gap is played");
  assert.ok(Number(await time.inputValue()) < HOUR, "and not jumped over");
  await skips.check();
  await picture.getByText("after").waitFor();
  await isFine(shown);
});

test("the time line and the speed are reached by keyboard, by their names", async () => {
  await viewer.send("keys", SESSION, [...beginning(), ...Array.from({ length: 100 }, (_, n) => says(`second ${n}`, n * 1_000)), custom(100_000)]);
  const shown = await show("keys");
  const { page, picture, time } = shown;
  await page.getByRole("button", { name: "Pause" }).click();
  await time.focus();
  const goes = async (key, ms, text) => {
    await page.keyboard.press(key);
    await until(async () => Math.abs(Number(await time.inputValue()) - ms) < 2, `${key} goes to ${ms}, not ${await time.inputValue()}`);
    await picture.getByText(text, { exact: true }).waitFor();
  };
  await goes("End", 100_000, "second 99");
  await goes("Home", 0, "at first");
  await goes("PageUp", 10_000, "second 10");
  await goes("ArrowRight", 15_000, "second 15");
  await goes("ArrowUp", 20_000, "second 20");
  await goes("ArrowLeft", 15_000, "second 15");
  await goes("PageDown", 5_000, "second 5");
  assert.equal(await time.getAttribute("aria-valuetext"), "0:05.0 of 1:40.0");
  const speed = (name) => page.getByRole("group", { name: "Speed" }).getByRole("button", { name, exact: true });
  await page.keyboard.press(">");
  await page.keyboard.press(">");
  assert.equal(await speed("4x").getAttribute("aria-pressed"), "true");
  await page.keyboard.press("<");
  assert.equal(await speed("2x").getAttribute("aria-pressed"), "true");
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await until(async () => Number(await time.inputValue()) > 7_000, "it plays");
  await isFine(shown);
});

test("a click on the time line goes there, and on again when the replay has ended", async () => {
  await viewer.send("pointer", SESSION, [...beginning(), says("half", 4_000), custom(8_000)]);
  const shown = await show("pointer");
  const { page, picture, time } = shown;
  await page.getByRole("button", { name: "Pause" }).click();
  const { x, y, width, height } = await page.locator(".time-bar").boundingBox();
  await page.mouse.click(x + width * 0.75, y + height / 2);
  await picture.getByText("half").waitFor();
  assert.ok(Math.abs(Number(await time.inputValue()) - 6_000) < 200);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  assert.equal(Number(await time.inputValue()), 8_000, "it stands at its end");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await picture.getByText("at first").waitFor();
  await isFine(shown);
});

test("clocks that went astray are named, and do not count for the length", async () => {
  const stray = { ...custom(0), timestamp: SESSION / 1_000 };
  await viewer.send("astray", SESSION, [...beginning(), stray, says("then", 4_000), { ...custom(0), timestamp: 0 }, custom(8_000)]);
  const shown = await show("astray");
  const { page, time } = shown;
  const said = await page.locator('[data-code="odd_times"]').textContent();
  assert.match(said, /2 events, first in event 2 .*1970-01-21.*seconds in place of milliseconds: multiply them by 1,000/s);
  assert.equal(Number(await time.getAttribute("max")), 8_000);
  await isFine(shown);
});

test("a snapshot by another clock is drawn all the same", async () => {
  const [meta, snapshot] = beginning();
  await viewer.send("astray-snapshot", SESSION, [meta, { ...snapshot, timestamp: 5 }, says("then", 4_000), custom(8_000)]);
  const shown = await show("astray-snapshot");
  await shown.picture.getByText("then").waitFor();
  assert.match(await shown.page.locator('[data-code="odd_times"]').textContent(), /event 1 .*Take all timestamps from one clock/s);
  await isFine(shown);
});

test("a session all in seconds is told so", async () => {
  const inSeconds = (event) => ({ ...event, timestamp: event.timestamp / 1_000 });
  await viewer.send("seconds", SESSION, [...beginning(), says("then", 60_000), custom(120_000)].map(inSeconds));
  const shown = await show("seconds");
  assert.match(await shown.page.locator('[data-code="odd_times"]').textContent(), /seconds in place of milliseconds.*a thousand times too short/s);
  await isFine(shown);
});

test("the beginning plays while the rest is loading, and a later moment is waited for", async () => {
  await viewer.send("long", SESSION, [...beginning(), says("soon", 2_000), custom(3_000)]);
  await viewer.send("long", SESSION, [says("later", 60_000), custom(100_000)]);
  const proxy = await holdingProxy(viewer, 1);
  const playing = await show("long", "?t=1", proxy.url);
  const waiting = await show("long", `?at=${SESSION + 60_500}`, proxy.url);
  await playing.page.getByRole("progressbar", { name: "Loading the session" }).waitFor();
  assert.match(await playing.page.locator(".loading").textContent(), /66 % of 6 events loaded/);
  await playing.picture.getByText("soon").waitFor();
  await playing.page.getByText("Waiting for what comes next to be loaded").waitFor();
  await waiting.page.getByText("Waiting for 1:00.5 to be loaded").waitFor();
  assert.equal(Number(await waiting.time.getAttribute("max")), 100_000, "its length is known before");
  proxy.release();
  await waiting.picture.getByText("later").waitFor();
  await playing.picture.getByText("later").waitFor();
  await playing.page.getByRole("progressbar", { name: "Loading the session" }).waitFor({ state: "hidden" });
  for (const shown of [playing, waiting]) await isFine(shown);
  await proxy.stop();
});

test("what is followed live says how far behind it is, catches up, and says when it has ended", async () => {
  await viewer.send("live", SESSION, [...beginning(), custom(1_000)]);
  const shown = await show("live", "");
  const { page, picture } = shown;
  const controls = page.getByRole("group", { name: "Replay controls" });
  await controls.getByText("up to date").waitFor();
  await viewer.send("live", SESSION, [says("next", 2_000), says("at last", 11_000)]);
  await controls.getByText(/behind by \d/).waitFor();
  assert.equal(await picture.getByText("at last").count(), 0);
  await controls.getByRole("button", { name: "Catch up" }).click();
  await picture.getByText("at last").waitFor();
  await controls.getByText("up to date").waitFor();
  assert.equal(await controls.getByRole("button", { name: "Catch up" }).isVisible(), false);
  await page.clock.setSystemTime(Date.now() + 35_000);
  await page.locator('[data-code="live_ended"]').filter({ hasText: "for 30 seconds" }).waitFor();
  await controls.getByText("The recording has ended").waitFor();
  assert.equal(await page.locator("main .badge.live:visible").count(), 0, "nothing says that it is live");
  await page.keyboard.press("l");
  await picture.getByText("at first").waitFor();
  await page.getByRole("main").getByRole("button", { name: "Live", exact: true }).waitFor({ state: "hidden" });
  await isFineWithOtherClock(shown);
});

test("a session that was recorded before is not live, and what arrives late is added to it", async () => {
  await viewer.send("before", SESSION, [...beginning(), custom(1_000)]);
  const opened = await open(browser);
  await opened.page.clock.setSystemTime(Date.now() + 60_000);
  await opened.page.goto(`${viewer.url}/sessions/before/${SESSION}`);
  const time = opened.page.getByRole("slider", { name: "Time" });
  await time.waitFor();
  assert.equal(await opened.page.getByRole("main").getByRole("button", { name: "Live", exact: true }).isVisible(), false);
  await viewer.send("before", SESSION, [custom(9_000)]);
  await until(async () => Number(await time.getAttribute("max")) === 9_000, "the replay has grown");
  await isFineWithOtherClock(opened);
});

test("hovering a time shows it with its zone", async () => {
  await viewer.send("zone", SESSION, [...beginning(), custom(8_000)]);
  const shown = await show("zone");
  const recorded = shown.page.locator(".facts time").first();
  await recorded.waitFor();
  assert.match(await recorded.getAttribute("title"), /^2024-11-22T\d\d:26:40\.000[+-]\d\d:\d\d$/);
  assert.match(await recorded.textContent(), /2024.* – .*(GMT|UTC)/);
  await isFine(shown);
});
