// Beside the player the viewer lists the views of the moment that is played: what each is, and why one is empty. What is hidden
// there stays hidden, wherever one seeks.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compile } from "../support/c-host.mjs";
import { command } from "../support/children.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { duration } from "../support/recordings.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

const DEVICE = "device-1";
const FIXTURE = join(project, "tests/fixtures/scenes/empty.jsonl");
let viewer, browser, folder, program;
let last = SESSION;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
  folder = mkdtempSync(join(tmpdir(), "session-replay-views-list-"));
  program = compile(["tests/c/scenes.c"], join(folder, "scenes"));
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

/** Records a scene of this kind; in which session. */
async function record(...args) {
  last += 1;
  await command(program, [viewer.url, String(last), ...args]);
  return last;
}

/** Opens a session at a moment of it, in milliseconds; at its end without one. */
async function show(session, at) {
  const t = at ?? duration(await viewer.events(DEVICE, session));
  const opened = await open(browser, { viewport: { width: 1500, height: 900 } });
  // A moment is looked at, and not jumped over.
  await opened.page.addInitScript(() => {
    // The replay's frame has none.
    if (globalThis.origin !== "null") globalThis.localStorage.setItem("session-replay.skips-idle", "no");
  });
  await opened.page.goto(`${viewer.url}/sessions/${DEVICE}/${session}?t=${t}`);
  await opened.page.locator(".replayer-wrapper iframe").waitFor({ state: "attached" });
  return opened;
}

/**
 * The rows of the list: `  ` for each view that one lies in, name, kind, size, states; then the remarks. Found and read in one step:
 * the list is made anew at any moment.
 */
const rows = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".view-list .view")].map((row) => {
      let depth = -1;
      for (let at = row; at; at = at.parentElement.closest("li")) depth += at.tagName === "LI" ? 1 : 0;
      const remarks = [...row.querySelectorAll(".remark")].map((remark) => remark.textContent);
      const text = `${row.querySelector(".view-name").textContent} · ${row.querySelector(".faint").textContent}`;
      return ["  ".repeat(depth) + text, ...remarks];
    }),
  );

/** Waits for these rows. */
async function hasRows(page, expected) {
  let seen;
  await until(async () => JSON.stringify((seen = await rows(page))) === JSON.stringify(expected), () => `these rows: ${JSON.stringify(seen, null, 1)}`, 15_000);
}

/** The titles of the windows that are seen in the replay. Asked from outside: its document is made anew at any moment. */
const seen = (page) =>
  page.evaluate(() => {
    const windows = document.querySelector(".replayer-wrapper iframe")?.contentDocument?.querySelectorAll(".w") ?? [];
    return [...windows].filter((window) => window.checkVisibility()).map((window) => window.querySelector(".b").textContent);
  });

const EMPTY = [
  ["Pixels · pixels 256 × 160"],
  ["Elsewhere · nodes 200 × 200", "It lies outside of the desk."],
  ["Flat · nodes 0 × 100", "It has no size."],
  ["Page · page 200 × 100", "Its page has no full snapshot yet: have its recorder take one."],
  ["Minimized · nodes 200 × 100 · hidden", "The app has hidden or minimized it."],
  ["  View 5 · pixels 100 × 50 · hidden", "The view that it lies in is hidden."],
  ["No nodes · nodes 200 × 100", "Its list of nodes is empty."],
  ["Only placed · empty 200 × 100", "Nothing was recorded in it yet."],
  ["Full · nodes 244 × 210 · has the focus"],
];

