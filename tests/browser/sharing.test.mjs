// A moment is shared, a session becomes a file and a file a session, and what nobody needs is deleted.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { bundle } from "../support/bundle.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, custom, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

let viewer, browser, page, notes, close;

before(async () => {
  viewer = await startViewer();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
});

beforeEach(async () => {
  await close?.();
  ({ page, notes, close } = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] }));
  // A moment is looked at, and not jumped over.
  await page.addInitScript(() => {
    // The replay's frame has none.
    if (globalThis.origin !== "null") globalThis.localStorage.setItem("session-replay.skips-idle", "no");
  });
});

/** A page that says one thing for a minute, and another one from its tenth second. */
const events = (text = "at first") => [
  ...pageWith([element("p", 5, [{ type: 3, textContent: text, id: 6 }])]),
  { type: 3, timestamp: SESSION + 10_000, data: { source: 0, texts: [{ id: 6, value: `${text}, then` }], attributes: [], removes: [], adds: [] } },
  custom("end", 60_000),
];

const address = (device, query = "") => `${viewer.url}/sessions/${device}/${SESSION}${query}`;
const atOf = () => Number(new URL(page.url()).searchParams.get("at"));
const copied = () => page.evaluate(() => navigator.clipboard.readText());
const status = (text) => page.getByRole("status").filter({ hasText: text });
const replayedText = (text) => page.frameLocator(".replayer-wrapper iframe").getByText(text, { exact: true });
const devices = async () => [...new Set((await viewer.sessions()).map(({ device_id: device }) => device))].sort();

test("the address follows a seek and a pause, and the key s copies it", async () => {
  await viewer.send("share", SESSION, events());
  await page.goto(address("share", "?q=share&t=1"));
  await replayedText("at first").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await until(() => atOf() >= SESSION + 10_000, "the address names the moment");
  assert.equal(new URL(page.url()).searchParams.get("q"), "share", "the search stays");
  const soughtTo = atOf();
  await replayedText("at first, then").waitFor();
  await page.keyboard.press(" ");
  await until(() => atOf() > soughtTo, "the address names the moment of the pause");
  const before = await page.evaluate(() => history.length);
  await page.keyboard.press("s");
  await status("Link to this moment copied").waitFor();
  const link = new URL(await copied());
  assert.equal(link.origin + link.pathname, address("share"));
  assert.ok(Math.abs(Number(link.searchParams.get("at")) - atOf()) <= 1, link.href);
  assert.equal(await page.evaluate(() => history.length), before, "no step is kept for each moment");

  await page.goto("about:blank");
  await page.goto(link.href);
  await replayedText("at first, then").waitFor();
  await page.getByRole("button", { name: "Copy link to this moment" }).click();
  await status("Link to this moment copied").waitFor();
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
});

test("while a session merely plays, its address stays", async () => {
  const source = 'export { MomentTracker } from "./sharing/moment";';
  const code = await bundle(source, join(project, "viewer/web/src"), { loader: "ts", platform: "node" });
  const { MomentTracker } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  /** Every tenth of a second the replay is here, in milliseconds. */
  const told = (positions, opensElsewhere = false) => {
    const tracker = new MomentTracker(opensElsewhere);
    return positions.map((ms, index) => tracker.at(ms, index * 100)).filter((ms) => ms !== null);
  };
  const playing = (from, speed, ticks) => Array.from({ length: ticks }, (_, tick) => from + tick * 100 * speed);
  const standing = (at, ticks = 5) => Array(ticks).fill(at);
  for (const [what, positions, moments, opensElsewhere] of [
    ["it plays", playing(0, 1, 50), []],
    ["it plays fast", playing(0, 16, 50), []],
    ["it stands from the beginning", standing(0), []],
    ["it is paused", [...playing(0, 1, 10), ...standing(900)], [900]],
    ["it is paused twice", [...playing(0, 1, 10), ...standing(900), ...playing(1_000, 1, 5), ...standing(1_400)], [900, 1_400]],
    ["a seek while it plays", [...playing(0, 1, 10), ...playing(30_000, 1, 10)], [30_000]],
    ["a seek back while it plays", [...playing(30_000, 1, 10), ...playing(5_000, 1, 10)], [5_000]],
    ["a seek while it stands", [...standing(0), ...standing(7_000)], [7_000]],
    ["the bar is dragged", [...standing(0), 10_000, 20_000, 30_000, 40_000, ...standing(50_000)], [50_000]],
    ["it opens at a moment", [0, ...playing(20_000, 1, 10)], [], true],
    ["it opens at a moment, and then there is a seek", [0, ...playing(20_000, 1, 10), ...playing(3_000, 1, 10)], [3_000], true],
    ["a frame is rounded back", [...playing(5_000, 1, 5), 5_390, ...playing(5_500, 1, 5)], []],
  ]) {
    assert.deepEqual(told(positions, opensElsewhere), moments, what);
  }
});

