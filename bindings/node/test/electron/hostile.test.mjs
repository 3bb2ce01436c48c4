// Pages that mean harm: whatever comes through IPC, the main process neither throws, nor grows, nor writes elsewhere.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { custom, fullSnapshot, meta, payloads, SESSION } from "../../../../tests/support/events.mjs";
import { startViewer } from "../../../../tests/support/viewer.mjs";
import { App, Contents, IpcMain } from "./support/electron.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const REGISTER = "session-replay:register";
const EVENTS = "session-replay:events";
const CALL = "session-replay:call";
const STATE = "session-replay:state";
const SNAPSHOT = "session-replay:snapshot";
const PICTURE = [meta(), fullSnapshot()].map((event) => JSON.stringify(event)).join("\n");
let folder,
  viewer,
  app,
  ipcMain,
  attached,
  device = 0;
const problems = [];

process.on("unhandledRejection", (error) => problems.push(error));
process.on("uncaughtException", (error) => problems.push(error));

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-hostile-"));
  viewer = await startViewer();
});

after(async () => {
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(problems, []);
});

beforeEach(() => {
  app = new App(join(folder, `app-${++device}`));
  ipcMain = new IpcMain();
  const options = viewer.options({
    deviceId: `device-${device}`,
    sessionId: SESSION,
    flushIntervalConfig: { minIntervalMs: 20, maxIntervalMs: 100 },
  });
  attached = attach({ ipcMain, app, apiKey: "key", options });
});

afterEach(async () => {
  attached.detach();
  await sessionReplay.shutdown(2_000);
});

/** A window that has registered, and the state it was answered with. */
function window(document = "doc", more = {}) {
  const contents = Object.assign(new Contents(), more);
  ipcMain.emit(REGISTER, contents.event(), document);
  return contents;
}

const state = (contents) => contents.sent.filter(([channel]) => channel === STATE).at(-1)?.[1];
const say = (contents, lines, { document = "doc", lease = state(contents)?.lease, frame } = {}) =>
  ipcMain.invoke(EVENTS, contents.event(frame), document, lease, lines);
const call = (contents, ...given) => ipcMain.invoke(CALL, contents.event(), ...given);
const lines = (...texts) => texts.map((text) => JSON.stringify(custom(text))).join("\n");

async function stored() {
  await sessionReplay.flush(5_000);
  return payloads(await viewer.events(`device-${device}`, SESSION));
}

/** Values of every kind that a structured clone can bring, and some that it can't. */
function junk(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const deep = () => {
    let value = {};
    for (let i = 0; i < 5_000; i++) value = { value };
    return value;
  };
  const cyclic = () => {
    const value = { list: [] };
    value.list.push(value);
    return value;
  };
  const kinds = [
    () => undefined,
    () => null,
    () => NaN,
    () => Infinity,
    () => -1,
    () => 2 ** 53,
    () => 1n,
    () => true,
    () => "",
    () => "doc",
    () => "\0",
    () => "\ud800",
    () => "x".repeat(20_000_000),
    () => "{".repeat(30_000),
    () => "[".repeat(65_000),
    () => [],
    () => new Array(1_000_000),
    () => new Map([[{}, 1]]),
    () => new Date(NaN),
    () => new Uint8Array(1_000_000),
    () => /x/,
    () => Object.create(null),
    () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
    deep,
    cyclic,
    () => "[]",
    () => '["key", {"storageDir": "/tmp/evil"}]',
    () => "init",
    () => "flush",
    () => "setSessionId",
    () => "followAnalytics",
    () => '[{"sessionId": 1e999, "deviceId": "a b"}]',
    () => "__proto__",
    () => "toString",
    () => '["key", {"__proto__": {"storageDir": "/tmp/evil"}}]',
    () => '[{"toString": 1}]',
    () => "[1e999]",
    () => '["a/b"]',
    () => "[null, null]",
    () => "[-5]",
    () => "{}",
    () => lines("from a fuzzer"),
    () => '{"type":3}',
    () => "\n\n\n",
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("trap");
          },
        },
      ),
    () => ({
      get type() {
        throw new Error("getter");
      },
    }),
    () => ({
      toString: () => {
        throw new Error("toString");
      },
    }),
  ];
  return pick(kinds)();
}

