// A desk of windows in one replay: pages in the real Chromium, the real main module, library and viewer; and what the player
// shows of it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { open as openPlayer, squeeze } from "../../../../../tests/support/chromium.mjs";
import { untilItsEnd } from "../../../../../tests/support/replayed.mjs";
import { until } from "../../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow } from "./electron.mjs";
import { browser, context, folder, viewer } from "./stage.mjs";
import { Desktop } from "./windows.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
export const SESSION = 1732300000000;
/** What the tests of a file share, while they run. */
export { context, viewer };

/** Attaches for one test, with a desk of windows; with `isLate` not before `attachNow` is called. */
export function start(t, device, { displays, options = {}, isLate = false, ...more } = {}) {
  const app = new App(join(folder, `user-data-${device}`));
  const ipcMain = new IpcMain();
  const desktop = new Desktop(app, displays);
  const { BrowserWindow, screen } = desktop;
  const problems = [];
  const loggerProvider = { error: (line) => problems.push(line), warn: (line) => problems.push(line), log() {}, debug() {}, disable() {}, enable() {} };
  let attached;
  const attachNow = () => {
    attached = attach({
      ...{ ipcMain, app, BrowserWindow, screen, windows: "all", apiKey: "key", ...more },
      options: viewer.options({ deviceId: device, sessionId: SESSION, flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 }, loggerProvider, ...options }),
    });
  };
  if (!isLate) attachNow();
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  /** Opens a window; its page says `text` and has a field. */
  const show = async (text, content, { script = "", frame, parent, html = pageOf(text, script), scaleFactor = 1, ...rest } = {}) => {
    let window;
    const own = scaleFactor === 1 ? context : await browser.newContext({ deviceScaleFactor: scaleFactor });
    const opened = await openWindow(own, ipcMain, app, {
      html,
      ...rest,
      onContents: async (contents, page) => {
        await page.setViewportSize({ width: content.width, height: content.height });
        window = desktop.open(contents, content, { frame, parent, page });
      },
    });
    const focus = () => {
      for (const other of desktop.windows) other.focused = other === window;
      window.emit("focus");
      opened.focus();
    };
    const say = (said) => opened.page.evaluate((said) => (document.querySelector("p").textContent = said), said);
    return { ...opened, window, focus, say };
  };
  return { app, ipcMain, desktop, attached, attachNow, problems, show };
}

export const pageOf = (text, script) =>
  `<html><head><title>${text} title</title></head><body><h1>${text}</h1><p>says nothing</p><input id="field"><script>${script}</script></body></html>`;

export const arrived = (device, session, text) =>
  until(async () => {
    const events = await viewer.events(device, session);
    return JSON.stringify(events).includes(text) && events;
  }, `${text} arrives in ${device}/${session}`);

/** Plays a session to its end in the viewer, and has a look at the player's document. */
async function look(device, session, at) {
  assert.equal(await sessionReplay.flush(20_000), "ok");
  const { page, notes, close } = await openPlayer(browser);
  await page.goto(`${viewer.url}/sessions/${device}/${session}?t=${10_000_000}`);
  const outer = page.frameLocator(".replayer-wrapper iframe");
  await outer.locator(".w").first().waitFor({ state: "attached", timeout: 30_000 });
  await untilItsEnd(page);
  await page.waitForTimeout(300);
  const seen = await at(outer, page);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
  return seen;
}

/** The first word of the page that is seen at this place of the desk. */
export const topmostAt = (device, x, y, session = SESSION) =>
  look(device, session, (outer) =>
    outer.locator("html").evaluate(
      ({ ownerDocument: desk }, [x, y]) => {
        // Players let no frame take clicks, so that it would be passed over.
        desk.head.append(Object.assign(desk.createElement("style"), { textContent: "* { pointer-events: auto !important }" }));
        const window = desk.elementFromPoint(x, y)?.closest(".w");
        return window?.querySelector(":scope > .c > iframe")?.contentDocument?.body?.innerText.split(/\s/)[0];
      },
      [x, y],
    ),
  );

/** What a session shows at its end: the windows that are seen, from the back to the front. */
export const played = (device, session) =>
  look(device, session, async (outer, page) => {
    const windows = await outer.locator("body").evaluate((body) =>
      [...body.querySelectorAll(".w")]
        .filter((window) => window.checkVisibility({ visibilityProperty: true }))
        .sort((a, b) => a.style.zIndex - b.style.zIndex)
        .map((window) => {
          const frame = window.querySelector(":scope > .c > iframe");
          const body = frame?.contentDocument?.body;
          const { left, top, width, height } = window.getBoundingClientRect();
          return {
            title: window.querySelector(":scope > .b")?.textContent ?? "",
            place: [left, top, width, height].map(Math.round),
            focused: window.querySelector(":scope > .b")?.classList.contains("f") ?? false,
            text: body ? body.innerText : "",
            value: body?.querySelector("input")?.value ?? "",
          };
        }),
    );
    if (process.env.SR_PICTURES) await page.locator(".replayer-wrapper").screenshot({ path: join(process.env.SR_PICTURES, `${device}.png`) });
    const desk = await outer.locator("html").evaluate((html) => [html.clientWidth, html.clientHeight]);
    return { desk, windows: windows.map((window) => ({ ...window, text: squeeze(window.text) })) };
  });
