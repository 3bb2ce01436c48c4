// Which windows a replay shows and where, decided without Electron.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const { deskOf, mayShowTitles, raisedWith, viewsOf } = require("../../dist/electron/window-looks.js");
const { LeasesOfAll } = require("../../dist/electron/leases-of-all.js");
const { attach } = require("session-replay-native/electron/main");

const bounds = (x, y, width, height) => ({ x, y, width, height });
const FRAMED = {
  ...{ id: 7, bounds: bounds(100, 20, 300, 230), content: bounds(100, 50, 300, 200), isShown: true, isFocused: false },
  ...{ isAlwaysOnTop: false, raised: 4, page: "recorded", title: "Orders", parts: [] },
};
const SHOWN = { id: 7, ...bounds(100, 50, 300, 200), z: 4, hidden: false, focused: false, title: "Orders" };

test("a window is a view where its page is, with a title where it has a title bar", () => {
  const { title: _, ...untitled } = SHOWN;
  for (const [look, view, rules] of [
    [{}, SHOWN],
    [{ isFocused: true, isShown: false }, { ...SHOWN, focused: true, hidden: true }],
    [{ isAlwaysOnTop: true }, { ...SHOWN, z: 1_000_000_004 }],
    [{ bounds: FRAMED.content }, untitled],
    [{ title: undefined }, { ...SHOWN, title: "Shop" }],
    [{ page: "loading" }, { ...SHOWN, title: "Shop" }],
    [{}, { ...SHOWN, title: "Shop" }, { mayShowTitles: false }],
    [{ page: "not-recorded", title: "Inbox of bob@example.com" }, { ...SHOWN, title: "Shop: this page is not recorded" }],
    [{ page: "not-recorded", bounds: FRAMED.content }, { ...SHOWN, title: "Shop: this page is not recorded" }],
    [{ content: { ...bounds(-1500, 50, -1, 200), more: 1 } }, { ...SHOWN, x: -1500, width: 0 }],
  ]) {
    assert.deepEqual(viewsOf({ ...FRAMED, ...look }, { appName: "Shop", mayShowTitles: true, ...rules }), [view], JSON.stringify(look));
  }
});

test("what lies in a window is a view in its view", () => {
  const parts = [
    { id: 8, parent: 7, bounds: bounds(0, 40, 100, 160), isShown: true, page: "recorded" },
    { id: 9, parent: 8, bounds: bounds(100, 40, 200, 160), isShown: false, page: "loading" },
  ];
  assert.deepEqual(viewsOf({ ...FRAMED, parts }, { appName: "Shop", mayShowTitles: true }), [
    SHOWN,
    { id: 8, parent: 7, ...bounds(0, 40, 100, 160), z: 0, hidden: false },
    { id: 9, parent: 8, ...bounds(100, 40, 200, 160), z: 1, hidden: true },
  ]);
});

test("the title of a page is shown only where nothing is masked beyond the level", () => {
  for (const [config, isShown] of [
    [{}, true],
    [{ defaultMaskLevel: "light", unmaskSelector: [".x"], maskSelector: [], urlMaskLevels: [] }, true],
    [{ urlMaskLevels: [{ match: "app://x/*", maskLevel: "conservative" }] }, false],
    [{ maskSelector: ["title"] }, false],
    [{ blockSelector: "head" }, false],
  ]) {
    assert.equal(mayShowTitles(config), isShown, JSON.stringify(config));
  }
});

test("the desk is the displays that windows have been on", () => {
  const [main, right, left] = [bounds(0, 0, 1600, 900), bounds(1600, 100, 1920, 1080), bounds(-1280, -100, 1280, 1024)];
  const all = [main, right, left];
  for (const [displays, shown, before, desk] of [
    [all, [], undefined, undefined],
    [[], [bounds(1, 1, 10, 10)], undefined, undefined],
    [all, [bounds(10, 10, 500, 400)], undefined, main],
    [all, [bounds(1590, 10, 500, 400)], undefined, bounds(0, 0, 3520, 1180)],
    [all, [bounds(10, 10, 500, 400)], bounds(0, 0, 3520, 1180), bounds(0, 0, 3520, 1180)],
    [all, [bounds(-500, 10, 100, 100)], main, bounds(-1280, -100, 2880, 1024)],
    [all, [bounds(1600, 0, 10, 100)], undefined, undefined],
    [all, [], right, right],
  ]) {
    assert.deepEqual(deskOf(displays, shown, before), desk, JSON.stringify(shown));
  }
});

test("a window comes to the front with its family, its own line last", () => {
  const family = [[1], [2, 1], [3, 1], [4, 2], [5]].map(([id, parent]) => ({ id, parent }));
  for (const [id, raised] of [
    [5, [5]],
    [1, [1, 2, 4, 3]],
    [2, [1, 3, 2, 4]],
    [4, [1, 3, 2, 4]],
    [3, [1, 2, 4, 3]],
    [9, [9]],
  ]) {
    assert.deepEqual(raisedWith(id, family), raised, `window ${id}`);
  }
  const circle = [{ id: 1, parent: 2 }, { id: 2, parent: 1 }];
  assert.deepEqual(raisedWith(1, circle), [2, 1]);
});

test("each document that lies in a window has a lease of its own", () => {
  const seen = new Set();
  const changes = [];
  const leases = new LeasesOfAll((client) => changes.push(client.contents.id), ({ id }) => seen.has(id));
  const open = (id, document) => {
    const client = leases.client(Object.assign(new EventEmitter(), { id }));
    leases.register(client, document);
    return client;
  };
  seen.add(1).add(2);
  const [a, b, c] = [open(1, "a"), open(2, "b"), open(3, "c")];
  assert.deepEqual([a.lease, b.lease, c.lease], [0, 0, 0], "nothing is captured");
  leases.isEnabled = true;
  assert.deepEqual([a.lease, b.lease, c.lease], [1, 2, 0], "the third lies in no window");
  seen.add(3);
  leases.grantToSeen();
  leases.grantToSeen();
  assert.equal(c.lease, 3, "granted once");
  for (const [client, document, lease, isAccepted] of [
    [a, "a", 1, true],
    [b, "b", 2, true],
    [a, "a", 2, false],
    [a, "b", 1, false],
    [a, "a", 0, false],
    [a, "a", NaN, false],
  ]) {
    assert.equal(leases.accepts(client, document, lease), isAccepted, `${document} under ${lease}`);
  }
  assert.deepEqual(leases.recordersOf(2), [b]);
  assert.deepEqual(leases.recordersOf(undefined), [a, b, c]);
  leases.revoke(b);
  leases.grantToSeen();
  assert.deepEqual([b.lease, leases.recordersOf(2)], [0, []], "it waits until it is renewed");
  leases.renew(b);
  leases.register(a, "a-2");
  assert.deepEqual([b.lease, a.lease], [4, 5]);
  leases.unregister(1);
  assert.deepEqual([a.document, a.lease], [undefined, 0]);
  b.contents.emit("destroyed");
  assert.deepEqual(leases.clients, [a, c]);
  leases.isEnabled = false;
  assert.equal(c.lease, 0);
  assert.equal(leases.accepts(c, "c", 3), false);
});

test("attach says what all windows need", () => {
  for (const [options, message] of [
    [{ windows: "each" }, /"windows" must be "all" or "focused"/],
    [{ windows: "all" }, /needs Electron's BrowserWindow and screen/],
    [{ windows: "all", BrowserWindow: {} }, /needs Electron's BrowserWindow and screen/],
  ]) {
    assert.throws(() => attach({ ipcMain: {}, app: {}, ...options }), { status: "invalid-argument", message });
  }
});
