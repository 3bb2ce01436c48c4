// What a page is told: nothing of the file system, of addresses with their passwords, or of what the library says to
// people. Every message and every answer is looked through, whatever went wrong in the main process.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { custom, SESSION } from "../../../../tests/support/events.mjs";
import { startViewer } from "../../../../tests/support/viewer.mjs";
import { App, Contents, IpcMain } from "./support/electron.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const { statsForPage } = require("../../dist/electron/page-view.js");
const SECRET = "home-of-alice";
let folder, viewer;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-page-"));
  viewer = await startViewer();
});
after(async () => {
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Attaches in a place that is named after its user; `tried` is all that a page of the app can get out of it. */
async function told({ userData = join(folder, SECRET), options, apiKey = "key", url, init = {} } = {}) {
  const app = new App(userData, `/opt/${SECRET}/app.asar`);
  const ipcMain = new IpcMain();
  const attached = attach({ ipcMain, app, apiKey, options: { ...viewer.options({ sampleRate: 1 }), ...options } });
  const page = new Contents();
  if (url) page.mainFrame.url = url;
  const answers = [];
  const call = async (name, ...given) =>
    answers.push(await ipcMain.invoke("session-replay:call", page.event(), name, JSON.stringify(given)));
  try {
    ipcMain.emit("session-replay:register", page.event(), "doc");
    await call("init", "key", init);
    await call("setSessionId", SESSION, "device");
    sessionReplay.record(custom("x"));
    await call("flush", 1_000);
    for (const [name, ...given] of [
      ["init", "another key"],
      ["init", "key", { sampleRate: 7 }],
      ["setSessionId", `/${SECRET}/x`],
      ["setDeviceId", "a/b"],
      ["setOptOut", "x"],
      ["followAnalytics", { sessionId: -1 }],
      ["nothing"],
      ["flush", -1],
    ])
      await call(name, ...given);
    await delay(1_200);
    return { sent: page.sent, answers, stats: sessionReplay.stats(), options };
  } finally {
    attached.detach();
    await sessionReplay.shutdown(0);
    await viewer.clearFaults();
  }
}

const assertSilent = ({ sent, answers }) => {
  const all = JSON.stringify([sent, answers]);
  assert.doesNotMatch(all, new RegExp(`${SECRET}|hunter2|/proc|\\.so|ENOENT|127\\.0\\.0\\.1|http`), all);
  assert.ok(sent.length > 0, "a page is told its state");
  return all;
};

test("a storageDir that can't be used: a page is told that, and not which", async () => {
  const all = await told({ userData: join("/proc", SECRET) });
  assert.match(all.stats.storage.problem, new RegExp(SECRET), "the main process knows");
  assert.match(assertSilent(all), /storageDir can't be used/);
  const file = join(folder, `${SECRET}-file`);
  writeFileSync(file, "");
  assertSilent(await told({ userData: file }));
});

test("a delivery that fails beside a server whose address holds a password", async () => {
  const trackServerUrl = "http://alice:hunter2@127.0.0.1:9/home-of-alice/track";
  const all = await told({ options: { trackServerUrl } });
  assert.notEqual(all.stats.lastError, null);
  assert.match(assertSilent(all), /delivery failed/);
});

test("an init that the library refuses, or that finds no library", async () => {
  for (const options of [
    { trackServerUrl: `ftp://alice:hunter2@${SECRET}/x` },
    { storageDir: `/${SECRET}`.repeat(500) },
    { clientUrl: 5, storageDir: `/${SECRET}` },
    { libraryPath: `/${SECRET}/libsession_replay.so` },
    { backend: `${SECRET}` },
  ]) {
    const all = await told({ options });
    assertSilent(all);
    assert.equal(all.answers[0].ok, false, JSON.stringify(options));
  }
});

test("a page's own mistakes are told in words that help", async () => {
  const { answers } = await told();
  const messages = answers.map(({ message }) => message ?? "");
  for (const word of [/another API key/, /an id was refused/, /the device id was refused/, /true or false/, /no such call/])
    assert.ok(
      messages.some((message) => word.test(message)),
      `${word} in ${JSON.stringify(messages)}`,
    );
});

test("the app's folder is told to pages that lie in it, and to no others", async () => {
  const own = { url: `file:///opt/${SECRET}/app.asar/index.html`, userData: folder };
  const [, state] = (await told(own)).sent.at(-1);
  assert.deepEqual(state.rewrite, [`file:///opt/${SECRET}/app.asar`, "app://My%20Shop"]);
  for (const url of ["app://shop/index.html", "http://localhost:5173/", "file:///tmp/other.html"]) {
    const all = await told({ url, userData: folder });
    assert.equal(all.sent.at(-1)[1].rewrite, null);
    assertSilent(all);
  }
});

test("why the main process could not start is told without its reason", () => {
  const stats = { ...sessionReplay.stats(), advice: `init failed: /opt/shop/${SECRET}` };
  assert.equal(statsForPage(stats).advice, "session replay can't start in the main process; its log says why");
  assert.equal(statsForPage({ ...stats, advice: "call init" }).advice, "call init");
});

test("what a later library says besides is not passed on, at any depth", () => {
  const stats = { ...sessionReplay.stats(), state: "a later state", path: SECRET, storage: { kind: SECRET, problem: SECRET } };
  Object.assign(stats, { advice: SECRET, lastError: { message: SECRET, atMs: SECRET }, delivered: SECRET });
  stats.dropped = { ...stats.dropped, [SECRET]: 1, expired: { toString: SECRET } };
  const seen = statsForPage(stats);
  assert.doesNotMatch(JSON.stringify(seen), new RegExp(SECRET));
  assert.deepEqual(Object.keys(seen).sort(), Object.keys(sessionReplay.stats()).sort(), "every member is there");
});
