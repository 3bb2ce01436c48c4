// Which guests of <webview>s and views are shown and where, and which get the preload script: without Chromium.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { test } from "node:test";
import { PreventableEvent } from "./support/electron.mjs";

const require = createRequire(import.meta.url);
const { guestPlacesIn, guestPlacesText } = require("../../dist/electron/guest-places.js");
const { Guests } = require("../../dist/electron/guests.js");
const { viewsIn } = require("../../dist/electron/window-parts.js");
const { WindowWatch } = require("../../dist/electron/window-watch.js");
const { attach, preloadPath } = require("session-replay-native/electron/main");
const sessionReplay = require("session-replay-native");

const bounds = (x, y, width, height) => ({ x, y, width, height });
const contents = (id, more) => Object.assign(new EventEmitter(), { id, isDestroyed: () => false, hostWebContents: null, ...more });

test("a page's text of where its guests lie is read whole or not at all", () => {
  const places = [
    { id: 5, bounds: bounds(1.25, -20, 300, 200.5), isShown: true },
    { id: 6, bounds: bounds(0, 0, 0, 0), isShown: false },
  ];
  assert.equal(guestPlacesText(places), "[[5,1.25,-20,300,200.5,1],[6,0,0,0,0,0]]");
  assert.deepEqual(guestPlacesIn(guestPlacesText(places)), places);
  assert.deepEqual(guestPlacesIn("[]"), []);
  const far = [{ id: 1, bounds: bounds(-100_000, 100_000, 0, 100_000), isShown: false }];
  assert.deepEqual(guestPlacesIn("[[1,-1e9,1e9,-5,1e300,2]]"), far);
  const many = (count) => JSON.stringify(Array(count).fill([1, 0, 0, 1, 1, 1]));
  assert.equal(guestPlacesIn(many(64)).length, 64);
  for (const text of [undefined, null, 5, {}, ["[]"], "", "[", "{}", "[1]", "[[1,2,3,4,5]]", "[[1,2,3,4,5,6,7]]", '[[1,2,3,4,5,"6"]]', "[[1,2,3,4,null,1]]", many(65), `[${" ".repeat(9_000)}]`])
    assert.equal(guestPlacesIn(text), undefined, String(text).slice(0, 40));
  const longest = Array.from({ length: 70 }, () => ({ id: 2 ** 31, bounds: bounds(-99_999.994, -99_999.994, 99_999.994, 99_999.994), isShown: true }));
  assert.equal(guestPlacesIn(guestPlacesText(longest)).length, 64, "what is written can be read");
});

function guestsOf({ preloadFor = () => "/preload.js" } = {}) {
  const app = new EventEmitter();
  const documents = new Map([[1, "a"], [2, "b"]]);
  let changes = 0;
  const guests = new Guests(app, preloadFor, ({ id }) => documents.get(id), () => changes++);
  guests.listen();
  return { app, documents, guests, changes: () => changes };
}

test("a page shows its own guests, while it is there and they are", () => {
  const { documents, guests, changes } = guestsOf();
  const [host, other] = [contents(1), contents(2)];
  const [own, foreign] = [contents(5, { hostWebContents: host }), contents(6, { hostWebContents: other })];
  guests.watch(host);
  guests.watch(host);
  host.emit("did-attach-webview", {}, own);
  guests.add(foreign);
  const place = (id) => ({ id, bounds: bounds(1, 2, 3, 4), isShown: true });
  guests.place(host, "a", [place(5), place(6), place(7), place(1)]);
  assert.deepEqual(guests.of(host), [{ ...place(5), contents: own }], "not the guest of another page, nor a window");
  assert.deepEqual(guests.of(other), []);
  documents.set(1, "a2");
  assert.deepEqual(guests.of(host), [], "another document says where its own are");
  guests.place(host, "a2", [place(5)]);
  assert.equal(guests.of(host).length, 1);
  const before = changes();
  own.emit("destroyed");
  assert.deepEqual([guests.of(host), changes()], [[], before + 1]);
  guests.add(contents(8, { hostWebContents: host, isDestroyed: () => true }));
  guests.place(host, "a2", [place(8)]);
  assert.deepEqual(guests.of(host), []);
  host.emit("destroyed");
  guests.end();
  guests.add(own);
  assert.equal(changes(), before + 2, "after its end it tells nothing");
});

