// examples/electron as it stands: its main process with Electron's side of the contract, its pages in the real Chromium. The replay
// is compared with what the windows show.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { libraryPath, project } from "../../../../tests/support/paths.mjs";
import { keepPicture, rmse } from "../../../../tests/support/pictures.mjs";
import { replayedAt } from "../../../../tests/support/replayed.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, Contents, IpcMain, openWindow } from "./support/electron.mjs";
import { attachGuest } from "./support/guests.mjs";
import { browser, context, folder as userData, viewer } from "./support/stage.mjs";
import { Desktop, TITLE_BAR } from "./support/windows.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const folder = join(project, "examples/electron");
/** A file of the example, by the address of a page that wants it. */
const fileAt = (url) => readFileSync(join(folder, new URL(url).pathname.replace("/shop/", "")), "utf8");

/** Runs the main process, as Electron would; answers with the windows that it opens, in their order. */
async function runMain(display) {
  const app = Object.assign(new App(userData), { whenReady: async () => {} });
  const ipcMain = new IpcMain();
  const desktop = new Desktop(app, [display]);
  const opening = [];
  function BrowserWindow({ x, y, width, height, webPreferences }) {
    const content = { x, y: y + TITLE_BAR, width, height: height - TITLE_BAR };
    const contents = new Contents();
    const window = desktop.open(contents, content);
    window.loadFile = (name) => {
      const preloads = [readFileSync(webPreferences.preload, "utf8")];
      const html = (url) => (url.endsWith("/index.html") ? fileAt(url.replace("index.html", name)) : fileAt(url));
      const opened = openWindow(context, ipcMain, app, {
        ...{ contents, html, preloads },
        onContents: (_contents, page) => page.setViewportSize({ width: content.width, height: content.height }),
      });
      opening.push(opened.then((page) => ({ ...page, window })));
      return opened;
    };
    return window;
  }
  BrowserWindow.getAllWindows = desktop.BrowserWindow.getAllWindows;
  const load = Module._load;
  Module._load = (request, parent, ...rest) => {
    if (request === "electron") return { app, ipcMain, screen: desktop.screen, BrowserWindow };
    const isOfExample = parent?.filename?.startsWith(folder) && request.startsWith("session-replay-native");
    return isOfExample ? require(request) : load(request, parent, ...rest);
  };
  Object.assign(process.env, { SESSION_REPLAY_VIEWER: viewer.url, SESSION_REPLAY_LIBRARY: libraryPath });
  delete process.env.AMPLITUDE_API_KEY;
  createRequire(join(folder, "main.js"))("./main.js");
  Module._load = load;
  await until(() => opening.length === 2, "both windows are opened");
  return { app, ipcMain, windows: await Promise.all(opening) };
}

/** What is on the screen: pages at their places, the ones behind first. */
async function screenOf(display, pages) {
  const page = await context.newPage();
  await page.setViewportSize({ width: display.width, height: display.height });
  const images = [];
  for (const { shown, x, y } of pages) {
    const png = await shown.page.screenshot();
    images.push(`<img style="position: absolute; left: ${x}px; top: ${y}px" src="data:image/png;base64,${png.toString("base64")}">`);
  }
  await page.setContent(`<body style="margin: 0; background: #4a5568">${images.join("")}`);
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

test("two windows and the guest in one of them are replayed as they look", async () => {
  const display = { x: 0, y: 0, width: 1280, height: 800 };
  const { app, ipcMain, windows } = await runMain(display);
  const [main, help] = windows;
  const guest = await attachGuest(context, ipcMain, app, help, "webview", { html: fileAt("app://shop/shop/manual.html") });
  assert.ok(guest, "the guest is attached");
  help.focus();
  help.window.change("focus", { focused: true });
  await main.page.fill('[name="name"]', "secret name");
  await main.page.fill('[name="comment"]', "Two windows in one replay");
  await main.page.fill('[type="password"]', "correct horse");
  await guest.page.fill("input", "replay");
  await guest.page.click("summary >> nth=0");
  await guest.page.evaluate(() => document.activeElement?.blur());
  const session = String(sessionReplay.getSessionId());
  const replayId = sessionReplay.getSessionReplayId();
  await main.page.waitForTimeout(1_300);
  sessionReplay.recordCustom("moment", "seen");
  const events = await until(async () => {
    assert.equal(await sessionReplay.flush(20_000), "ok");
    const events = await viewer.events("electron-example", session);
    return events.some(({ data }) => data.payload === "seen") && events;
  }, `the moment arrives in ${replayId}`);

  const { windows: replayed, picture, page, close } = await replayedAt({ viewer, browser }, "electron-example-seen", events, ({ data }) => data.payload === "seen");
  keepPicture("electron", picture);
  assert.deepEqual(replayed.map(({ depth, place, isShown, title }) => [depth, place, isShown, title]), [
    [0, [60, 60 + TITLE_BAR, 720, 600 - TITLE_BAR], true, "Session replay in Electron"],
    [0, [700, 200 + TITLE_BAR, 520, 540 - TITLE_BAR], true, "Help"],
    [1, replayed[2].place, true, null],
  ]);
  assert.match(replayed[0].page, /^These windows are being recorded/);
  assert.match(replayed[1].page, /^Help This is a window/);
  assert.match(replayed[2].page, /^The manual .*Open the link that the terminal shows/);
  const [x, y, width, height] = replayed[2].place;
  const element = await help.page.locator("webview").boundingBox();
  const inBorder = [701 + element.x, 231 + element.y, element.width - 2, element.height - 2];
  assert.deepEqual([x, y, width, height], inBorder.map(Math.round));

  const outer = page.frameLocator(".replayer-wrapper iframe");
  const fields = await outer.locator(".w").first().locator("iframe").first().contentFrame().locator("input").evaluateAll((inputs) => inputs.map(({ value }) => value));
  assert.deepEqual(fields, ["****** ****", "Two windows in one replay", "********"]);
  for (const secret of ["secret name", "correct horse"]) assert.ok(!JSON.stringify(events).includes(secret), secret);

  // What is masked looks otherwise: left out is the form of the first window.
  const shown = await screenOf(display, [
    { shown: main, x: 60, y: 90 },
    { shown: help, x: 700, y: 230 },
    { shown: guest, x, y },
  ]);
  keepPicture("electron-app", shown);
  for (const [what, place] of [
    ["the second window", [700, 230, 520, 510]],
    ["the guest", [x, y, width, height]],
    ["the first window's head", [60, 90, 640, 140]],
  ]) {
    const distance = await rmse(page, [shown, picture], place);
    assert.ok(distance < 0.04, `${what}: ${distance}`);
  }
  await close();
  for (const window of [guest, main, help]) {
    assert.deepEqual(window.errors, []);
    await window.close();
  }
});
