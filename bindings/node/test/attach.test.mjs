// `attach` beside Electron's contract: what it begins it takes back, and it fails with a word.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { install } from "./support/installed.mjs";
import { toldBy } from "./support/told.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-attach-"));
after(() => rmSync(folder, { recursive: true }));
const home = install(join(folder, "home"));

/** Electron's contract, as far as `attach` uses it: a channel has one handler. */
const ELECTRON = `
  const { EventEmitter } = require("node:events");
  const { attach, preloadPath } = require("session-replay-native/electron/main");
  const app = Object.assign(new EventEmitter(), { getName: () => "app", getAppPath: () => "/app", getPath: () => process.cwd() });
  const handlers = new Map();
  const ipcMain = Object.assign(new EventEmitter(), {
    handle(channel, handler) {
      if (handlers.has(channel)) throw new Error("a second handler for " + channel);
      handlers.set(channel, handler);
    },
    removeHandler: (channel) => handlers.delete(channel),
  });
  const begun = () => [handlers.size, ...[app, ipcMain].map((it) => it.eventNames().reduce((sum, name) => sum + it.listenerCount(name), 0))];
`;

async function told(body) {
  const { end, told, said, output } = await toldBy(home, `${ELECTRON} ${body} process.exit(0);`);
  assert.deepEqual(end, [0, null], output);
  return { told, said, output };
}

test("a second detach leaves what another attach has begun", async () => {
  const { told: [[before, after, end]] } = await told(`
    const first = attach({ app, ipcMain });
    first.detach();
    const second = attach({ app, ipcMain });
    const before = begun();
    first.detach();
    const after = begun();
    second.detach();
    tell(before, after, begun());`);
  assert.deepEqual(before, [2, 4, 2]);
  assert.deepEqual(after, before);
  assert.deepEqual(end, [0, 0, 0]);
});

test("an attach that throws midway takes back what it began, and leaves what others have", async () => {
  const { told: [[error, left, again]] } = await told(`
    let error;
    const { on } = app;
    app.on = (name, listener) => { if (name === "will-quit") throw new Error("not now"); return on.call(app, name, listener); };
    try { attach({ app, ipcMain }); } catch (thrown) { error = thrown.message; }
    const left = begun();
    app.on = on;
    attach({ app, ipcMain });
    tell(error, left, begun());`);
  assert.equal(error, "not now");
  assert.deepEqual(left, [0, 0, 0]);
  assert.deepEqual(again, [2, 4, 2]);
});

test("an app that does not say where its data lies is told that nothing is recorded, and why", async () => {
  const { told: [[state, advice]], said } = await told(`
    app.getPath = () => { throw new Error("no such folder"); };
    attach({ app, ipcMain, apiKey: "key", options: { ...GOOD }, ownPreload: true });
    await turn(); await turn();
    tell(state(), sessionReplay.stats().advice);`);
  assert.equal(state, "not-initialized");
  assert.match(advice, /^init failed: .*the app does not say where its data lies: no such folder/);
  assert.deepEqual(said, [advice]);
});

test("a folder in the preload script's place is told as missing", async () => {
  const preload = join(home, "node_modules/session-replay-native/dist/electron/session-replay-preload.js");
  rmSync(preload);
  mkdirSync(preload);
  const { said } = await told(`attach({ app, ipcMain }); await turn();`);
  assert.match(said.join("\n"), /the preload script session-replay-preload\.js was not found/);
});
