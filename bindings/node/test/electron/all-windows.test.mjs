// Every window of an app in one replay: pages in the real Chromium, the real main module, library and viewer; and what the player
// shows is compared with the windows: which there are, where, and what is in them.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { until } from "../../../../tests/support/waiting.mjs";
import { SESSION, arrived, context, pageOf, played, start, viewer } from "./support/desk.mjs";
import { openWindow, preload } from "./support/electron.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");

test("two windows at once, both typed in, moved, one closed and another opened", async (t) => {
  const { show, problems, desktop } = start(t, "two", { options: { privacyConfig: { defaultMaskLevel: "light" } } });
  const orders = await show("Orders", { x: 100, y: 60, width: 500, height: 300 });
  const help = await show("Help", { x: 700, y: 160, width: 400, height: 280 });
  orders.focus();
  await orders.page.fill("#field", "Grüße aus Köln");
  help.focus();
  await help.page.fill("#field", "how to pay");
  await orders.say("orders change in the background");
  await help.window.setContentBounds({ x: 420, y: 200 });
  await orders.window.setContentBounds({ width: 560, height: 340 });
  await arrived("two", SESSION, "orders change in the background");
  await arrived("two", SESSION, "how to pay");
  await until(async () => (await played("two", SESSION)).windows[0]?.place[2] === 560, "the resize arrives");
  const first = await played("two", SESSION);
  assert.deepEqual(first.desk, [1600, 900]);
  const [back, front] = first.windows;
  assert.deepEqual(back, { title: "Orders title", place: [100, 60, 560, 340], focused: false, text: "Orders orders change in the background", value: "Grüße aus Köln" });
  assert.deepEqual(front, { title: "Help title", place: [420, 200, 400, 280], focused: true, text: "Help says nothing", value: "how to pay" });

  await help.close();
  const invoice = await show("Invoice", { x: 20, y: 500, width: 300, height: 200 }, { frame: false });
  await invoice.page.fill("#field", "paid");
  orders.focus();
  await orders.say("still here");
  invoice.window.change("always-on-top-changed", { onTop: true });
  await arrived("two", SESSION, "still here");
  await arrived("two", SESSION, "paid");
  await until(async () => (await played("two", SESSION)).windows.at(-1)?.text.startsWith("Invoice"), "the invoice is on top");
  const { windows } = await played("two", SESSION);
  assert.deepEqual(windows, [
    { title: "Orders title", place: [100, 60, 560, 340], focused: true, text: "Orders still here", value: "Grüße aus Köln" },
    { title: "", place: [20, 500, 300, 200], focused: false, text: "Invoice says nothing", value: "paid" },
  ]);

  // Hidden, minimized, full screen.
  orders.window.change("minimize", { minimized: true });
  await until(async () => (await played("two", SESSION)).windows.length === 1, "a minimized window is not seen");
  orders.window.change("restore", { minimized: false });
  await orders.window.setContentBounds({ x: 0, y: 0, width: 1600, height: 900 });
  orders.window.change("enter-full-screen", { frame: false });
  invoice.window.change("hide", { visible: false });
  await until(async () => (await played("two", SESSION)).windows[0]?.place[2] === 1600, "it is full screen");
  const full = await played("two", SESSION);
  assert.deepEqual(full.windows.map(({ title, place }) => [title, place]), [["", [0, 0, 1600, 900]]]);
  assert.deepEqual(problems, []);
  assert.deepEqual([orders.errors, invoice.errors], [[], []]);
  assert.equal(desktop.BrowserWindow.getAllWindows().length, 2);
  await orders.close();
  await invoice.close();
});

test("the next session begins with all windows, and navigation and reload stay in their window", async (t) => {
  const { show, problems } = start(t, "next");
  const one = await show("One", { x: 0, y: 40, width: 300, height: 200 });
  const two = await show("Two", { x: 400, y: 40, width: 300, height: 200 }, { html: (url) => pageOf(`Two ${new URL(url).pathname}`, "") });
  await arrived("next", SESSION, "One");
  await arrived("next", SESSION, "Two /shop/index.html");
  await two.show("shop/second.html");
  await one.page.reload();
  await one.say("one after its reload");
  await two.say("two after its navigation");
  await arrived("next", SESSION, "two after its navigation");
  await arrived("next", SESSION, "one after its reload");
  assert.deepEqual((await played("next", SESSION)).windows.map(({ text, place }) => [text, place[0]]), [
    ["One one after its reload", 0],
    ["Two /shop/second.html two after its navigation", 400],
  ]);
  await sessionReplay.setSessionId(SESSION + 1).promise;
  await two.say("two in the next session");
  await arrived("next", SESSION + 1, "two in the next session");
  await arrived("next", SESSION + 1, "one after its reload");
  assert.deepEqual((await played("next", SESSION + 1)).windows.map(({ title, text }) => [title, text]), [
    ["One title", "One one after its reload"],
    ["Two /shop/second.html title", "Two /shop/second.html two in the next session"],
  ]);
  assert.deepEqual(problems, []);
  await one.close();
  await two.close();
});