test("a guest gets the preload script as it is attached, unless the app says otherwise", async () => {
  const preloadFor = (url) => (url.startsWith("app:") ? "/preload.js" : undefined);
  const registered = { getPreloadScripts: () => [{ filePath: "/other.js" }, { filePath: "/preload.js" }] };
  for (const [what, { src, preferences = {}, partition, session, refuse, strip, gets }] of [
    ["a page of the app", { src: "app://shop", gets: "/preload.js" }],
    ["a page of the app beside its host's", { src: "manual.html", gets: "/preload.js" }],
    ["a foreign page", { src: "https://evil.example/", gets: undefined }],
    ["no address", { src: undefined, gets: undefined }],
    ["a script of the app's own", { src: "app://shop", preferences: { preload: "/own.js" }, gets: "/own.js" }],
    ["a guest that the app refuses", { src: "app://shop", refuse: true, gets: undefined }],
    ["an app that strips scripts that pages name", { src: "app://shop", preferences: { preload: "/evil.js" }, strip: true, gets: "/preload.js" }],
    ["ours runs in the session already", { src: "app://shop", session: registered, gets: undefined }],
    ["ours runs in the session, before Electron 35", { src: "app://shop", session: { getPreloads: () => ["/preload.js"] }, gets: undefined }],
    ["another session", { src: "app://shop", session: registered, partition: "persist:x", gets: "/preload.js" }],
    ["a session without scripts", { src: "app://shop", session: { getPreloads: () => [] }, gets: "/preload.js" }],
  ]) {
    const { app, guests } = guestsOf({ preloadFor });
    // The app listens after attach, in the same event.
    app.on("web-contents-created", (_event, contents) =>
      contents.on("will-attach-webview", (event, preferences) => {
        if (refuse) event.preventDefault();
        if (strip) delete preferences.preload;
      }),
    );
    const host = contents(1, { session, getURL: () => "app://shop/help.html" });
    app.emit("web-contents-created", {}, host);
    await undefined;
    const given = { ...preferences };
    host.emit("will-attach-webview", new PreventableEvent(), given, { ...(src && { src }), ...(partition && { partition }) });
    assert.equal(given.preload, gets, what);
    guests.end();
    const late = {};
    host.emit("will-attach-webview", new PreventableEvent(), late, { src: "app://shop" });
    assert.deepEqual(late, {}, "not after detach");
  }
});

test("attach gives the package's script to guests of pages that may record", async () => {
  for (const [options, src, gets] of [
    [{}, "app://shop/", true],
    [{}, "file:///a.html", true],
    [{}, "about:blank", true],
    [{}, "", true],
    [{}, "https://app.example.com/", false],
    [{ allowedOrigins: ["https://app.example.com"] }, "https://app.example.com/x", true],
    [{ ownPreload: true }, "app://shop/", false],
    [{ windows: "focused" }, "app://shop/", false],
  ]) {
    const app = Object.assign(new EventEmitter(), { getName: () => "", getAppPath: () => "/", isReady: () => false });
    const ipcMain = Object.assign(new EventEmitter(), { handle() {}, removeHandler() {} });
    const attached = attach({ app, ipcMain, windows: "all", BrowserWindow: { getAllWindows: () => [] }, screen: {}, ...options });
    const host = contents(1);
    app.emit("web-contents-created", {}, host);
    await undefined;
    const given = {};
    host.emit("will-attach-webview", new PreventableEvent(), given, { src });
    attached.detach();
    assert.equal(given.preload, gets ? preloadPath : undefined, `${src} ${JSON.stringify(options)}`);
    assert.equal(app.listenerCount("web-contents-created"), 0, "detach takes the listener away");
  }
  await sessionReplay.shutdown(0);
});

test("an attach that fails midway, and a detach, leave no listener on windows, their contents and the app", async () => {
  const window = (id) => Object.assign(new EventEmitter(), { webContents: contents(id), isDestroyed: () => false, getParentWindow: () => null });
  const leftOn = (...objects) => objects.flatMap((object) => object.eventNames());
  for (const fails of ["a window", "the app", "ipcMain", "nothing"]) {
    const app = Object.assign(new EventEmitter(), { getName: () => "", getAppPath: () => "/", isReady: () => false });
    const ipcMain = Object.assign(new EventEmitter(), { handle() {}, removeHandler() {} });
    const good = window(1);
    const broken = Object.defineProperty(new EventEmitter(), "webContents", { get: () => assert.fail("the window is gone") });
    if (fails === "the app") app.on = (name, listener) => (name === "before-quit" ? assert.fail("no") : EventEmitter.prototype.on.call(app, name, listener));
    if (fails === "ipcMain") ipcMain.handle = () => assert.fail("registered already");
    const windows = fails === "a window" ? [good, broken] : [good];
    const attachNow = () => attach({ app, ipcMain, windows: "all", BrowserWindow: { getAllWindows: () => windows }, screen: {} });
    if (fails === "nothing") {
      const attached = attachNow();
      assert.notDeepEqual(leftOn(good, good.webContents, app, ipcMain), [], "the test can fail");
      attached.detach();
    } else {
      assert.throws(attachNow, assert.AssertionError, fails);
    }
    assert.deepEqual(leftOn(good, good.webContents, app, ipcMain), [], fails);
  }
  await sessionReplay.shutdown(0);
});