test("where a page has no clipboard, it copies all the same", async () => {
  const opened = await open(browser, { permissions: ["clipboard-read"] });
  await opened.page.addInitScript(() => {
    const { clipboard } = navigator;
    window.readText = () => clipboard.readText();
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await viewer.send("share", SESSION, events());
  await opened.page.goto(address("share", "?at=1732300012000"));
  await opened.page.frameLocator(".replayer-wrapper iframe").getByText("at first, then").waitFor();
  const button = opened.page.getByRole("button", { name: `Copy share/${SESSION}` });
  await button.focus();
  await opened.page.keyboard.press("Enter");
  await opened.page.getByText("Copied", { exact: true }).waitFor();
  assert.equal(await opened.page.evaluate(() => readText()), `share/${SESSION}`);
  assert.ok(await button.evaluate((element) => element === document.activeElement), "the focus is where it was");
  await opened.page.keyboard.press("s");
  await opened.page.getByRole("status").filter({ hasText: "Link to this moment copied" }).waitFor();
  assert.match(await opened.page.evaluate(() => readText()), /^http:.*at=17323000/);
  assert.deepEqual(opened.notes.errors, []);
  await opened.close();
});

test("where copying is not allowed, the link is said", async () => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
    document.execCommand = () => false;
  });
  await viewer.send("share", SESSION, events());
  await page.goto(address("share", "?at=1732300012000"));
  await replayedText("at first, then").waitFor();
  await page.keyboard.press("s");
  await page.getByRole("alert").filter({ hasText: "does not let this page copy" }).waitFor();
  const link = page.getByRole("textbox", { name: "To be copied" });
  assert.match(await link.inputValue(), /^http:.*at=17323000/);
  assert.deepEqual(await link.evaluate((field) => [document.activeElement === field, field.selectionEnd - field.selectionStart === field.value.length]), [true, true], "one key copies it");
  await page.getByRole("alert").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Close" }).waitFor({ state: "detached" });
});

test("a session is downloaded, and dropped on the page it is imported and opened", async () => {
  await viewer.send("download", SESSION, events("to be kept"));
  await page.goto(address("download"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download events" }).click()]);
  assert.equal(download.suggestedFilename(), `replay-download-${SESSION}.jsonl`);
  const file = await readFile(await download.path(), "utf8");
  assert.deepEqual(file.trimEnd().split("\n").map((line) => JSON.parse(line)), events("to be kept"));

  await page.goto(viewer.url);
  const chosen = { name: "kept.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(file) };
  await drop([chosen]);
  await page.waitForURL(/\/sessions\/imported\/kept-[0-9a-f]{16}/);
  await replayedText("to be kept").waitFor();
  await status("Imported 4 events of kept.jsonl").waitFor();

  // The same events once more, as a packed list with other keys first, and chosen instead of dropped.
  const list = JSON.stringify(events("to be kept").map(({ type, timestamp, data }) => ({ data, timestamp, type })));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Import…" }).click()]);
  await chooser.setFiles({ name: "kept.json.gz", mimeType: "application/gzip", buffer: gzipSync(list) });
  await status("kept.json.gz was imported before").waitFor();
  assert.equal((await viewer.sessions()).filter(({ device_id: device }) => device === "imported").length, 1);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
});

test("what is wrong with a file is said with its line, as text", async () => {
  await page.goto(viewer.url);
  const line = JSON.stringify(events()[0]);
  await drop([{ name: "<img src=x>.jsonl", mimeType: "", buffer: Buffer.from(`${line}\n<script>alert(1)</script>`) }]);
  const alert = page.getByRole("alert");
  await alert.filter({ hasText: '<img src=x>.jsonl was not imported: line 2: this is no event: it begins with "<"' }).waitFor();
  assert.equal(await alert.locator("img, script").count(), 0);
  await alert.getByRole("button", { name: "Close" }).click();
  assert.equal(await alert.getByText("was not imported").count(), 0);
});

test("a drop does not lead the browser away, nor does a text that is dropped", async () => {
  await page.goto(viewer.url);
  const isTaken = await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", "hello");
    return !document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  assert.equal(isTaken, false, "what is no file is none of ours");
});

/** Drops files on the page. */
async function drop(files) {
  const transfer = await page.evaluateHandle((list) => {
    const dropped = new DataTransfer();
    for (const { name, type, base64 } of list) {
      dropped.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type }));
    }
    return dropped;
  }, files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, base64: buffer.toString("base64") })));
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await page.getByText("Drop to import").waitFor();
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  await page.getByText("Drop to import").waitFor({ state: "hidden" });
}