test("each view says what it is, and why it is empty", { timeout: 120_000 }, async () => {
  const session = await record("empty");
  const events = await viewer.events(DEVICE, session);
  if (process.env.SR_WRITE) writeFileSync(FIXTURE, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const { page, notes, close } = await show(session);
  await hasRows(page, EMPTY);
  // docs/images/views-list.png
  if (process.env.SR_PICTURES) await page.screenshot({ path: join(process.env.SR_PICTURES, "views-empty.png") });
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("one that was recorded once says the same", { timeout: 120_000 }, async () => {
  last += 1;
  await viewer.send(DEVICE, last, readFileSync(FIXTURE, "utf8").split("\n").filter(Boolean));
  const { page, close } = await show(last);
  await hasRows(page, EMPTY);
  await close();
});

test("pixels that are not kept say why", { timeout: 120_000 }, async () => {
  const kept = await show(await record("pixels"));
  await hasRows(kept.page, [["Drawn, moved · pixels 256 × 160"], ["  View 2 · pixels 128 × 80"]]);
  await kept.page.getByRole("button", { name: "Show Drawn" }).click();
  assert.equal(await kept.page.locator(".view.is-hidden").count(), 2, "with what lies in it");
  await kept.close();
  const masked = await show(await record("pixels", "conservative"));
  const why = "Its frames are not kept: the level of masking is conservative, and they do not say what is masked (SR_FRAME_MASKS_KNOWN); or the level became stricter, and none was shown since.";
  await hasRows(masked.page, [["****** ***** · pixels 256 × 160", why], ["  View 2 · pixels 128 × 80", why]]);
  await masked.close();
  const large = await show(await record("large"));
  await hasRows(large.page, [
    ["Too large · pixels 256 × 160", "Its pixels are not kept: those of all views together do not fit into one event. Show it smaller, or close views that are gone."],
    ["No image · pixels 256 × 160", "One image in it can't be decoded."],
  ]);
  await large.close();
});

test("the list is of the moment that is played", { timeout: 120_000 }, async () => {
  // Each moment is longer than this test: it is being played, too, and what is gone comes back by seeking alone.
  const quick = await viewer.events(DEVICE, await record("nodes"));
  let before = 0;
  const slow = quick.map((event) => ({ ...event, timestamp: event.timestamp + 70_000 * (event.data.tag === "moment" ? ++before : before) }));
  last += 1;
  await viewer.send(DEVICE, last, slow);
  const { page, close } = await show(last, 1);
  const seek = async (key, expected) => {
    await until(async () => {
      await page.keyboard.press(key);
      return JSON.stringify(await rows(page)) === JSON.stringify(expected);
    }, `these rows after ${key}: ${JSON.stringify(expected)}`);
  };
  const first = [["First · nodes 244 × 210 · has the focus"]];
  await hasRows(page, first);
  await seek("ArrowRight", [["Second · nodes 244 × 210 · has the focus"], ["First · nodes 244 × 210 · hidden", "The app has hidden or minimized it."]]);
  await seek("ArrowLeft", first);
  await close();
});

test("what is hidden stays hidden, and is shown again", { timeout: 120_000 }, async () => {
  const session = await record("empty");
  // Two full snapshots: of this one, and of the next, which has the same views.
  const events = await viewer.events(DEVICE, session);
  const again = events.map((event) => ({ ...event, timestamp: event.timestamp + 3_000 }));
  last += 1;
  await viewer.send(DEVICE, last, [...events, ...again]);
  const { page, notes, close } = await show(last, duration(events));
  const eye = page.getByRole("button", { name: "Show Full" });
  await eye.click();
  assert.equal(await eye.getAttribute("aria-pressed"), "false");
  assert.equal(await eye.evaluate((button) => button === document.activeElement), true, "the keyboard stays where it was");
  const shown = async (isShown, what) => {
    await until(async () => (await seen(page)).includes("Pixels") && (await seen(page)).includes("Full") === isShown, what);
  };
  await shown(false, "it is hidden");
  for (const key of ["ArrowRight", "ArrowLeft", "ArrowRight"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(300);
    await shown(false, `it is hidden after ${key}`);
  }
  // Nobody touches the list while the player changes.
  await page.mouse.move(600, 60);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("l");
  await page.locator(".stage.is-live").waitFor();
  await shown(false, "it is hidden while the session is followed");
  await page.keyboard.press("l");
  await shown(false, "it is hidden in the replay again");
  await eye.click();
  await shown(true, "it is shown again");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("a page has no list of views", { timeout: 120_000 }, async () => {
  last += 1;
  await viewer.send(DEVICE, last, [...pageWith([]), { type: 5, timestamp: SESSION + 500, data: { tag: "end", payload: 1 } }]);
  const { page, close } = await show(last, 500);
  await page.frameLocator(".replayer-wrapper iframe").locator("body").waitFor({ state: "attached" });
  await page.waitForTimeout(500);
  assert.equal(await page.locator(".views").isHidden(), true);
  await close();
});