/** The same numbers on every run. */
function numbers(seed) {
  return () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}

test("ten thousand messages of any shape from any sender", async () => {
  const random = numbers(20261124);
  const good = window();
  const frames = [
    undefined,
    null,
    { url: "app://shop/frame", parent: good.mainFrame },
    { url: "not a url", parent: null },
  ];
  const bad = {
    get url() {
      throw new Error("Render frame was disposed before WebFrameMain could be accessed");
    },
    parent: null,
  };
  const senders = () => {
    const contents = random() < 0.7 ? good : new Contents();
    if (random() < 0.1) return { sender: contents, senderFrame: frames[Math.floor(random() * 4)] };
    if (random() < 0.1) return { sender: Object.assign(new Contents(), { mainFrame: bad }), senderFrame: bad };
    if (random() < 0.02) return {};
    return contents.event();
  };
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 10_000; i++) {
    const given = Array.from({ length: Math.floor(random() * 5) }, () => junk(random));
    if (random() < 0.3 && given.length > 0) given[0] = "doc";
    if (random() < 0.5 && given.length > 1) given[1] = state(good)?.lease;
    if (i % 3 === 0) ipcMain.emit(REGISTER, senders(), ...given);
    else if (i % 3 === 1) assert.match(await ipcMain.invoke(EVENTS, senders(), ...given), /^(taken|lost)$/);
    else {
      const reply = await ipcMain.invoke(CALL, senders(), ...given);
      assert.equal(typeof reply.ok, "boolean");
      if (!reply.ok) assert.equal(typeof reply.message, "string");
    }
  }
  globalThis.gc?.();
  assert.equal({}.polluted, undefined);
  assert.ok(process.memoryUsage().heapUsed - before < 200_000_000, "what was sent is not kept");
  assert.ok(!existsSync("/tmp/evil"));
  assert.deepEqual(readdirSync(app.userData), ["session-replay"]);
  // Afterwards it works as before.
  const page = window("doc-2");
  page.emit("focus");
  sessionReplay.setSessionId(SESSION);
  assert.equal(await say(page, `${PICTURE}\n${lines("still here")}`, { document: "doc-2" }), "taken");
  assert.ok((await stored()).includes("still here"));
});

test("a page decides neither where to send, nor what to write or load, nor under which key", async () => {
  const page = window();
  for (const key of [
    "storageDir",
    "libraryPath",
    "trackServerUrl",
    "configServerUrl",
    "backend",
    "clientUrl",
    "library",
    "loggerProvider",
    "constructor",
  ]) {
    const reply = await call(page, "init", JSON.stringify(["key", { [key]: "/tmp/evil" }]));
    assert.equal(reply.status, "invalid-argument", key);
    assert.match(reply.message, new RegExp(key));
  }
  assert.match((await call(page, "init", '["other", {}]')).message, /another API key/);
  for (const name of ["shutdown", "record", "recordLines", "attach", "detach", "on", "constructor", "__proto__", ""]) {
    assert.equal((await call(page, name, "[]")).ok, false, name);
  }
  assert.equal(sessionReplay.stats().state, "capturing");
});

test("what a page's analytics tell is followed by the rules, and nothing else is taken", async () => {
  const page = window();
  const follow = (told) => call(page, "followAnalytics", JSON.stringify([told]));
  const wrong = [null, 7, [], { evil: 1 }, { deviceId: 7 }, { sessionId: "8" }, { sessionId: -1 }, { sessionId: 1.5 }];
  for (const told of wrong) assert.equal((await follow(told)).status, "invalid-argument", JSON.stringify(told));
  const own = (session) => `device-${device}/${session}`;
  const told = [{ sessionId: SESSION + 2, deviceId: "the page's" }, { sessionId: SESSION + 1 }, { deviceId: "x" }, {}];
  for (const each of told) assert.equal((await follow(each)).state.replayId, own(SESSION + 2));
});