const view = (place, { webContents, children = [], visible = true } = {}) => ({
  ...{ children, getBounds: () => place, getVisible: () => visible, on() {} },
  ...(webContents && { webContents }),
});

test("views in a window, in any depth, are where they lie, and hidden with what they lie in", () => {
  const [own, part, deep, gone] = [contents(1), contents(2), contents(3), contents(4, { isDestroyed: () => true })];
  const group = view(bounds(100, 50, 400, 300), {
    visible: false,
    children: [view(bounds(5, 6, 50, 60), { webContents: deep }), view(bounds(0, 0, 1, 1), { webContents: gone })],
  });
  const contentView = view(bounds(0, 0, 800, 600), {
    webContents: own,
    children: [view(bounds(0, 0, 800, 600), { webContents: own }), group, view(bounds(10, 20, 30, 40), { webContents: part })],
  });
  const shown = (views) => views.map(({ contents, bounds: { x, y, width, height }, isShown }) => [contents?.id, x, y, width, height, isShown]);
  assert.deepEqual(shown(viewsIn({ contentView }, 1)), [
    [undefined, 0, 0, 800, 600, true],
    [undefined, 100, 50, 400, 300, false],
    [3, 105, 56, 50, 60, false],
    [undefined, 100, 50, 1, 1, false],
    [2, 10, 20, 30, 40, true],
  ]);
  const browserViews = [{ webContents: part, getBounds: () => bounds(1, 2, 3, 4) }, { webContents: undefined, getBounds: () => bounds(0, 0, 0, 0) }];
  const shownBefore30 = [[2, 1, 2, 3, 4, true], [undefined, 0, 0, 0, 0, true]];
  assert.deepEqual(shown(viewsIn({ getBrowserViews: () => browserViews }, 1)), shownBefore30, "before Electron 30");
  assert.deepEqual(viewsIn({}, 1), []);
});

test("what lies in a window is listened to once: its pages, where it lies, and that it is gone", () => {
  const changes = [];
  const pages = [];
  const app = new EventEmitter();
  const { guests } = guestsOf();
  const part = contents(2);
  const guest = contents(5, { hostWebContents: part });
  const partView = Object.assign(new EventEmitter(), view(bounds(0, 0, 1, 1), { webContents: part }), { on: EventEmitter.prototype.on });
  const own = contents(1);
  const states = { isDestroyed: () => false, isVisible: () => true, isMinimized: () => false, isFocused: () => false, isAlwaysOnTop: () => false };
  const window = Object.assign(new EventEmitter(), states, {
    ...{ webContents: own, contentView: view(bounds(0, 0, 9, 9), { children: [partView] }) },
    ...{ getBounds: () => bounds(0, 0, 9, 9), getContentBounds: () => bounds(0, 0, 9, 9), getTitle: () => "T", getParentWindow: () => null },
  });
  const broken = Object.assign(new EventEmitter(), states, { webContents: contents(9), getBounds: () => { throw new Error("Object has been destroyed"); } });
  const watch = new WindowWatch(
    { app, screen: {}, BrowserWindow: { getAllWindows: () => [broken, window] } },
    guests,
    () => changes.push(1),
    ({ id }, url) => pages.push([id, url]),
  );
  watch.listen();
  guests.add(guest);
  guests.place(part, "b", [{ id: 5, bounds: bounds(1, 1, 2, 2), isShown: true }]);
  const thrown = [];
  const attempt = (look) => {
    try {
      return look();
    } catch (error) {
      thrown.push(error.message);
      return undefined;
    }
  };
  for (let again = 0; again < 3; again++) {
    const [look, ...others] = watch.looks(() => "recorded", attempt);
    assert.deepEqual(others, [], "the one that throws keeps no other from being looked at");
    assert.deepEqual(look.parts.map(({ id, parent }) => [id, parent]), [[2, 1], [5, 2]]);
  }
  assert.deepEqual(thrown, Array(3).fill("Object has been destroyed"));
  for (const [emitter, event] of [[partView, "bounds-changed"], [part, "did-stop-loading"], [guest, "destroyed"], [guest, "render-process-gone"], [own, "did-start-loading"], [part, "destroyed"]]) {
    changes.length = 0;
    emitter.emit(event);
    assert.equal(changes.length, 1, event);
  }
  for (const { id } of [own, part, guest]) [own, part, guest].find((one) => one.id === id).emit("did-navigate", {}, `app://${id}`);
  assert.deepEqual(pages, [[1, "app://1"], [2, "app://2"], [5, "app://5"]]);
  watch.end();
  changes.length = 0;
  part.emit("did-navigate", {}, "https://evil.example");
  assert.deepEqual([changes.length, pages.length], [0, 3]);
});
