// The list of sessions: found by a search, read by keyboard and screen reader, however many there are, and changed by the feed where
// they stand.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { custom, pageWith } from "../support/events.mjs";
import { storeBatch } from "../support/stored-sessions.mjs";
import { startViewer, textsOf } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

const MANY = 5_000;
const TEN_DAYS_AGO = Date.now() - 10 * 86_400_000;
const options = { viewport: { width: 1440, height: 900 } };
/** A page for a second, which began so many seconds after ten days ago. */
const recording = (n) => [...pageWith([]), custom("end", 1_000)].map((event, at) => ({ ...event, timestamp: TEN_DAYS_AGO + n * 1_000 + at * 500 }));

let browser, folder;
/** A viewer with few sessions, and one with many. */
let few, many;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-list-"));
  for (let n = 0; n < MANY; n++) storeBatch(folder, `device-${n % 10}`, `s${n}`, TEN_DAYS_AGO + n * 1_000, recording(n));
  [few, many, browser] = await Promise.all([startViewer(), startViewer("--data", folder), launch()]);
  await few.send("always", "here", recording(0));
  await until(async () => (await many.get("/api/search?q=&limit=1")).total === MANY, "the viewer has read its store");
});

after(async () => {
  await browser?.close();
  await Promise.all([few?.stop(), many?.stop()]);
  if (folder) rmSync(folder, { recursive: true });
});

/** Sends a batch as a browser does, with these headers; answers with the status. */
const track = async (viewer, device, session, events, headers) => (await viewer.post(device, session, "replay", textsOf(events), headers)).status;

const list = (page) => page.getByRole("navigation", { name: "Sessions" });
const row = (page, text) => list(page).getByRole("link").filter({ hasText: text });
const box = (page) => page.getByRole("searchbox", { name: "Search sessions" });
const says = (page, text) => list(page).getByRole("status").filter({ hasText: text }).waitFor();

/** The ids of the rows in the document, in their order. */
const ids = (page) => list(page).locator("a.session").evaluateAll((links) => links.map((link) => link.dataset.id));

/** What has the focus: the session's id, and its place among how many. */
const focused = (page) =>
  page.evaluate(() => {
    const link = document.activeElement;
    const item = link?.closest("li");
    return item ? `${link.dataset.id} ${item.ariaPosInSet}/${item.ariaSetSize}` : (link?.tagName ?? "");
  });

const focusIs = (page, expected) => until(async () => (await focused(page)) === expected, `the focus is on ${expected}`);

/** The newest session but so many, of those that are stored. */
const stored = (place) => `device-${(MANY - place) % 10}/s${MANY - place}`;

const isSeen = (locator) =>
  locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const view = element.closest(".session-rows").getBoundingClientRect();
    return top >= view.top - 1 && bottom <= view.bottom + 1;
  });

