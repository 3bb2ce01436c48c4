// Beside the player stands the session's story: found by words and kinds, walked by keyboard, in step with what is played. What is read
// from the events is held by story-moments.test.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
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

const at = (ms, type, data) => ({ type, timestamp: SESSION + ms, data });
const click = (ms, id) => at(ms, 3, { source: 2, type: 2, id, x: 20, y: 20 });
const answer = (ms, value) => at(ms, 3, { source: 0, adds: [], removes: [], texts: [{ id: 28, value }], attributes: [] });
const error = (ms, said) => at(ms, 6, { plugin: "rrweb/console@1", payload: { level: "error", trace: ["app.js:1:2"], payload: [JSON.stringify(said)] } });
const request = (ms, status) => at(ms, 5, { tag: "fetch-request", payload: { method: "POST", url: "https://x/orders", status, duration: 20 } });
/** Long enough that nothing is reached by playing alone. */
const end = (ms) => at(ms, 5, { tag: "end", payload: 1 });

const named = (tagName, id, words, attributes = {}) => element(tagName, id, [{ type: 3, textContent: words, id: id + 1 }], { attributes });
const PAGE = pageWith([
  named("button", 10, "Save"),
  element("input", 16, [], { attributes: { placeholder: "Email", value: "" } }),
  named("p", 27, "Some words"),
]);
const STORY = [
  ...PAGE,
  click(10_000, 10),
  answer(10_050, "saved"),
  at(20_000, 3, { source: 5, id: 16, text: "a", isChecked: false }),
  at(20_500, 3, { source: 5, id: 16, text: "**", isChecked: false }),
  error(30_000, "TypeError: <img src=x onerror=alert(1)> is not a function"),
  request(40_000, 503),
  ...[50_000, 50_300, 50_600].map((ms) => click(ms, 10)),
  answer(50_700, "again"),
  at(55_000, 5, { tag: "checkout", payload: { step: 2 } }),
  click(60_000, 10),
  end(100_000),
];

