// Pages inside of windows: guests of <webview>s, and WebContentsViews, also inside each other. Pages in the real Chromium, and what the
// player shows is compared with where they are.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { until } from "../../../../tests/support/waiting.mjs";
import { SESSION, arrived, context, pageOf, played, start, topmostAt, viewer } from "./support/desk.mjs";
import { Contents, openWindow } from "./support/electron.mjs";
import { attachGuest } from "./support/guests.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { preloadPath } = require("session-replay-native/electron/main");

const webview = (id, style) => `<webview id="${id}" style="display: flex; ${style}"></webview>`;
const hostPage = (text, ...webviews) => `${pageOf(text, "")}${webviews.join("")}`;

/** What of the replay says so: its places by the first word of their texts. */
const placesIn = ({ windows }) => Object.fromEntries(windows.map(({ text, place }) => [text.split(" ")[0], place]));
const comes = (device, session, holds, what) =>
  until(async () => {
    const shown = await played(device, session);
    return holds(shown) && shown;
  }, what, 60_000);
const isAt = (device, word, place) =>
  comes(device, SESSION, (shown) => String(placesIn(shown)[word]) === String(place), `${word} is at ${place}`);
const isGone = (device, word) => comes(device, SESSION, (shown) => !placesIn(shown)[word], `${word} is gone`);

test("guests are views in the page of their host, where it shows them", async (t) => {
  const { show, ipcMain, app, problems } = start(t, "guests", { options: { privacyConfig: { defaultMaskLevel: "light" } } });
  const host = await show("Host", { x: 100, y: 60, width: 700, height: 500 }, {
    html: hostPage(
      "Host",
      webview("a", "position: absolute; left: 10px; top: 145px; width: 300px; height: 200px; border: 2px solid; padding: 3px 8px"),
      webview("b", "position: absolute; left: 350px; top: 150.5px; width: 200px; height: 120px"),
      '<div style="height: 2000px"></div>',
    ),
  });
  const attach = (selector, text, more) => attachGuest(context, ipcMain, app, host, selector, { html: pageOf(text, ""), ...more });
  const first = await attach("#a", "First");
  const second = await attach("#b", "Second", { html: (url) => pageOf(`Second ${new URL(url).pathname}`, "") });
  await first.page.fill("#field", "typed in the first");
  await second.page.fill("#field", "typed in the second");
  await host.page.fill("#field", "typed in the host");
  await arrived("guests", SESSION, "typed in the second");
  await arrived("guests", SESSION, "typed in the host");
  await isAt("guests", "Second", [450, 211, 200, 120]);
  const { windows } = await played("guests", SESSION);
  assert.deepEqual(
    windows.map(({ text, value, title }) => [text.split(" ")[0], value, title]).sort(),
    [
      ["First", "typed in the first", ""],
      ["Host", "typed in the host", "Host title"],
      ["Second", "typed in the second", ""],
    ],
  );
  assert.deepEqual(placesIn({ windows }), { Host: [100, 60, 700, 500], First: [120, 210, 300, 200], Second: [450, 211, 200, 120] });

  // The page scrolls, lays itself out anew, hides one, and the window moves.
  await host.page.evaluate(() => scrollTo(0, 40));
  await isAt("guests", "First", [120, 170, 300, 200]);
  await host.page.locator("#a").evaluate((element) => Object.assign(element.style, { left: "0", width: "330px" }));
  await isAt("guests", "First", [110, 170, 330, 200]);
  await host.window.setContentBounds({ x: 200 });
  await isAt("guests", "First", [210, 170, 330, 200]);
  await host.page.locator("#b").evaluate((element) => (element.style.visibility = "hidden"));
  await isGone("guests", "Second");
  await host.page.locator("#b").evaluate((element) => (element.style.visibility = ""));
  await isAt("guests", "Second", [550, 171, 200, 120]);

  // An area of the page in which it is scrolled away.
  await host.page.locator("#b").evaluate((element) => {
    const area = Object.assign(document.createElement("div"), { style: "position: absolute; left: 0; top: 150px; width: 700px; height: 200px; overflow: auto" });
    area.append(Object.assign(document.createElement("div"), { style: "height: 900px" }));
    element.before(area);
    area.prepend(element);
    Object.assign(element.style, { left: "350px", top: "0px" });
    area.scrollTop = 500;
  });
  await isGone("guests", "Second");
  await host.page.evaluate(() => (document.querySelector("div").scrollTop = 0));
  await isAt("guests", "Second", [550, 170, 200, 120]);

  // A guest navigates, and is reloaded.
  await second.show("shop/next.html");
  await second.page.fill("#field", "typed in the next");
  await first.page.reload();
  await first.page.fill("#field", "typed after the reload");
  await arrived("guests", SESSION, "typed in the next");
  await arrived("guests", SESSION, "typed after the reload");
  const values = ({ windows }) => Object.fromEntries(windows.map(({ text, value }) => [text.split(" says")[0], value]));
  assert.deepEqual(values(await played("guests", SESSION)), {
    Host: "typed in the host",
    First: "typed after the reload",
    "Second /shop/next.html": "typed in the next",
  });

  // The next session begins with all of them; then one goes, and the host is reloaded without the other.
  host.window.change("minimize", { minimized: true });
  await comes("guests", SESSION, ({ windows }) => windows.length === 0, "guests are minimized with their host");
  host.window.change("restore", { minimized: false });
  await host.page.locator("#a").evaluate((element) => element.remove());
  await first.close();
  await isGone("guests", "First");
  await host.page.reload();
  await isGone("guests", "Second");
  assert.deepEqual(Object.keys(placesIn(await played("guests", SESSION))), ["Host"]);
  assert.deepEqual([problems, host.errors, first.errors, second.errors], [[], [], [], []]);
  await second.close();
  await host.close();
});