test("a page in a window without the preload script is told so once, however many events its analytics send", async (t) => {
  const renderer = require("session-replay-native/electron/renderer");
  const complain = t.mock.method(console, "warn", () => {});
  for (let n = 0; n < 3; n++) {
    await assert.rejects(renderer.followAnalytics({ sessionId: SESSION + n }).promise, { status: "not-initialized" });
  }
  assert.equal(complain.mock.callCount(), 1);
});

test("only the top frame of a window that shows a page of the app is listened to", async () => {
  const good = window();
  assert.equal(await say(good, PICTURE), "taken");
  const cases = {
    "a frame in the page": { frame: { url: "app://shop/", parent: good.mainFrame } },
    "a top frame that is not this window's": { frame: { url: "app://shop/", parent: null } },
    "a frame that is gone": { frame: null },
  };
  for (const [what, { frame }] of Object.entries(cases)) {
    const answer = await ipcMain.invoke(
      EVENTS,
      { sender: good, senderFrame: frame },
      "doc",
      state(good).lease,
      lines(what),
    );
    assert.equal(answer, "lost", what);
  }
  for (const url of [
    "https://evil.example/",
    "http://evil.example/",
    "data:text/html,x",
    "about:blank",
    "blob:https://x/1",
    "chrome-extension://x/",
    "devtools://devtools/x",
    "https://localhost.evil.example/",
    "https://127.0.0.1.evil.example/",
  ]) {
    const evil = window("doc", { mainFrame: { url, parent: null } });
    evil.emit("focus");
    assert.deepEqual(evil.sent, [], url);
    assert.equal(await say(evil, lines(url), { lease: state(good).lease }), "lost", url);
    assert.equal((await call(evil, "setSessionId", "[1]")).ok, false, url);
  }
  assert.deepEqual(window("doc", { type: "webview" }).sent, [], "a guest");
  for (const url of [
    "file:///opt/shop/index.html",
    "app://shop/",
    "my-shop:index",
    "http://localhost:5173/",
    "http://127.0.0.1:3000/",
    "http://[::1]:3000/",
  ]) {
    assert.ok(state(window("doc", { mainFrame: { url, parent: null } })), url);
  }
  assert.equal(await say(good, lines("the app's own")), "taken");
  assert.deepEqual(await stored(), ["the app's own"]);
  assert.equal(sessionReplay.getSessionId(), SESSION);
});

test("allowedOrigins says exactly whose pages are listened to", async () => {
  attached.detach();
  attached = attach({ ipcMain, app, allowedOrigins: ["https://shop.example", "app:"] });
  const isHeard = (url) => state(window("doc", { mainFrame: { url, parent: null } })) !== undefined;
  for (const url of ["https://shop.example/cart", "app://any/", "app://other/page"]) assert.ok(isHeard(url), url);
  for (const url of [
    "https://shop.example.evil.example/",
    "https://shop.example:8443/",
    "http://shop.example/",
    "https://a@evil.example/https://shop.example",
    "file:///x",
    "http://localhost/",
  ])
    assert.ok(!isHeard(url), url);
});

