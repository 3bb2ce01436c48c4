// What makes the viewer's page comfortable: text of a paused replay can be selected, and nothing there can be done; paper, less motion, a reader's own
// colours; everything by keyboard.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { until } from "../support/waiting.mjs";
import { PAGES, go, startPages } from "./pages.mjs";

const named = (name) => PAGES.find((entry) => entry.name === name);
const paused = named("a session, paused");

let pages, browser;
before(async () => ([pages, browser] = await Promise.all([startPages(), launch()])));
after(async () => {
  await browser?.close();
  await pages?.stop();
});

/** The middle of an element of the replay, on the screen. */
async function middleOf(page, selector) {
  const box = await page.frameLocator(".replayer-wrapper iframe").locator(selector).boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2, box];
}
const selected = (page) => page.evaluate(() => document.querySelector(".replayer-wrapper iframe").contentDocument.getSelection().toString());
const isInFrame = (page) => page.evaluate(() => document.activeElement instanceof HTMLIFrameElement);

async function selectText(page) {
  const [, y, box] = await middleOf(page, "p >> nth=0");
  await page.mouse.move(box.x + 1, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 1, y, { steps: 8 });
  await page.mouse.up();
}

test("text of a paused replay can be selected and copied, and the keys stay ours", { timeout: 120_000 }, async () => {
  const { page, notes, close } = await open(browser, { viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
  await go(page, pages, paused);
  await selectText(page);
  await until(async () => (await selected(page)).includes("Select me, please: order 4711"), async () => `the line is selected, and not ${await selected(page)}`);
  await page.keyboard.press("Control+c");
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^Select me, please: order 4711/);
  assert.equal(await isInFrame(page), false, "the frame has not kept the keyboard");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  const [, y, { x: left }] = await middleOf(page, "p >> nth=0");
  const x = left + 12;
  await page.mouse.dblclick(x, y);
  assert.equal((await selected(page)).trim(), "Select", "twice selects a word");
  await page.mouse.click(x, y, { clickCount: 3 });
  assert.equal((await selected(page)).trim(), "Select me, please: order 4711.", "three times its paragraph");
  assert.equal(await page.locator(".replayer-wrapper iframe").getAttribute("sandbox"), "allow-same-origin", "the sandbox is what it was");

  // While it plays, the pointer is the recording's.
  await page.keyboard.press(" ");
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await page.locator(".replayer-wrapper iframe").evaluate(({ contentDocument }) => contentDocument.getSelection().empty());
  await selectText(page);
  assert.equal(await selected(page), "", "not while it plays");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("in a paused replay links lead nowhere, and fields take nothing", { timeout: 120_000 }, async () => {
  const { page, notes, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await go(page, pages, paused);
  const frame = () => page.locator(".replayer-wrapper iframe").evaluate(({ contentDocument }) => [contentDocument.location.href, contentDocument.defaultView.scrollY, contentDocument.body.innerText]);
  const before = await frame();
  const [x, y] = await middleOf(page, "a");
  await page.mouse.click(x, y);
  await page.mouse.click(x, y, { button: "middle" });
  await page.keyboard.down("Control");
  await page.mouse.click(x, y);
  await page.keyboard.up("Control");
  // As a recording of an older version, or another browser, would have it.
  await page.locator(".replayer-wrapper iframe").evaluate(({ contentDocument }) => contentDocument.querySelector("a").setAttribute("href", "data:text/html,gone"));
  await page.mouse.click(x, y);
  const field = await middleOf(page, "input");
  await page.mouse.click(field[0], field[1]);
  await page.keyboard.type("xyz");
  const value = () => page.frameLocator(".replayer-wrapper iframe").locator("input").inputValue();
  assert.equal(await value(), "typed");
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, 300);
  assert.deepEqual(await frame(), before);
  assert.equal(page.context().pages().length, 1, "no window was opened");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("a replay that was sought, and one drawn anew, can be selected in, too", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await go(page, pages, paused);
  for (const key of ["ArrowLeft", "ArrowRight", "ArrowRight"]) {
    await page.keyboard.press(key);
    await until(async () => {
      await selectText(page);
      return (await selected(page)).includes("order 4711");
    }, `after ${key}`);
  }
  await close();
});

test("paper has the picture at this moment and the session's facts, and nothing else", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await go(page, pages, paused);
  // Also where the reader has folded them.
  await page.getByRole("button", { name: "Facts" }).click();
  await page.getByRole("button", { name: "Details" }).click();
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length, 1, "one page");
  assert.match(await page.locator(".on-paper").textContent(), /^0:\d\d\.\d · Nov 22, .* · http:\/\/page\/$/, "it says which moment that is");
  if (process.env.SR_PICTURES) await page.pdf({ format: "A4", path: join(process.env.SR_PICTURES, "paper.pdf") });

  await page.emulateMedia({ media: "print" });
  const seen = page.locator("h1, .on-paper, dt, .replayer-wrapper iframe");
  assert.ok((await seen.evaluateAll((all) => all.filter((it) => it.checkVisibility()).map((it) => it.tagName))).length > 10, "the title, the facts and the picture");
  const more = page.locator("button, nav, header, .kinds, .panes, .rr-controller, .notes");
  assert.deepEqual(await more.evaluateAll((all) => all.filter((it) => it.checkVisibility()).map((it) => it.outerHTML.slice(0, 80))), []);
  const { width } = await page.locator(".replayer-wrapper").boundingBox();
  assert.ok(width > 300 && width <= 690, `the picture fits the page: ${width}`);
  await page.emulateMedia({ media: "screen" });
  await page.getByRole("button", { name: "Details", expanded: false }).waitFor();
  await close();
});

test("who asked for less motion has no trail of the pointer, and nothing moves by itself", { timeout: 120_000 }, async () => {
  const moving = (page) =>
    page.evaluate(() =>
      [...document.querySelectorAll("*")].filter((element) =>
        [null, "::before", "::after"].some((part) => {
          const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(element, part);
          return animationName !== "none" || transitionDuration.split(", ").some((time) => Number.parseFloat(time) > 0) || scrollBehavior === "smooth";
        }),
      ).length,
    );
  for (const [reducedMotion, isStill] of [["reduce", true], ["no-preference", false]]) {
    const { page, close } = await open(browser, { reducedMotion });
    await go(page, pages, paused);
    assert.equal((await moving(page)) === 0, isStill, reducedMotion);
    assert.equal(await page.locator(".replayer-mouse-tail").count(), isStill ? 0 : 1, reducedMotion);
    await close();
  }
});

test("in a reader's own colours what is chosen and what has the focus is seen", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 }, forcedColors: "active" });
  await go(page, pages, named("an entry of the console"));
  for (const mark of [".session[aria-current]", ".entry.is-chosen", '[role="tab"][aria-selected="true"]']) {
    assert.equal(await page.locator(mark).first().evaluate((element) => getComputedStyle(element).outlineStyle), "solid", mark);
  }
  assert.equal(await page.locator(".lane canvas").first().evaluate((lane) => getComputedStyle(lane).forcedColorAdjust), "none", "lanes are told by their colours");
  await page.getByRole("button", { name: "Details" }).focus();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth), "3px");
  if (process.env.SR_PICTURES) await page.screenshot({ path: join(process.env.SR_PICTURES, "forced-colors.png") });
  await close();
});