test("a WebContentsView with a guest of its own, above that of its window, moved, hidden and nested", async (t) => {
  const displays = [{ x: 0, y: 0, width: 1600, height: 900 }, { x: -1280, y: 100, width: 1280, height: 800 }];
  const { show, ipcMain, app, problems } = start(t, "nested", { displays });
  const style = "position: absolute; left: 50px; top: 130px; width: 300px; height: 200px";
  const host = await show("Host", { x: -1000, y: 200, width: 600, height: 400 }, { html: hostPage("Host", webview("w", style)) });
  const group = host.window.addView(undefined, { x: 300, y: 20, width: 280, height: 380 });
  let view;
  const part = await openWindow(context, ipcMain, app, {
    html: hostPage("Part", webview("w", "position: absolute; left: 10px; top: 140px; width: 150px; height: 100px")),
    onContents: async (contents, page) => {
      await page.setViewportSize({ width: 220, height: 320 });
      view = host.window.addView(contents, { x: 30, y: 40, width: 220, height: 320 }, group);
    },
  });
  const below = await attachGuest(context, ipcMain, app, host, "#w", { html: pageOf("Below", "") });
  const inner = await attachGuest(context, ipcMain, app, part, "#w", { html: pageOf("Inner", "") });
  await inner.page.fill("#field", "typed in the inner one");
  await arrived("nested", SESSION, "Below");
  await arrived("nested", SESSION, "Inner");
  // The desk is the display at the left.
  const at = (x, y, width, height) => [x + 1280, y - 100, width, height];
  const places = { Host: at(-1000, 200, 600, 400), Below: at(-950, 330, 300, 200), Part: at(-670, 260, 220, 320), Inner: at(-660, 400, 150, 100) };
  await isAt("nested", "Inner", places.Inner);
  await isAt("nested", "Below", places.Below);
  assert.deepEqual(placesIn(await played("nested", SESSION)), places);
  assert.equal(await topmostAt("nested", 1280 - 655, 310), "Inner");
  assert.equal(await topmostAt("nested", 1280 - 665, 310), "Part", "a WebContentsView lies above a guest of the window's page");
  assert.equal(await topmostAt("nested", 1280 - 700, 310), "Below", "and the guest above the page");

  view.setBounds({ x: 0, y: 0, width: 220, height: 320 });
  await isAt("nested", "Inner", at(-690, 360, 150, 100));
  group.setVisible(false);
  await isGone("nested", "Part");
  assert.deepEqual(Object.keys(placesIn(await played("nested", SESSION))).sort(), ["Below", "Host"]);
  group.setVisible(true);
  await isAt("nested", "Inner", at(-690, 360, 150, 100));
  assert.deepEqual(problems, []);
  for (const window of [inner, part, below, host]) await window.close();
});