async function show(events, query = "?t=1", options = {}) {
  last += 1;
  await viewer.send(DEVICE, last, events);
  const opened = await open(browser, { viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"], ...options });
  await opened.page.goto(`${viewer.url}/sessions/${DEVICE}/${last}${query}`);
  await opened.page.locator(".replayer-wrapper iframe").waitFor({ state: "attached" });
  const story = opened.page.getByRole("region", { name: "Story" });
  await story.getByRole("option").first().waitFor();
  return { ...opened, story, list: story.getByRole("listbox", { name: "What happened" }) };
}

const texts = (story) => story.getByRole("option").locator(".moment-text").evaluateAll((rows) => rows.map((row) => row.firstChild.textContent));
const current = (story) => story.locator('[aria-current="time"] .moment-text').evaluateAll((rows) => rows.map((row) => row.firstChild.textContent)[0] ?? "");
const becomes = (story, words) => {
  let seen;
  return until(async () => (seen = await current(story)).includes(words), () => `${words} is the current moment, not ${seen}`, 15_000);
};
/** The focus leaves whatever has it: the keys are the page's. */
const leave = (page) => page.evaluate(() => document.activeElement?.blur());

/** What is played stands still, at its beginning: nothing moves but by keys and clicks. */
async function pause(page) {
  await leave(page);
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await page.keyboard.press("0");
  await until(async () => (await timeOf(page)) === 0, "it stands at its beginning");
}

/** In milliseconds. */
const timeOf = async (page) => Number(await page.getByRole("slider", { name: "Time" }).inputValue());

const TEXTS = [
  "Opened page",
  'Click on "Save"',
  'Typed in "Email"',
  "TypeError: <img src=x onerror=alert(1)> is not a function",
  "POST x/orders failed: 503",
  'Rage click: 3 clicks on "Save"',
  "checkout",
  'Dead click on "Save"',
  "end",
];

test("the story tells what happened, and a click leads there", { timeout: 120_000 }, async () => {
  const { page, story, notes, close } = await show(STORY);
  await pause(page);
  assert.deepEqual(await texts(story), TEXTS);
  assert.deepEqual(await story.getByRole("group", { name: "Show only" }).getByRole("button").allTextContents(), [
    "Pages 1",
    "Clicks 1",
    "Rage, dead 2",
    "Input 1",
    "Errors 2",
    "Custom 2",
  ]);
  await story.getByRole("option", { name: /TypeError/ }).click();
  await becomes(story, "TypeError");
  const option = story.getByRole("option", { name: /TypeError/ });
  assert.equal(await option.getAttribute("aria-selected"), "true");
  assert.match(await option.getAttribute("title"), /\d\d:\d\d:\d\d/);
  assert.equal(await story.locator("img, script").count(), 0, "nothing that they say became an element");
  if (process.env.SR_PICTURES) {
    await page.screenshot({ path: join(process.env.SR_PICTURES, "story.png") });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(process.env.SR_PICTURES, "story-dark.png") });
  }
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("words and kinds find a moment", { timeout: 120_000 }, async () => {
  const { story, close } = await show(STORY);
  const filter = story.getByRole("searchbox", { name: "Filter the story" });
  await filter.fill("typeerror");
  assert.deepEqual(await texts(story), [TEXTS[3]]);
  // In what is told beside the text, too.
  await filter.fill('"step":2');
  assert.deepEqual(await texts(story), ["checkout"]);
  await filter.fill("nothing says this");
  await story.getByText("Nothing in the story matches.").waitFor();
  await filter.fill("");
  const kind = (name) => story.getByRole("button", { name });
  await kind("Errors 2").click();
  assert.equal(await kind("Errors 2").getAttribute("aria-pressed"), "true");
  assert.deepEqual(await texts(story), TEXTS.slice(3, 5));
  await kind("Rage, dead 2").click();
  assert.deepEqual(await texts(story), [...TEXTS.slice(3, 6), TEXTS[7]]);
  await kind("Errors 2").click();
  await kind("Rage, dead 2").click();
  assert.equal((await texts(story)).length, TEXTS.length);
  await close();
});

test("keys lead from moment to moment, and to tenths of the replay", { timeout: 120_000 }, async () => {
  const { page, story, list, close } = await show(STORY);
  await pause(page);
  for (const words of ["Click on", "Typed", "TypeError", "failed: 503"]) {
    await page.keyboard.press("n");
    await becomes(story, words);
  }
  assert.match(await story.getByRole("status").first().textContent(), /0:40\.0 POST x\/orders failed: 503/);
  await page.keyboard.press("p");
  await becomes(story, "TypeError");
  await page.keyboard.press("9");
  await becomes(story, "Dead click");
  await page.keyboard.press("p");
  await becomes(story, "Dead click");
  await page.keyboard.press("p");
  await becomes(story, "checkout");
  await page.keyboard.press("0");
  await becomes(story, "Opened");
  // In the list, keys choose a row, and Enter goes there.
  await list.focus();
  const active = async () => page.locator(`#${await list.getAttribute("aria-activedescendant")}`).textContent();
  await page.keyboard.press("End");
  assert.match(await active(), /end/);
  await page.keyboard.press("ArrowUp");
  assert.match(await active(), /Dead click/);
  assert.equal(await current(story), "Opened page", "reading does not seek");
  await page.keyboard.press("Enter");
  await becomes(story, "Dead click");
  await page.keyboard.press("Home");
  assert.match(await active(), /Opened/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await becomes(story, "Click on");
  // Typing in the filter is typing.
  await story.getByRole("searchbox").fill("");
  await page.keyboard.type("p9n");
  assert.equal(await story.getByRole("searchbox").inputValue(), "p9n");
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("dialog").getByText("next or previous moment of the story").waitFor();
  await close();
});

test("any event can be read as JSON, and copied", { timeout: 120_000 }, async () => {
  const events = [...STORY, at(100_001, 5, { tag: "long", payload: "x".repeat(300_000) })];
  const { page, story, close } = await show(events);
  await story.getByRole("option", { name: /failed: 503/ }).click();
  await story.getByText("Event as JSON").click();
  const json = story.getByRole("region", { name: "JSON of the event" });
  const shows = (number) => until(async () => (await json.textContent()) === JSON.stringify(events[number], null, 2), `event ${number} is shown`);
  const of503 = events.findIndex(({ data }) => data.payload?.status === 503);
  await shows(of503);
  assert.equal(await story.getByRole("spinbutton", { name: "Number of the event" }).inputValue(), String(of503));
  await story.getByRole("button", { name: "Copy the event's JSON" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), JSON.stringify(events[of503], null, 2));
  await story.getByRole("button", { name: "Next event" }).click();
  await shows(of503 + 1);
  await story.getByRole("spinbutton").fill("1");
  await page.keyboard.press("Enter");
  await shows(1);
  await story.getByRole("spinbutton").fill("9999");
  await page.keyboard.press("Enter");
  await story.getByText("The first 200 kB of 300 kB; Copy takes all of it.").waitFor();
  assert.ok((await json.textContent()).length < 200_010);
  await story.getByRole("button", { name: "Copy the event's JSON" }).click();
  assert.ok((await page.evaluate(() => navigator.clipboard.readText())).length > 300_000);
  await close();
});

test("it is in step with what is played, and stays where it is read", { timeout: 120_000 }, async () => {
  const many = Array.from({ length: 3_000 }, (_, n) => error(1_000 + 30 * n, `error ${n}`));
  const { page, story, list, close } = await show([...PAGE, ...many, end(100_000)]);
  await leave(page);
  assert.ok((await story.getByRole("option").count()) < 60, "only those that are seen are in the page");
  assert.equal(await story.getByRole("option").first().getAttribute("aria-setsize"), "3002");
  await page.keyboard.press("5");
  await until(async () => Number(/error (\d+)/.exec(await current(story))?.[1]) > 1_500, "the list follows a seek");
  await page.getByRole("button", { name: "8x", exact: true }).click();
  await leave(page);
  const before = await current(story);
  await until(async () => (await current(story)) !== before, "the list follows playing");
  // Under the pointer, it stays.
  await list.hover();
  await list.evaluate((element) => (element.scrollTop = 0));
  await story.getByRole("option", { name: /error 1 / }).waitFor();
  const scrolled = await until(async () => {
    await page.keyboard.press("9");
    return (await timeOf(page)) >= 90_000;
  }, "it is played on");
  assert.ok(scrolled);
  assert.equal(await list.evaluate((element) => element.scrollTop), 0);
  // A click there is no reading: it follows again as soon as the pointer has left.
  await story.getByRole("option", { name: /error 1 / }).click();
  await page.mouse.move(5, 5);
  await page.keyboard.press("9");
  await until(async () => Number(/error (\d+)/.exec(await current(story))?.[1]) > 2_900 || (await current(story)) === "end", "it follows again");
  await close();
});

test("while a session is recorded, its story grows", { timeout: 120_000 }, async () => {
  const { story, close } = await show([...PAGE, click(1_000, 10), answer(1_100, "saved")]);
  assert.deepEqual(await texts(story), TEXTS.slice(0, 2));
  await viewer.send(DEVICE, last, [error(2_000, "TypeError: late"), click(3_000, 10), at(9_000, 5, { tag: "end", payload: 1 })]);
  await story.getByRole("option", { name: /Dead click/ }).waitFor();
  const seen = [...TEXTS.slice(0, 2), "TypeError: late", 'Dead click on "Save"', "end"];
  assert.deepEqual(await texts(story), seen);
  // What is read stays, also where something arrives that happened before.
  await story.getByRole("option", { name: /Dead click/ }).click();
  await viewer.send(DEVICE, last, [error(1_500, "TypeError: later still")]);
  await story.getByRole("option", { name: /later still/ }).waitFor();
  assert.deepEqual(await texts(story), [...seen.slice(0, 2), "TypeError: later still", ...seen.slice(2)]);
  assert.equal(await story.getByRole("option", { name: /Dead click/ }).getAttribute("aria-selected"), "true");
  await close();
});

test("a native program's story names its windows and what is in them", { timeout: 120_000 }, async () => {
  const scene = readFileSync(join(project, "tests/fixtures/scenes/native-app.jsonl"), "utf8").split("\n").filter(Boolean);
  const { page, story, notes, close } = await show(scene);
  const seen = await texts(story);
  for (const words of ['Window "Orders" opened', 'Click on "Paid only"', 'Checked "Paid only"', 'Typed in "Search"', "Pressed Enter", 'Click on "Sign in"']) {
    assert.ok(seen.includes(words), `${words} is told: ${seen}`);
  }
  await pause(page);
  await story.getByRole("option", { name: /Click on "Paid only" in Orders/ }).click();
  await becomes(story, 'Click on "Paid only"');
  if (process.env.SR_PICTURES) await page.screenshot({ path: join(process.env.SR_PICTURES, "story-native.png") });
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("lanes of pages, clicks and errors lead from mark to mark", { timeout: 120_000 }, async () => {
  const { page, story, close } = await show(STORY);
  const lane = (name) => page.getByRole("slider", { name, exact: true });
  const says = (name, words) => {
    let said;
    return until(async () => (said = await lane(name).getAttribute("aria-valuetext")) === words, () => `${words}, not ${said}`);
  };
  await pause(page);
  await says("Clicks", "before the first of 3");
  assert.equal(await lane("Errors").getAttribute("aria-valuemax"), "2");
  await lane("Clicks").focus();
  await page.keyboard.press("ArrowRight");
  await says("Clicks", '1 of 3, 0:10.0 Click on "Save"');
  await becomes(story, "Click on");
  await page.getByText('0:10.0 Click on "Save"', { exact: true }).waitFor();
  await page.keyboard.press("End");
  await says("Clicks", '3 of 3, 1:00.0 Dead click on "Save"');
  await page.keyboard.press("ArrowLeft");
  await says("Clicks", '2 of 3, 0:50.0 Rage click: 3 clicks on "Save"');
  await says("Errors", "2 of 2, 0:40.0 POST x/orders failed: 503");
  await says("Pages", "1 of 1, 0:00.0 Opened page");
  // The pointer near a mark means it. Where that is, the line of what is played says.
  await lane("Errors").focus();
  await page.keyboard.press("Home");
  await becomes(story, "TypeError");
  const mark = await page.locator(".kinds .cursor").boundingBox();
  const { y, height } = await lane("Errors").boundingBox();
  await leave(page);
  await page.keyboard.press("0");
  await becomes(story, "Opened page");
  const place = [mark.x + 3, y + height / 2];
  await page.mouse.move(...place);
  await page.locator(".kinds .tip").getByText(/^0:30\.0 TypeError/).waitFor();
  await page.mouse.click(...place);
  await becomes(story, "TypeError");
  await close();
});

test("a session of which nothing can be told has no story", { timeout: 120_000 }, async () => {
  last += 1;
  await viewer.send(DEVICE, last, [at(0, 3, { source: 1, positions: [{ x: 1, y: 1, id: 1, timeOffset: 0 }] })]);
  const { page, close } = await open(browser);
  await page.goto(`${viewer.url}/sessions/${DEVICE}/${last}`);
  await page.locator('[data-code="no_full_snapshot"]').waitFor();
  assert.equal(await page.getByRole("region", { name: "Story" }).count(), 0);
  await close();
});
