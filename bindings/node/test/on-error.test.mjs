// Held sessions, through each FFI package: what makes them captured.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as sessionReplay from "session-replay-native";
import { SESSION, pageWith } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

let viewer;
before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

const HELD = { sampleRate: 0, onErrorSampleRate: 1 };
const options = (deviceId, more = {}) => viewer.options({ deviceId, sessionId: SESSION, ...HELD, ...more });
const reasons = async (device) => {
  const events = await viewer.events(device, SESSION);
  return events.filter(({ data }) => data.tag === "session-replay-trigger").map(({ data }) => data.payload.reason);
};

test("a held session is sent once captureNow says so", async () => {
  await sessionReplay.init("key", options("held")).promise;
  for (const event of pageWith([])) assert.notEqual(sessionReplay.record(event), "not-captured");
  assert.equal(sessionReplay.stats().state, "held");
  assert.deepEqual(sessionReplay.getSessionReplayProperties(), {});
  assert.throws(() => sessionReplay.captureNow(7), /reason/);
  assert.equal(sessionReplay.captureNow("the button was red"), "ok");
  assert.equal(sessionReplay.stats().state, "capturing");
  assert.notDeepEqual(sessionReplay.getSessionReplayProperties(), {});
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.deepEqual(await reasons("held"), ["the button was red"]);
});

test("captureNow takes any text for a reason", async () => {
  for (const [at, [given, kept]] of [
    ["", "captureNow"],
    ["a\0b", "a\ufffdb"],
    ["x".repeat(5_000), "x".repeat(1_000)],
    ["\u00e9".repeat(600), "\u00e9".repeat(500)],
    [`x${"\u{1f600}".repeat(300)}`, `x${"\u{1f600}".repeat(249)}`],
    ["\ud800", "\ufffd"],
  ].entries()) {
    await sessionReplay.init("key", options(`reason-${at}`)).promise;
    for (const event of pageWith([])) sessionReplay.record(event);
    assert.equal(sessionReplay.captureNow(given), "ok");
    assert.equal(await sessionReplay.shutdown(20_000), "ok");
    assert.deepEqual(await reasons(`reason-${at}`), [kept]);
  }
});

test("an uncaught error is a trigger, and ends the process as it would without", async (t) => {
  // Somebody who never answers: the error comes while the remote configuration is awaited.
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.after(() => silent.close());
  const awaited = { enableRemoteConfig: true, configServerUrl: `http://127.0.0.1:${silent.address().port}/` };
  for (const [code, more, expected] of [
    ["throw new Error('broken')", {}, ["unhandled-error"]],
    ["Promise.reject(new Error('broken'))", {}, ["unhandled-error"]],
    ["throw new Error('broken early')", awaited, ["unhandled-error"]],
    // Found by the next start, as any other death.
    ["throw new Error('broken')", { captureOnUnhandledError: false }, ["process-died"]],
    ["sessionReplay.shutdown(0)", {}, []],
  ]) {
    const device = `child-${expected[0]}-${code.length}`;
    const storageDir = mkdtempSync(join(tmpdir(), "sr-held-"));
    const child = `const sessionReplay = require("session-replay-native");
      sessionReplay.init("key", ${JSON.stringify(options(device, { storageDir, ...more }))});
      for (const event of ${JSON.stringify(pageWith([]))}) sessionReplay.record(event);
      setImmediate(() => { ${code}; });`;
    const { status, stderr } = spawnSync(process.execPath, ["--eval", child], { cwd: FOLDER, encoding: "utf8" });
    assert.equal(status, expected.length ? 1 : 0, stderr);
    assert.equal(stderr.includes("broken"), expected.length > 0, `Node.js tells of it as ever: ${stderr}`);
    await sessionReplay.init("key", options(device, { storageDir, sessionId: SESSION + 1 })).promise;
    for (let look = 0; look < 200 && (await reasons(device)).length < expected.length; look++) await sessionReplay.flush(100);
    assert.deepEqual(await reasons(device), expected, code);
    await sessionReplay.shutdown(5_000);
    rmSync(storageDir, { recursive: true });
  }
});

test("so is one of the main thread where a worker thread called init first", async () => {
  const storageDir = mkdtempSync(join(tmpdir(), "sr-held-"));
  const given = options("worker-first", { storageDir });
  const worker = `const sessionReplay = require("session-replay-native");
    const { workerData, parentPort } = require("node:worker_threads");
    sessionReplay.init("key", workerData).promise.then(() => {
      for (const event of ${JSON.stringify(pageWith([]))}) sessionReplay.record(event);
      setImmediate(() => parentPort.postMessage("held"));
    });
    setInterval(() => {}, 1_000);`;
  const child = `const sessionReplay = require("session-replay-native");
    const { Worker } = require("node:worker_threads");
    const given = ${JSON.stringify(given)};
    new Worker(${JSON.stringify(worker)}, { eval: true, execArgv: [], workerData: given }).on("message", () => {
      sessionReplay.init("key", given).promise.then(() => setImmediate(() => { throw new Error("broken"); }));
    });`;
  const { status, stderr } = spawnSync(process.execPath, ["--eval", child], { cwd: FOLDER, encoding: "utf8" });
  assert.equal(status, 1, stderr);
  await sessionReplay.init("key", options("worker-first", { storageDir, sessionId: SESSION + 1 })).promise;
  for (let look = 0; look < 200 && (await reasons("worker-first")).length < 1; look++) await sessionReplay.flush(100);
  assert.deepEqual(await reasons("worker-first"), ["unhandled-error"]);
  await sessionReplay.shutdown(5_000);
  rmSync(storageDir, { recursive: true });
});