test("the keyboard goes from the top over the list to the picture and beyond, or at once to the picture", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await go(page, pages, named("a session that plays"));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the replay");
  assert.ok((await page.getByRole("link", { name: "Skip to the replay" }).boundingBox()).y >= 0, "it is seen");
  const areas = [];
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press("Tab");
    const area = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === document.body) return null;
      return ["top", "list", "head", "stage", "panel", "side"].find((name) => focused.closest(`.${name}`)) ?? focused.outerHTML;
    });
    if (area === null) break;
    if (areas.at(-1) !== area) areas.push(area);
  }
  assert.deepEqual(areas, ["top", "list", "head", "stage", "panel", "side"]);

  // Back again, the replay's frame is passed over, too, whatever is in it.
  await page.getByRole("button", { name: "Details" }).focus();
  await page.keyboard.press("Tab");
  await until(() => page.evaluate(() => /^(Play|Pause)$/.test(document.activeElement.ariaLabel)), "what is in the picture is no stop");
  await page.keyboard.press("Shift+Tab");
  await until(() => page.evaluate(() => document.activeElement.textContent === "Details"), "nor backwards");

  await page.evaluate(() => document.activeElement?.blur());
  await page.getByRole("link", { name: "Skip to the replay" }).press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "Back to the list", "the first in the main part");
  await close();
});