test("each word finds what it means, in the box and in the address", { timeout: 120_000 }, async () => {
  const viewer = await startViewer();
  const now = Date.now();
  const at = ({ type, data }, n) => ({ type, timestamp: now + n, data });
  const page1 = [...pageWith([]), custom("end", 1_000)].map(at);
  const title = { type: 6, data: { plugin: "amplitude/url-tracking@1", payload: { href: "https://shop.example/basket", title: "The basket" } } };
  const failed = { type: 6, data: { plugin: "rrweb/console@1", payload: { level: "error", trace: [], payload: ['"TypeError: x is undefined"'] } } };
  const web = { "X-Client-Url": "https://shop.example/basket", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
  assert.equal(await track(viewer, "tablet", "basket-1", [...page1, at(title, 3), at(failed, 4)], web), 200);
  assert.equal(await track(viewer, "phone", "no-snapshot", [at(custom("a"), 0), at(custom("b"), 9)]), 200);
  assert.equal(await track(viewer, "phone", "two-words", page1), 200);
  assert.equal(await track(viewer, "broken", "refused-1", ["{"]), 400);
  const { page, notes, close } = await open(browser, options);
  await page.goto(viewer.url);
  await says(page, "4 sessions");
  const today = new Date(now).toLocaleDateString("sv");
  for (const [query, expected] of [
    ["basket", ["tablet/basket-1"]],
    ["BASKET tab", ["tablet/basket-1"]],
    ["device:phone", ["phone/two-words", "phone/no-snapshot"]],
    ["-device:phone", ["broken/refused-1", "tablet/basket-1"]],
    ["session:refused", ["broken/refused-1"]],
    ['"the basket"', ["tablet/basket-1"]],
    ["page:basket", ["tablet/basket-1"]],
    ["app:shop.example", ["tablet/basket-1"]],
    ["system:firefox", ["tablet/basket-1"]],
    ["has:errors", ["tablet/basket-1"]],
    ["has:problems device:phone", ["phone/no-snapshot"]],
    ["is:live -phone", ["tablet/basket-1"]],
    ["is:refused", ["broken/refused-1"]],
    [`day:${today} basket`, ["tablet/basket-1"]],
    ["day:2001-01-01", []],
  ]) {
    await box(page).fill(query);
    let seen;
    await until(async () => JSON.stringify((seen = await ids(page))) === JSON.stringify(expected), () => `${query}: ${expected}, and not ${seen}`);
    await page.waitForURL((url) => url.searchParams.get("q") === query);
  }
  await says(page, "No session matches.");
  await page.getByText("quoted phrases").waitFor();
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await box(page).fill("has:nonsense");
  await until(async () => /has:/.test(await list(page).getByRole("status").textContent()), "the server's sentence");
  await box(page).fill("basket");
  await says(page, "1 session matches");
  const text = await row(page, "The basket").textContent();
  for (const part of ["shop.example", "Firefox", "tablet", "1 error", "live"]) assert.ok(text.includes(part), `${part} in ${text}`);
  await close();
  await viewer.stop();
});

test("what can be written is offered", { timeout: 120_000 }, async () => {
  await track(few, "unaccepted", "refused-0", ["{"]);
  const { page, close } = await open(browser, options);
  await page.goto(`${few.url}/?q=device:unaccepted`);
  await says(page, "1 session matches");
  const chip = list(page).getByRole("button", { name: "Refused", exact: true });
  assert.equal(await chip.getAttribute("aria-pressed"), "false");
  await chip.click();
  assert.equal(await box(page).inputValue(), "device:unaccepted is:refused");
  assert.equal(await chip.getAttribute("aria-pressed"), "true");
  await list(page).getByRole("button", { name: "Live", exact: true }).click();
  await says(page, "No session matches.");
  await list(page).getByRole("button", { name: "Live", exact: true }).click();
  await chip.click();
  await says(page, "1 session matches");
  assert.equal(await box(page).inputValue(), "device:unaccepted");
  const help = list(page).getByRole("button", { name: "How to search" });
  assert.equal(await help.getAttribute("aria-expanded"), "false");
  await help.click();
  await list(page).getByRole("button", { name: "session:", exact: true }).click();
  await page.keyboard.type("nobody");
  await page.waitForURL((url) => url.searchParams.get("q") === "device:unaccepted session:nobody");
  await close();
});

test("a session of which all was refused is in the list, with a badge", { timeout: 120_000 }, async () => {
  const { page, notes, close } = await open(browser, options);
  await page.goto(few.url);
  await says(page, /\d session/);
  await track(few, "broken", "refused-2", ["{"]);
  const link = row(page, "refused-2");
  await link.getByText("refused", { exact: true }).waitFor();
  assert.ok(!(await link.textContent()).includes("live"));
  await page.getByRole("region", { name: "Refused requests" }).getByText("broken/refused-2").waitFor();
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("five thousand sessions are read by keyboard, and few are in the document", { timeout: 120_000 }, async () => {
  const { page, notes, close } = await open(browser, options);
  await page.goto(many.url);
  await says(page, "5,000 sessions");
  await page.keyboard.press("j");
  await focusIs(page, `${stored(1)} 1/${MANY}`);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await focusIs(page, `${stored(2)} 2/${MANY}`);
  await page.keyboard.press("End");
  await focusIs(page, `${stored(MANY)} ${MANY}/${MANY}`);
  assert.ok(await isSeen(page.locator("a.session:focus")));
  await page.keyboard.press("PageUp");
  await until(async () => !(await focused(page)).startsWith(stored(MANY)), "the focus goes up");
  await page.keyboard.press("PageDown");
  await focusIs(page, `${stored(MANY)} ${MANY}/${MANY}`);
  await page.keyboard.press("Home");
  await focusIs(page, `${stored(1)} 1/${MANY}`);
  assert.ok((await ids(page)).length < 40, "only those that are seen are in the document");
  // One of them takes the Tab key.
  assert.equal(await list(page).locator('a.session[tabindex="0"]').count(), 1);
  // In the middle, by scrolling.
  await list(page).locator(".session-rows").evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  await row(page, `s${MANY / 2}`).waitFor();
  const seen = (await ids(page)).filter((id) => id !== stored(1)).map((id) => Number(id.split("/s")[1]));
  assert.deepEqual(seen, seen.toSorted((a, b) => b - a));
  assert.equal(await focused(page), `${stored(1)} 1/${MANY}`, "the row with the focus stays in the document");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === `/sessions/${stored(1)}`);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("the search is reached and left by keyboard, and goes along", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, options);
  await page.goto(many.url);
  await says(page, "5,000 sessions");
  await page.keyboard.press("/");
  await page.keyboard.type("device:device-7");
  await says(page, "500 sessions match");
  await page.keyboard.press("ArrowDown");
  await focusIs(page, `${stored(3)} 1/500`);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === `/sessions/${stored(3)}` && url.searchParams.get("q") === "device:device-7");
  await list(page).locator('a.session[aria-current="page"]').waitFor();
  await page.reload();
  await says(page, "500 sessions match");
  assert.equal(await box(page).inputValue(), "device:device-7");
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => url.pathname === "/" && url.searchParams.get("q") === "device:device-7");
  await page.goBack();
  await page.waitForURL((url) => url.pathname !== "/");
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  assert.equal(await box(page).inputValue(), "");
  await says(page, "5,000 sessions");
  assert.ok(!page.url().includes("q="));
  await close();
});

