// The program's pause, an opt-out that is remembered, and deleting what was recorded.
import assert from "node:assert/strict";
import { pbkdf2 } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { SESSION, custom, fullSnapshot, payloads } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { until } from "../../../tests/support/waiting.mjs";

let viewer;
const folder = mkdtempSync(join(tmpdir(), "session-replay-consent-"));
before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
after(() => rmSync(folder, { recursive: true }));
afterEach(() => sessionReplay.shutdown(0));

const start = (deviceId, more = {}) =>
  sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...more })).promise;
const state = () => sessionReplay.stats().state;

test("while paused nothing is recorded, and then a full snapshot is asked for", async () => {
  await start("paused");
  let asked = 0;
  sessionReplay.on("needs-full-snapshot", () => asked++);
  sessionReplay.record(fullSnapshot());
  sessionReplay.record(custom("before"));
  sessionReplay.pause();
  sessionReplay.pause();
  assert.deepEqual([state(), sessionReplay.getSessionReplayProperties()], ["paused", {}]);
  assert.equal(sessionReplay.recordLines(JSON.stringify(custom("paused"))), 0);
  const before = asked;
  sessionReplay.resume();
  assert.equal(state(), "capturing");
  await until(() => asked > before, "a full snapshot to be asked for");
  sessionReplay.record(custom("after"));
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("paused", SESSION)), ["before", "after"]);
});

test("an opt-out holds for later starts, also one of before init; a pause ends none", async () => {
  const storageDir = join(folder, "remembered");
  const options = { storageDir, rememberOptOut: true };
  sessionReplay.setOptOut(true);
  await start("remembered", options);
  await sessionReplay.shutdown(0);
  // This process has chosen so, and a new one would not know. That is told by another option: none was chosen for it.
  sessionReplay.setOptOut(false);
  await start("remembered", options);
  assert.equal(state(), "opted-out", "what was chosen for no recording is no consent");
  sessionReplay.pause();
  await sessionReplay.start().promise;
  assert.equal(state(), "opted-out");
  sessionReplay.setOptOut(false);
  assert.equal(state(), "capturing");
  await sessionReplay.shutdown(0);
  await start("remembered", options);
  assert.equal(state(), "capturing");
});

test("an opt-out is true or false, and nothing else ends one", async () => {
  const options = { storageDir: join(folder, "nonsense"), rememberOptOut: true };
  await start("nonsense", options);
  sessionReplay.setOptOut(true);
  for (const nonsense of [undefined, null, 0, "", "false", {}]) {
    assert.throws(() => sessionReplay.setOptOut(nonsense), { name: "SessionReplayError", status: "invalid-argument", message: /true or false/ });
    assert.equal(state(), "opted-out");
  }
  await sessionReplay.shutdown(0);
  sessionReplay.setOptOut(undefined);
  await start("nonsense", options);
  assert.equal(state(), "opted-out");
  sessionReplay.setOptOut(false);
});

test("what is deleted is not sent, whichever way it was handed over", async () => {
  await start("deleted", { storageDir: join(folder, "deleted"), trackServerUrl: "http://127.0.0.1:9/" });
  sessionReplay.record(fullSnapshot());
  sessionReplay.record(custom("before"));
  await sessionReplay.deleteStored();
  await until(() => sessionReplay.stats().waiting.events === 0, "it to be gone");
  assert.equal(sessionReplay.stats().dropped.deleted, 2);
  assert.equal(state(), "capturing");
  await sessionReplay.shutdown(0);
  await assert.rejects(sessionReplay.deleteStored(), { name: "SessionReplayError", status: "not-initialized", message: /call init first/ });
});

test("nobody there: the next action is recorded again", async () => {
  await start("idle", { idleTimeoutMs: 1_000 });
  sessionReplay.record(fullSnapshot());
  await until(() => state() === "idle", "nobody to be there");
  assert.equal(sessionReplay.isCapturing(), true);
  assert.equal(sessionReplay.recordLines(JSON.stringify(custom("by itself"))), 0);
  const moved = { type: 3, timestamp: SESSION, data: { source: 1, positions: [{ x: 1, y: 2, id: 2, timeOffset: 0 }] } };
  assert.equal(sessionReplay.recordLines(JSON.stringify(moved)), 1);
  assert.equal(state(), "capturing");
});

test("what is being deleted when recording ends is deleted", async () => {
  const storageDir = join(folder, "deleted-at-the-end");
  await start("deleted-at-the-end", { storageDir, trackServerUrl: "http://127.0.0.1:9/" });
  sessionReplay.record(fullSnapshot());
  sessionReplay.record(custom("before"));
  // The threads that could do it at once are busy.
  for (let thread = 0; thread < 4; thread++) pbkdf2("a", "b", 100_000, 64, "sha512", () => {});
  const deleting = sessionReplay.deleteStored();
  await sessionReplay.shutdown(3_000);
  await deleting;
  await start("deleted-at-the-end", { storageDir });
  sessionReplay.record(fullSnapshot());
  sessionReplay.record(custom("after"));
  assert.equal(await sessionReplay.shutdown(10_000), "ok");
  assert.deepEqual(payloads(await viewer.events("deleted-at-the-end", SESSION)), ["after"]);
});

test("advice names the calls of this package", async () => {
  for (const [more, call] of [
    [{ optOut: true }, "setOptOut(false)"],
    [{ sessionId: undefined }, "setSessionId"],
    [{ deviceId: undefined }, "setDeviceId"],
    [{ sampleRate: 0, onErrorSampleRate: 1 }, "captureNow"],
    [{}, "resume()"],
  ]) {
    await start("advised", more);
    if (call === "resume()") sessionReplay.pause();
    const { advice } = sessionReplay.stats();
    assert.ok(advice.includes(call) && !advice.includes("sr_"), advice);
    await sessionReplay.shutdown(0);
  }
});