test("a session is deleted by keyboard, behind a question whose first answer is no", async () => {
  await viewer.send("doomed", SESSION, events());
  await viewer.send("doomed", SESSION + 1, events());
  await viewer.send("spared", SESSION, events());
  await page.goto(address("doomed", "?t=1"));
  await replayedText("at first").waitFor();
  const dialog = page.getByRole("dialog", { name: "Delete sessions" });
  const cancel = dialog.getByRole("button", { name: "Cancel" });
  const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

  await page.keyboard.press("Delete");
  await dialog.getByRole("status").filter({ hasText: `1 session, ` }).filter({ hasText: `doomed/${SESSION}.` }).waitFor();
  assert.ok(await isFocused(cancel), "the focus is on Cancel");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("Delete");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname, new URL(address("doomed")).pathname, "Escape leaves the question, not the session");
  assert.ok((await devices()).includes("doomed"));

  await page.keyboard.press("Delete");
  await dialog.getByRole("button", { name: "Delete 1 session" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await status("Deleted 1 session").waitFor();
  await until(() => new URL(page.url()).pathname === "/", "what was open is gone, and so the page is left");
  assert.deepEqual((await viewer.sessions()).filter(({ device_id: device }) => device === "doomed").map(({ session_id: session }) => session), [String(SESSION + 1)]);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
});

test("while days are typed nothing is looked up, and an answer that is late is let go", async () => {
  await viewer.send("typed", SESSION, events());
  await page.goto(viewer.url);
  const asked = [];
  let letGo;
  const first = new Promise((resolve) => (letGo = resolve));
  await page.route("**/api/sessions?*dry_run=true*", async (route) => {
    asked.push(route.request());
    // The first question, as the dialog opens, is answered last.
    if (asked.length === 1) await first;
    await route.continue().catch(() => {});
  });
  await page.keyboard.press("Delete");
  await until(() => asked.length === 1, "it is asked as it opens");
  const dialog = page.getByRole("dialog", { name: "Delete sessions" });
  const days = dialog.getByRole("spinbutton", { name: "Days" });
  await days.fill("");
  await days.pressSequentially("36500");
  await dialog.getByRole("status").filter({ hasText: "There is nothing to delete." }).waitFor();
  assert.equal(asked.length, 2, "once for all that was typed");
  assert.notEqual(asked[0].failure(), null, "the question before was given up");
  letGo();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.unroute("**/api/sessions?*dry_run=true*");
});

test("who watches a session that is deleted is told so, and sees what was loaded", async () => {
  await viewer.send("watched", SESSION, events());
  const opened = await open(browser);
  await opened.page.goto(address("watched", "?t=1"));
  const badge = opened.page.locator("main .badge.live");
  await badge.waitFor();
  await opened.page.frameLocator(".replayer-wrapper iframe").getByText("at first").waitFor();
  await fetch(`${viewer.url}/api/devices/watched`, { method: "DELETE" });
  await opened.page.locator(".note").filter({ hasText: "This session was deleted." }).waitFor();
  await badge.waitFor({ state: "detached" });
  await opened.page.keyboard.press("End");
  await opened.page.frameLocator(".replayer-wrapper iframe").getByText("at first").waitFor();
  await opened.close();
});

test("a device is deleted, and then all that is old", async () => {
  await viewer.send("doomed", SESSION, events());
  await viewer.send("doomed", SESSION + 1, events());
  await viewer.send("spared", SESSION, events());
  await page.goto(address("doomed"));
  const dialog = page.getByRole("dialog", { name: "Delete sessions" });
  await page.getByRole("button", { name: "Delete…" }).click();
  await dialog.getByRole("radio", { name: "All sessions of the device doomed" }).check();
  await dialog.getByRole("button", { name: "Delete 2 sessions" }).click();
  await status("Deleted 2 sessions").waitFor();
  await until(() => new URL(page.url()).pathname === "/", "the list is shown");
  assert.ok(!(await devices()).includes("doomed") && (await devices()).includes("spared"));

  await page.getByRole("button", { name: "Delete…" }).click();
  await dialog.getByRole("status").filter({ hasText: "There is nothing to delete." }).waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Delete", exact: true }).isDisabled());
  await dialog.getByRole("spinbutton", { name: "Days" }).fill("0");
  await dialog.getByRole("button", { name: /^Delete \d+ sessions?$/ }).click();
  await until(async () => (await devices()).length === 0, "all are gone");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
});

test("a deleted session leaves the list at once, and not only when the list is asked for again", async () => {
  await viewer.send("going", SESSION, events());
  await page.goto(viewer.url);
  const list = page.getByRole("navigation", { name: "Sessions" });
  await list.getByText("going").first().waitFor();
  const before = Number.parseInt(await page.locator("#list-status").textContent(), 10);
  // The list hears of it, and can ask nothing.
  await page.route("**/api/search*", (route) => route.abort());
  await fetch(`${viewer.url}/api/sessions/going/${SESSION}`, { method: "DELETE" });
  await until(async () => (await list.getByText("going").count()) === 0, "its row is gone");
  assert.equal(Number.parseInt(await page.locator("#list-status").textContent(), 10) || 0, before - 1);
});

test("another window learns that a session is gone", async () => {
  await viewer.send("watched", SESSION, events());
  const other = await open(browser);
  await other.page.goto(viewer.url);
  const row = other.page.getByRole("navigation", { name: "Sessions" }).getByText("watched").first();
  await row.waitFor();
  await page.goto(address("watched", "?t=1"));
  await replayedText("at first").waitFor();
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: "Delete 1 session" }).click();
  await until(async () => (await row.count()) === 0, "it is not in the list");
  await other.close();
});