test("a guest that may not record is empty, and no page moves another's guest or records in its place", async (t) => {
  const { show, ipcMain, app, problems } = start(t, "strangers");
  const style = "position: absolute; left: 20px; top: 130px; width: 300px; height: 200px";
  const host = await show("Host", { x: 100, y: 60, width: 400, height: 400 }, { html: hostPage("Host", webview("w", style)) });
  const evil = await show("Evil", { x: 700, y: 60, width: 400, height: 400 }, { html: hostPage("Evil", webview("w", style)) });
  const own = await attachGuest(context, ipcMain, app, host, "#w", { html: (url) => pageOf(url.includes("foreign") ? "Inbox of bob" : "Own", "") });
  const stranger = await attachGuest(context, ipcMain, app, evil, "#w", { html: pageOf("Bank of bob", ""), url: "https://bank.example/" });
  assert.equal(stranger.webPreferences.preload, undefined, "a foreign page gets no preload script");
  await arrived("strangers", SESSION, "Own");
  // Evil's page says that its element shows the guest of the other window.
  await evil.page.locator("#w").evaluate((element, id) => {
    element.getWebContentsId = () => id;
    element.dispatchEvent(new Event("did-attach"));
  }, own.contents.id);
  await evil.page.fill("#field", "typed");
  await isAt("strangers", "Own", [120, 190, 300, 200]);
  await until(() => own.contents.sent.some(([channel]) => channel === "session-replay:state"), "the own guest has its state");
  // It navigates to a page of the web, where the script still runs, and back.
  own.contents.shownAs = "https://mail.example/";
  await own.show("shop/foreign.html");
  await isGone("strangers", "Own");
  own.contents.shownAs = undefined;
  await own.show("shop/back.html");
  await isAt("strangers", "Own", [120, 190, 300, 200]);
  const all = JSON.stringify(await viewer.events("strangers", SESSION));
  for (const secret of ["Inbox of bob", "Bank of bob"]) assert.ok(!all.includes(secret), secret);
  assert.deepEqual(problems.filter((line) => !line.includes("https://mail.example is not among allowedOrigins")), []);
  for (const window of [own, stranger, host, evil]) await window.close();
});

test("a guest in what its page blocks or masks is not recorded, nor is one that gets there later", async (t) => {
  const { show, ipcMain, app, problems } = start(t, "withheld", { options: { privacyConfig: { blockSelector: [".mine"] } } });
  const at = (top) => `position: absolute; left: 20px; top: ${top}px; width: 200px; height: 80px`;
  const host = await show("Host", { x: 100, y: 60, width: 400, height: 600 }, {
    html: hostPage("Host", `<div class="mine">${webview("a", at(130))}</div>`, `<div class="amp-mask">${webview("b", at(230))}</div>`, webview("c", at(330)), webview("d", at(430))),
  });
  const guests = [];
  for (const [id, text] of [["a", "Blocked inside"], ["b", "Masked inside"], ["c", "Late"], ["d", "Shown"]])
    guests.push(await attachGuest(context, ipcMain, app, host, `#${id}`, { html: pageOf(text, "") }));
  await arrived("withheld", SESSION, "Late");
  await arrived("withheld", SESSION, "Shown");
  await host.page.locator("#c").evaluate((element) => element.classList.add("amp-block"));
  await isGone("withheld", "Late");
  await guests[2].page.evaluate(() => (document.querySelector("p").textContent = "said in vain"));
  await guests[3].page.evaluate(() => (document.querySelector("p").textContent = "said aloud"));
  await arrived("withheld", SESSION, "said aloud");
  assert.deepEqual(Object.keys(placesIn(await played("withheld", SESSION))).sort(), ["Host", "Shown"]);
  const all = JSON.stringify(await viewer.events("withheld", SESSION));
  for (const secret of ["Blocked inside", "Masked inside", "said in vain"]) assert.ok(!all.includes(secret), secret);
  assert.deepEqual(problems, []);
  for (const one of [...guests, host]) await one.close();
});