test("a window whose page may not record is empty and says so, and comes back with a page of the app", async (t) => {
  const { show, problems } = start(t, "foreign");
  const own = await show("Own", { x: 0, y: 40, width: 300, height: 200 });
  const other = await show("Other", { x: 400, y: 40, width: 300, height: 200 }, {
    html: (url) => (url.includes("evil") ? pageOf("Inbox of bob", "") : pageOf("Other", "")),
    // On the page from the web it does not run: that page can't say itself that it is there.
    preloads: [`if (!location.href.includes("evil")) { ${preload}\n}`],
  });
  // No preload script of ours runs there.
  const bare = await show("Bare secret", { x: 800, y: 40, width: 300, height: 200 }, { preloads: [] });
  await arrived("foreign", SESSION, "Other");
  other.contents.shownAs = "https://evil.example/";
  await other.show("shop/evil.html");
  await until(async () => JSON.stringify(await viewer.events("foreign", SESSION)).includes("this page is not recorded"), "it says so");
  await until(async () => (await played("foreign", SESSION)).windows.filter(({ title }) => title.endsWith("not recorded")).length === 2, "both say so");
  const empty = { value: "", text: "", focused: false, title: "My Shop: this page is not recorded" };
  assert.deepEqual((await played("foreign", SESSION)).windows, [
    { title: "Own title", place: [0, 40, 300, 200], focused: false, text: "Own says nothing", value: "" },
    { ...empty, place: [400, 40, 300, 200] },
    { ...empty, place: [800, 40, 300, 200] },
  ]);
  other.contents.shownAs = undefined;
  await other.show("shop/back.html");
  await other.say("back again");
  await arrived("foreign", SESSION, "back again");
  const { windows } = await played("foreign", SESSION);
  assert.deepEqual(windows.map(({ text }) => text), ["Own says nothing", "Other back again", ""]);
  assert.equal(windows[1].title, "Other title");
  const all = JSON.stringify(await viewer.events("foreign", SESSION));
  for (const secret of ["Bare secret", "Inbox of bob"])
    assert.ok(!all.includes(secret), `${secret}: neither page nor title of a window that is not recorded`);
  assert.deepEqual(problems.filter((line) => !line.includes("may not record")), []);
  for (const window of [own, other, bare]) await window.close();
});

test("a WebContentsView is a view of its window, and a window on the display at the left lies there", async (t) => {
  const displays = [{ x: 0, y: 0, width: 1600, height: 900 }, { x: -1280, y: 0, width: 1280, height: 800 }];
  const { show, ipcMain, app, problems } = start(t, "parts", { displays });
  const host = await show("Host", { x: 200, y: 100, width: 600, height: 400 });
  const left = await show("Left", { x: -1000, y: 100, width: 300, height: 200 });
  const part = await openWindow(context, ipcMain, app, {
    html: pageOf("Part", ""),
    onContents: async (contents, page) => {
      await page.setViewportSize({ width: 200, height: 300 });
      host.window.addView(contents, { x: 380, y: 80, width: 200, height: 300 });
      // It hears of that when the window is looked at next.
      host.window.emit("show");
    },
  });
  await part.page.fill("#field", "in the part");
  await arrived("parts", SESSION, "Left");
  await arrived("parts", SESSION, "Part");
  await until(async () => (await played("parts", SESSION)).windows.some(({ text }) => text.startsWith("Part")), "the part is there");
  const { desk, windows } = await played("parts", SESSION);
  assert.deepEqual(desk, [2880, 900]);
  const places = Object.fromEntries(windows.map(({ text, place }) => [text.split(" ")[0], place]));
  assert.deepEqual(places, { Host: [1480, 100, 600, 400], Left: [280, 100, 300, 200], Part: [1860, 180, 200, 300] });
  assert.deepEqual(problems, []);
  for (const window of [part, host, left]) await window.close();
});

test("while nothing is recorded, nothing is placed, and another recorder is told of all windows", async (t) => {
  const { show, problems, attached } = start(t, "again", { apiKey: undefined });
  const window = await show("Early", { x: 10, y: 40, width: 300, height: 200 });
  await window.page.waitForTimeout(300);
  const options = viewer.options({ deviceId: "again", sessionId: SESSION, flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 } });
  await sessionReplay.init("key", options).promise;
  await arrived("again", SESSION, "Early");
  await sessionReplay.init("key", { ...options, deviceId: "again-2", maxSingleEventSizeBytes: 5_000_000 }).promise;
  await window.say("told anew");
  await arrived("again-2", SESSION, "told anew");
  assert.deepEqual((await played("again-2", SESSION)).windows.map(({ text, place }) => [text, place]), [["Early told anew", [10, 40, 300, 200]]]);
  attached.detach();
  await until(
    async () => (await viewer.events("again-2", SESSION)).some(({ data }) => data.removes?.length === 1 && data.adds.length === 0),
    "detach takes the windows away",
  );
  await window.page.waitForTimeout(300);
  await sessionReplay.flush(5_000);
  const events = await viewer.events("again-2", SESSION);
  const removed = events.findIndex(({ data }) => data.removes?.length === 1 && data.adds.length === 0);
  assert.deepEqual(events.slice(removed + 1).map(({ data }) => data), [], "and does not bring them back");
  assert.deepEqual(problems, []);
  await window.close();
});