test("the open session is in view, however far down", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, options);
  await page.goto(`${many.url}/sessions/device-3/s123`);
  const link = list(page).locator('a.session[aria-current="page"]');
  await link.waitFor();
  assert.equal(await link.getAttribute("data-id"), "device-3/s123");
  assert.ok(await isSeen(link));
  await page.keyboard.press("j");
  await focusIs(page, `device-2/s122 ${MANY - 122}/${MANY}`);
  // Without the search that leaves it out, too.
  await page.goto(`${many.url}/sessions/device-3/s123?q=device-4`);
  await says(page, "500 sessions match");
  assert.equal(await link.count(), 0);
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await link.waitFor();
  await until(() => isSeen(link), "it is seen");
  await close();
});

test("rows change where they stand, and what is read stays where it is", { timeout: 120_000 }, async () => {
  const { page, notes, close } = await open(browser, options);
  await page.goto(many.url);
  await says(page, "5,000 sessions");
  // At the top, new sessions are seen, and the focus stays with its session.
  await page.keyboard.press("j");
  await focusIs(page, `${stored(1)} 1/${MANY}`);
  await page.locator("a.session:focus").evaluate((link) => (link.isTheSame = true));
  await many.send("device-0", "new-1", recording(0));
  await row(page, "new-1").waitFor();
  await focusIs(page, `${stored(1)} 2/${MANY + 1}`);
  assert.equal(await page.locator("a.session:focus").evaluate((link) => link.isTheSame), true, "it is the same element");
  // A session that hears more changes in its place.
  const first = row(page, "new-1");
  await first.evaluate((link) => (link.isTheSame = true));
  await many.send("device-0", "new-1", [{ ...custom("later"), timestamp: TEN_DAYS_AGO + 60_000 }]);
  await first.getByText("1 min 0 s").waitFor();
  assert.equal(await first.evaluate((link) => link.isTheSame), true, "it is the same element");
  // Further down nothing moves on the screen, though all rows are one place further down.
  const rows = list(page).locator(".session-rows");
  await rows.evaluate((element) => (element.scrollTop = 100_000));
  const probe = () => rows.evaluate((element) => [...element.querySelectorAll("li")].map((item) => [item.textContent, Math.round(item.getBoundingClientRect().top), item.ariaPosInSet]).filter(([, top]) => top > 200 && top < 800));
  let before;
  await until(async () => (before = await probe()).length > 5, "rows are there");
  await many.send("device-0", "new-2", recording(0));
  await says(page, "5,002 sessions");
  let now;
  await until(async () => Number((now = await probe())[0]?.[2]) === Number(before[0][2]) + 1, "the rows know their new places");
  assert.deepEqual(now.map(([text, top]) => [text, top]), before.map(([text, top]) => [text, top]));
  // A session from far below goes to the top.
  await many.send("device-9", "s9", [{ ...custom("later"), timestamp: TEN_DAYS_AGO + 60_000 }]);
  await until(async () => Number((now = await probe())[0]?.[2]) === Number(before[0][2]) + 2, "one more is above them");
  await rows.evaluate((element) => (element.scrollTop = 0));
  await until(async () => (await ids(page))[0] === "device-9/s9", "it is the first");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("a session is live until nothing arrives, and an idle page does nothing", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, options);
  await page.clock.install();
  // A worker keeps its own time: it can't answer a page that lives through minutes at once.
  await page.addInitScript("delete window.SharedWorker");
  let requests = 0;
  const searching = new Set();
  page.on("request", (request) => {
    requests++;
    if (request.url().includes("/api/search")) searching.add(request);
  });
  page.on("requestfinished", (request) => searching.delete(request));
  await page.goto(few.url);
  await few.send("clock", "ends", recording(0));
  const live = row(page, "ends").getByText("live", { exact: true });
  await live.waitFor();
  await page.clock.fastForward(35_000);
  await live.waitFor({ state: "detached" });
  await until(() => searching.size === 0, "what the news asked for is answered");
  requests = 0;
  const changes = await page.evaluateHandle(() => {
    const seen = { count: 0 };
    new MutationObserver((records) => (seen.count += records.length)).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    return seen;
  });
  await page.clock.runFor(120_000);
  assert.deepEqual([await changes.evaluate(({ count }) => count), requests], [0, 0]);
  await close();
});

