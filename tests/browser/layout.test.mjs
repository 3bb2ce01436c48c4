// The picture gets the room that the reader gives it, and every page fits every screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { until } from "../support/waiting.mjs";
import { PAGES, go, startPages } from "./pages.mjs";

const LAPTOP = { width: 1440, height: 900 };
const SIZES = [[390, 844], [768, 1024], [1024, 768], [1440, 900], [3840, 2160]].map(([width, height]) => ({ width, height }));
const named = (name) => PAGES.find((entry) => entry.name === name);

let pages, browser;
before(async () => ([pages, browser] = await Promise.all([startPages(), launch()])));
after(async () => {
  await browser?.close();
  await pages?.stop();
});

/** How much of the window the player's box takes. */
const shareOf = (page) =>
  page.locator("#stage").evaluate((stage) => {
    const { width, height } = stage.getBoundingClientRect();
    return (width * height) / (innerWidth * innerHeight);
  });
const panels = (page) => page.getByRole("group", { name: "Panels" }).getByRole("button");
const press = async (page, key) => {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(key);
};

/** What is wider than its box or reaches beyond the window. What scrolls by design, or is cut with an ellipsis and told in full by its title, is left out. */
const tooWide = (page) =>
  page.evaluate(() => {
    const isWide = (element) => element.scrollWidth > element.clientWidth + 1;
    const boxes = "body, main, header, nav, dialog[open], .session-view, .head, .player-column, .side, .panel, .note, .welcome, .stage";
    const isBeyond = (element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (left < -1 || right > innerWidth + 1) && !element.closest(".skip, .rr-player");
    };
    const wide = [document.documentElement, ...document.querySelectorAll(boxes)].filter(isWide);
    const beyond = [...document.querySelectorAll("main button, main h1, main h2, header *")].filter(isBeyond);
    return [...wide, ...beyond].map(({ tagName, className, scrollWidth, clientWidth }) => `${tagName}.${className} ${scrollWidth} > ${clientWidth}`);
  });

for (const entry of PAGES) {
  test(`nothing overflows sideways, from a phone to 4K: ${entry.name}`, { timeout: 120_000 }, async () => {
    const { page, close } = await open(browser, { viewport: LAPTOP });
    await go(page, pages, entry);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      // The player fits itself to its box a moment later.
      let found;
      await until(async () => (found = await tooWide(page)).length === 0, () => `everything fits into ${size.width} × ${size.height}, but not ${found}`, 5_000);
    }
    await close();
  });
}

test("folded, the picture gets 60 % of a laptop's screen and more, and what was folded stays so", async () => {
  const { page, close } = await open(browser, { viewport: LAPTOP });
  await go(page, pages, named("a session, paused"));
  assert.deepEqual(await panels(page).allTextContents(), ["Time line", "Console, network", "Details"]);
  const before = await shareOf(page);
  await press(page, "[");
  await page.getByRole("navigation", { name: "Sessions" }).waitFor({ state: "hidden" });
  await press(page, "]");
  await page.getByRole("region", { name: "About the session" }).waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Console, network" }).click();
  await until(async () => (await shareOf(page)) >= 0.6, "60 %, with the time line");
  assert.ok(before < 0.6, "it had less");
  await page.getByRole("button", { name: "Time line" }).click();
  await until(async () => (await shareOf(page)) >= 0.75, "75 %, with nothing else");
  // The picture itself has grown, too.
  await until(async () => (await page.locator(".replayer-wrapper").evaluate((box) => box.getBoundingClientRect().height)) > 600, "the replay fills it");

  await page.reload();
  await page.locator(".replayer-wrapper iframe").waitFor({ state: "attached" });
  assert.deepEqual(await panels(page).evaluateAll((buttons) => buttons.map((button) => button.ariaExpanded)), ["false", "false", "false"]);
  assert.equal(await page.getByRole("button", { name: "Sessions", exact: true }).getAttribute("aria-expanded"), "false");
  await until(async () => (await shareOf(page)) >= 0.75, "as it was left");
  await press(page, "]");
  await page.getByRole("region", { name: "About the session" }).waitFor();
  await close();
});

test("each part beside the picture folds under its heading; what has nothing to show has none", async () => {
  const { page, close } = await open(browser, { viewport: LAPTOP });
  await go(page, pages, named("a session, paused"));
  const side = page.getByRole("region", { name: "About the session" });
  assert.deepEqual(await side.getByRole("heading", { level: 2 }).allTextContents(), ["Share", "Story", "Heatmaps", "Facts"]);
  const facts = side.getByRole("button", { name: "Facts" });
  await side.getByText("Last arrival").waitFor();
  await facts.click();
  await side.getByText("Last arrival").waitFor({ state: "hidden" });
  assert.equal(await facts.getAttribute("aria-expanded"), "false");
  await page.reload();
  await side.getByRole("button", { name: "Facts", expanded: false }).waitFor();
  assert.equal(await side.getByText("Last arrival").isVisible(), false);

  await page.goto(`${pages.viewer.url}${named("a scene of native windows").path}`);
  await side.getByRole("heading", { name: "Views" }).waitFor();
  await close();
});

test("a browser that keeps nothing shows everything, and a stored nonsense breaks nothing", async () => {
  const { page, notes, close } = await open(browser, { viewport: LAPTOP });
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    Storage.prototype.getItem = () => "nonsense";
  });
  await go(page, pages, named("a session, paused"));
  await press(page, "]");
  await page.getByRole("region", { name: "About the session" }).waitFor({ state: "hidden" });
  await press(page, "]");
  await page.getByRole("region", { name: "About the session" }).waitFor();
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("the list leaves a small screen to the picture, until it is asked for", async () => {
  const { page, close } = await open(browser, { viewport: { width: 1024, height: 768 } });
  await page.goto(pages.viewer.url);
  await page.getByRole("navigation", { name: "Sessions" }).waitFor();
  await go(page, pages, named("a session, paused"));
  assert.equal(await page.getByRole("navigation", { name: "Sessions" }).isVisible(), false);
  await press(page, "[");
  await page.getByRole("navigation", { name: "Sessions" }).waitFor();
  await close();
});

test("a finger finds what it touches: 44 pixels where there is no pointer", async () => {
  const { page, close } = await open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await go(page, pages, named("a session, paused"));
  const small = await page.evaluate(() =>
    [...document.querySelectorAll(".top button, .head button:not(.copy), .head a, .fold-button, .tab")]
      .filter((target) => target.getClientRects().length > 0 && target.getBoundingClientRect().height < 44)
      .map((target) => target.textContent),
  );
  assert.deepEqual(small, []);
  await close();
});