test("a guest is seen with its window, whatever happens to that", async (t) => {
  const displays = [{ x: 0, y: 0, width: 1600, height: 900 }, { x: 1600, y: 0, width: 1280, height: 720 }];
  const { show, ipcMain, app, problems, desktop } = start(t, "states", { displays });
  const style = "position: absolute; left: 20px; top: 130px; width: 300px; height: 200px";
  // On a display of two pixels for each of Electron's.
  const host = await show("Host", { x: 100, y: 60, width: 500, height: 400 }, { html: hostPage("Host", webview("w", style)), scaleFactor: 2 });
  const other = await show("Other", { x: 900, y: 60, width: 200, height: 200 });
  const guest = await attachGuest(context, ipcMain, app, host, "#w", { html: pageOf("Guest", "") });
  await arrived("states", SESSION, "Guest");
  await arrived("states", SESSION, "Other");
  const { window } = host;
  const at = (x, y) => [x + 20, y + 130, 300, 200];
  // Detached developer tools: contents that lie in no window of the app.
  const openDevTools = () => {
    const tools = Object.assign(new Contents(), { type: "remote", mainFrame: { url: "devtools://devtools/bundled/inspector.html", parent: null } });
    app.emit("web-contents-created", {}, tools);
    ipcMain.emit("session-replay:register", tools.event(), "document");
    window.change("blur", { focused: false });
  };
  for (const [what, change, place, isFocused = false] of [
    ["there", () => {}, at(100, 60)],
    ["focused", () => host.focus(), at(100, 60), true],
    ["developer tools", openDevTools, at(100, 60)],
    ["hidden", () => window.change("hide", { visible: false }), undefined],
    ["shown again", () => window.change("show", { visible: true }), at(100, 60)],
    ["minimized", () => window.change("minimize", { minimized: true }), undefined],
    ["restored", () => window.change("restore", { minimized: false }), at(100, 60)],
    ["on the other display", () => window.setContentBounds({ x: 1700, y: 80 }), at(1700, 80)],
    ["full screen", async () => {
      await window.setContentBounds({ x: 1600, y: 0, width: 1280, height: 720 });
      window.change("enter-full-screen", { frame: false });
    }, at(1600, 0)],
    ["always on top", () => window.change("always-on-top-changed", { onTop: true }), at(1600, 0)],
    ["behind another", () => other.focus(), at(1600, 0)],
  ]) {
    await change();
    const isAsWanted = (shown) =>
      String(placesIn(shown).Guest) === String(place) && shown.windows.some(({ text, focused }) => text.startsWith("Host") && focused) === isFocused;
    await comes("states", SESSION, isAsWanted, what);
  }
  assert.deepEqual(problems.filter((line) => !line.includes("devtools")), []);
  assert.equal(desktop.windows.length, 2);
  for (const one of [guest, other, host]) await one.close();
});

test("guests that are there before attach are found, and the next session begins with them", async (t) => {
  const { show, ipcMain, app, problems, attachNow } = start(t, "late", { isLate: true });
  const style = "position: absolute; left: 20px; top: 130px; width: 300px; height: 200px";
  const host = await show("Host", { x: 100, y: 60, width: 400, height: 400 }, { html: hostPage("Host", webview("w", style)) });
  // Nobody else gives it the script yet.
  const guest = await attachGuest(context, ipcMain, app, host, "#w", { html: pageOf("Guest", ""), preferences: { preload: preloadPath } });
  await host.page.waitForTimeout(500);
  attachNow();
  await arrived("late", SESSION, "Guest");
  await isAt("late", "Guest", [120, 190, 300, 200]);
  await sessionReplay.setSessionId(SESSION + 1).promise;
  await guest.page.fill("#field", "typed");
  await arrived("late", SESSION + 1, "Guest");
  await arrived("late", SESSION + 1, "Host");
  const { windows } = await played("late", SESSION + 1);
  assert.deepEqual(placesIn({ windows }), { Host: [100, 60, 400, 400], Guest: [120, 190, 300, 200] });
  assert.deepEqual(problems, []);
  await guest.close();
  await host.close();
});