test("eight windows of one browser hear of a session at once", { timeout: 120_000 }, async () => {
  const context = await browser.newContext(options);
  const pages = await Promise.all(Array.from({ length: 8 }, () => context.newPage()));
  for (const page of pages) await page.goto(few.url);
  for (const page of pages) await says(page, /\d session/);
  for (const session of ["to-all-1", "to-all-2"]) {
    await few.send("eight", session, recording(0));
    await Promise.all(pages.map((page) => row(page, session).waitFor()));
  }
  // Those that are left go on.
  for (const page of pages.splice(0, 4)) await page.close();
  await few.send("eight", "to-all-3", recording(0));
  await Promise.all(pages.map((page) => row(page, "to-all-3").waitFor()));
  await context.close();
});

test("where there is no shared worker, a window holds the feed itself", { timeout: 120_000 }, async () => {
  for (const script of ["delete window.SharedWorker", "window.SharedWorker = class { constructor() { throw new Error('forbidden'); } }"]) {
    const { page, notes, close } = await open(browser, options);
    await page.addInitScript(script);
    await page.goto(few.url);
    await says(page, /\d session/);
    const session = `alone-${script.length}`;
    await few.send("alone", session, recording(0));
    await row(page, session).waitFor();
    assert.deepEqual(notes, { elsewhere: [], errors: [] });
    await close();
  }
});

test("a viewer that is gone is said, and one that is back is followed", { timeout: 120_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), "session-replay-list-"));
  let viewer = await startViewer("--data", data);
  const { port } = new URL(viewer.url);
  const { page, close } = await open(browser, options);
  await viewer.send("before", "before", recording(0));
  await page.goto(viewer.url);
  await row(page, "before").waitFor();
  await viewer.stop();
  const notice = page.locator("#connection").filter({ hasText: "The viewer does not answer" });
  await notice.waitFor();
  viewer = await startViewer("--port", port, "--data", data);
  await notice.waitFor({ state: "detached" });
  await viewer.send("after", "after", recording(0));
  await row(page, "after").waitFor();
  await row(page, "before").waitFor();
  await close();
  await viewer.stop();
  rmSync(data, { recursive: true });
});