/** What goes while it has the focus, by this key, and what has the focus then. */
const GOING = [
  ["the way back", "a session, paused", (page) => page.getByRole("link", { name: "Back to the list" }), "Enter", () => document.activeElement.localName === "main"],
  ["a session that is left", "a session, paused", (page) => page.getByRole("button", { name: "Details" }), "Escape", () => document.activeElement.localName === "main"],
  ["a list that is folded", "a session, paused", (page) => page.locator("a.session").first(), "b", () => document.activeElement.id === "list-button" || document.activeElement.matches("main, .skip")],
  ["details that are folded", "a session, paused", (page) => page.getByRole("button", { name: "Facts" }), "d", () => document.activeElement.closest("main") !== null],
  ["a dialog", "a session, paused", (page) => page.getByRole("button", { name: "Delete…" }), ["Enter", "Escape"], () => document.activeElement.textContent === "Delete…"],
  ["the help", "a session, paused", (page) => page.getByRole("button", { name: "Details" }), ["?", "Escape"], () => document.activeElement.textContent === "Details"],
];

for (const [what, page_, locate, keys, isRight] of GOING) {
  test(`the focus is not lost with ${what}`, { timeout: 120_000 }, async () => {
    const { page, notes, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
    await go(page, pages, named(page_));
    await locate(page).focus();
    for (const key of [keys].flat()) {
      await page.keyboard.press(key);
      await page.waitForTimeout(200);
    }
    await until(() => page.evaluate(isRight), async () => `and not ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200))}`);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none", "it is seen");
    assert.deepEqual(notes.errors, []);
    await close();
  });
}

test("an element that is drawn anew keeps the focus, and who clicks beside everything has none", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await go(page, pages, paused);
  const copy = page.locator(".head .copy");
  await copy.focus();
  await copy.evaluate((button) => button.closest(".row").replaceWith(button.closest(".row").cloneNode(true)));
  await until(() => copy.evaluate((button) => button === document.activeElement), "what is called alike has it");
  await copy.evaluate((button) => (button.disabled = true));
  await until(() => page.evaluate(() => document.activeElement.ariaLabel === "Back to the list"), "or what is beside it");
  await page.mouse.click(700, 20);
  await page.waitForTimeout(100);
  await page.getByRole("button", { name: "Sessions" }).evaluate((button) => button.classList.add("other"));
  assert.equal(await page.evaluate(() => document.activeElement.localName), "body");
  await close();
});

test("brackets have letters beside them, for keyboards that have none", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
  await go(page, pages, paused);
  const isSeen = () => page.evaluate(() => ["#list", "#side"].map((part) => document.querySelector(part).checkVisibility()));
  for (const [keys, seen] of [["b", [false, true]], ["d", [false, false]], ["[", [true, false]], ["]", [true, true]]]) {
    await page.keyboard.press(keys);
    assert.deepEqual(await isSeen(), seen, keys);
  }
  await close();
});

test("the help names every key that does something", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser);
  await go(page, pages, named("the help"));
  const keys = await page.getByRole("dialog").locator("dt kbd").allTextContents();
  for (const key of ["↓", "j", "↑", "k", "Enter", "Space", "←", "→", "l", "f", "[", "]", "Esc", "?"]) assert.ok(keys.includes(key), key);
  // Whatever says that a key is its shortcut is in there.
  await page.keyboard.press("Escape");
  await go(page, pages, paused);
  const shortcuts = await page.locator("[aria-keyshortcuts]").evaluateAll((all) => all.flatMap((it) => it.getAttribute("aria-keyshortcuts").split(" ")));
  assert.deepEqual(shortcuts.filter((key) => !keys.includes(key)), []);
  await close();
});

test("each page has one main heading and its landmarks", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser);
  for (const name of ["the list, and a refused request", "a session, paused", "a session nobody has heard of"]) {
    await go(page, pages, named(name));
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1, name);
    for (const landmark of ["banner", "main"]) assert.equal(await page.getByRole(landmark).count(), 1, `${name}: ${landmark}`);
    assert.equal(await page.getByRole("navigation", { name: "Sessions" }).count(), 1, name);
  }
  await close();
});