test("a page that sends without end is left alone for a while, and then begins anew", async () => {
  const page = window();
  assert.equal(await say(page, PICTURE), "taken");
  const many = Array.from({ length: 900 }, (_, i) => JSON.stringify(custom("x".repeat(10_000) + i))).join("\n");
  const lease = state(page).lease;
  const answers = [];
  while (answers.length < 200 && answers.at(-1) !== "lost") answers.push(await say(page, many, { lease }));
  assert.ok(answers.includes("taken") && answers.at(-1) === "lost", answers.join());
  assert.equal(await say(page, lines("more"), { lease }), "lost", "what follows can't be drawn");
  const replies = [];
  for (let i = 0; i < 300; i++) replies.push(await call(page, "setSessionId", JSON.stringify([SESSION + i])));
  assert.ok(replies.some(({ message }) => /too often/.test(message)));
  const until = Date.now() + 15_000;
  while (state(page).lease <= lease && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(state(page).lease > lease, "a new lease");
  assert.equal(await say(page, PICTURE), "taken");
});

test("leases: nobody records under another's, an older one, or one that was never given", async () => {
  const first = window();
  const second = window();
  assert.ok(state(first).lease > 0);
  assert.equal(state(second).lease, 0);
  assert.equal(await say(first, `${PICTURE}\n${lines("first")}`), "taken");
  for (const lease of [state(first).lease, state(first).lease + 1, 0, 1, -1, NaN, Infinity, "1", undefined]) {
    assert.equal(await say(second, lines("second too early"), { lease }), "lost", String(lease));
  }
  const old = state(first).lease;
  second.emit("focus");
  assert.equal(state(first).lease, 0);
  // What the first had recorded before it was told still belongs before the second's picture.
  assert.equal(await say(first, lines("first's last"), { lease: old }), "taken");
  assert.equal(await say(second, `${PICTURE}\n${lines("second")}`), "taken");
  assert.equal(await say(first, lines("first too late"), { lease: old }), "lost");
  // Another document in the same window.
  ipcMain.emit(REGISTER, second.event(), "doc-2");
  assert.equal(await say(second, lines("a document that is gone")), "lost");
  assert.equal(await say(second, `${PICTURE}\n${lines("another document")}`, { document: "doc-2" }), "taken");
  second.destroy();
  assert.ok(state(first).lease > 0, "the other window takes over");
  assert.equal(await say(first, `${PICTURE}\n${lines("first again")}`), "taken");
  assert.deepEqual(await stored(), ["first", "first's last", "second", "another document", "first again"]);
});

test("the recorder in front is asked for a full snapshot when the library wants one, and rests while nothing is captured", async () => {
  const page = window();
  await say(page, PICTURE);
  sessionReplay.setSessionId(SESSION + 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(page.sent.filter(([channel]) => channel === SNAPSHOT).at(-1), [SNAPSHOT, state(page).lease]);
  assert.equal(state(page).sessionId, SESSION + 1);
  await call(page, "setOptOut", "[true]");
  assert.equal(state(page).lease, 0);
  assert.deepEqual(state(page).properties, {});
  await call(page, "setOptOut", "[false]");
  assert.ok(state(page).lease > 0);
});

test("windows that close at any moment, and a second attach()", async () => {
  const page = window();
  page.isThere = false;
  sessionReplay.setSessionId(SESSION + 5);
  await new Promise((resolve) => setTimeout(resolve, 100));
  page.emit("render-process-gone", {}, {});
  page.destroy();
  assert.throws(() => attach({ ipcMain, app }), { status: "invalid-argument" });
  attached.detach();
  attached.detach();
  attached = attach({ ipcMain, app });
  assert.ok(state(window()));
});

test("a logger that lacks a method, throws or rejects is no way for a page to end the app", async () => {
  const fails = () => {
    throw new Error("the logger's own");
  };
  for (const loggerProvider of [{}, 5, { warn: fails }, { warn: async () => fails() }]) {
    attached.detach();
    attached = attach({ ipcMain, app, options: { loggerProvider } });
    window("doc", { mainFrame: { url: `https://evil-${typeof loggerProvider}.example/`, parent: null } });
    await new Promise(setImmediate);
  }
  assert.deepEqual(problems, []);
});

test("quitting waits for the delivery, and not longer than it was told", async () => {
  attached.detach();
  attached = attach({ ipcMain, app, quitTimeoutMs: 3_000 });
  await viewer.fault({ hang: true, standing: true });
  assert.equal(await say(window(), PICTURE), "taken");
  const before = performance.now();
  app.quit();
  assert.ok(!app.hasQuit && performance.now() - before < 1_500, "quitting itself does not block");
  while (!app.hasQuit && performance.now() - before < 10_000) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(app.hasQuit);
  assert.equal(sessionReplay.stats().state, "not-initialized");
  assert.ok(
    (await viewer.requests()).some(({ outcome }) => outcome === "faulted"),
    "there was something to wait for",
  );
  await viewer.clearFaults();
});
