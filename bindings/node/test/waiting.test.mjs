// flush() and shutdown() beside a server that hangs: they wait elsewhere, keep to their time, and lose nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import * as sessionReplay from "session-replay-native";
import { SESSION, custom, payloads } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { run } from "./support/programs.mjs";

let viewer;
before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
afterEach(async () => {
  await viewer.clearFaults();
  await sessionReplay.shutdown(5_000);
});

const start = (deviceId, more = {}) =>
  sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...more })).promise;
const hang = () => viewer.fault({ hang: true, standing: true });

test("nothing blocks the event loop while flush and shutdown wait", async () => {
  await start("hanging");
  await hang();
  sessionReplay.record(custom("waits"));
  const before = performance.eventLoopUtilization();
  let ticks = 0;
  const ticker = setInterval(() => ticks++, 5);
  const flushes = [sessionReplay.flush(600), sessionReplay.flush(600), sessionReplay.flush(600)];
  assert.deepEqual(await Promise.all(flushes), ["timeout", "timeout", "timeout"]);
  assert.equal(await sessionReplay.shutdown(600), "timeout");
  clearInterval(ticker);
  // 1,200 ms were waited. A wait on this thread would be 600 ms of its time and hardly a tick; a loop that rests while the machine pauses is not active.
  const { active } = performance.eventLoopUtilization(before);
  assert.ok(active < 300, `the event loop stood still for ${active} ms`);
  assert.ok(ticks > 20, `${ticks} ticks`);
});

test("a short wait is not held up by a long one, and a shutdown by neither", async () => {
  await start("short-and-long");
  await hang();
  sessionReplay.record(custom("waits"));
  const order = [];
  const wait = async (name, promise) => {
    const status = await promise;
    order.push(name);
    return status;
  };
  const long = wait("long", sessionReplay.flush(600_000));
  await delay(50);
  assert.equal(await wait("short", sessionReplay.flush(50)), "timeout");
  assert.equal(await wait("shutdown", sessionReplay.shutdown(100)), "timeout");
  assert.equal(await long, "timeout", "what was not delivered is not called delivered");
  assert.deepEqual(order, ["short", "shutdown", "long"]);
});

test("what a flush could not send in time is sent later, and flushes at the same time all see it", async () => {
  await start("later");
  await hang();
  sessionReplay.record(custom(1));
  assert.equal(await sessionReplay.flush(100), "timeout");
  sessionReplay.record(custom(2));
  const waiting = Promise.all([
    sessionReplay.flush(20_000),
    sessionReplay.flush(20_000),
    sessionReplay.flush(true),
    sessionReplay.flush(false),
  ]);
  await viewer.clearFaults();
  assert.deepEqual(await waiting, ["ok", "ok", "ok", "ok"]);
  assert.equal(await sessionReplay.flush(0), "ok");
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("later", SESSION)), [1, 2]);
});

test("shutdown sends what is recorded, whatever is called beside it", async () => {
  await start("beside");
  for (let n = 0; n < 1_000; n++) sessionReplay.record(custom(n));
  const statuses = await Promise.all([
    sessionReplay.flush(),
    sessionReplay.shutdown(10_000),
    sessionReplay.shutdown(10_000),
    sessionReplay.flush(),
  ]);
  assert.deepEqual(statuses, ["ok", "ok", "ok", "ok"]);
  assert.deepEqual(
    payloads(await viewer.events("beside", SESSION)),
    Array.from({ length: 1_000 }, (_, n) => n),
  );
});

test("a flush beside a shutdown says what became of the events, though another init follows at once", async () => {
  await start("followed");
  sessionReplay.record(custom("sent"));
  const ending = sessionReplay.shutdown(5_000);
  const flushes = [sessionReplay.flush(5_000), sessionReplay.flush(5_000)];
  const again = start("followed", { sampleRate: 0.5 });
  assert.deepEqual(await Promise.all([ending, ...flushes]), ["ok", "ok", "ok"]);
  await again;
});

test("a flush that a shutdown cuts short has its answer, though another recorder runs by then", async () => {
  await start("cut-short");
  await hang();
  sessionReplay.record(custom("waits"));
  const flush = sessionReplay.flush(20_000);
  await delay(20);
  const ending = sessionReplay.shutdown(300);
  const again = start("after-the-cut", { minSessionDurationMs: 1 });
  assert.deepEqual(await Promise.all([ending, flush]), ["timeout", "timeout"]);
  await again;
  assert.equal(sessionReplay.getSessionReplayId(), `after-the-cut/${SESSION}`);
});

test("times that are none are refused", async () => {
  await start("times");
  for (const bad of [-1, NaN, "5", {}, null]) {
    await assert.rejects(sessionReplay.flush(bad), { status: "invalid-argument" });
    await assert.rejects(sessionReplay.shutdown(bad), { status: "invalid-argument" });
  }
  assert.equal(await sessionReplay.flush(Infinity), "ok");
  assert.equal((await sessionReplay.flush(0.5)) !== undefined, true);
});

test("a full buffer refuses events one by one, says so, and takes none that it accepted with it", async () => {
  const logged = [];
  const listener = ({ message }) => logged.push(message);
  sessionReplay.on("log", listener);
  await start("full", { storageLimitBytes: 4_000_000, enableTransportCompression: true });
  await hang();
  const padding = Array.from({ length: 200 }, () => Math.random().toString(36)).join("");
  let refused = 0;
  let given = 0;
  for (; given < 20_000 && sessionReplay.stats().refused.bufferFull < 50; given++) {
    try {
      sessionReplay.record(custom(`${given} ${padding}`));
    } catch (error) {
      assert.equal(error.status, "buffer-full");
      refused++;
    }
    if (given % 100 === 0) await delay(1);
  }
  await delay(1);
  const stats = sessionReplay.stats();
  assert.ok(stats.refused.bufferFull >= 50, JSON.stringify(stats));
  assert.equal(stats.recorded.events + stats.refused.bufferFull, given, "each is either kept or refused");
  const told = logged.filter((message) => /refused after record/.test(message)).length;
  assert.equal(refused + told, stats.refused.bufferFull, "each refusal is told, by an error or in the log");
  await viewer.clearFaults();
  assert.equal(await sessionReplay.flush(30_000), "ok");
  assert.equal((await viewer.events("full", SESSION)).length, stats.recorded.events);
  sessionReplay.off("log", listener);
});

test("shutdown, and an init that waits for it, keep to their time while every thread of Node.js is busy", { skip: process.platform === "win32" }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "session-replay-busy-"));
  const fifo = join(folder, "fifo");
  execFileSync("mkfifo", [fifo]);
  // Reading a pipe that nobody writes holds the one thread until somebody does.
  const { status, output } = await run(
    `import { closeSync, open, openSync } from "node:fs";
    await start();
    sessionReplay.record(event(1));
    let isFree = false;
    open(${JSON.stringify(fifo)}, "r", () => (isFree = true));
    const ended = [await sessionReplay.shutdown(100), await sessionReplay.shutdown(100)];
    const before = [isFree, sessionReplay.record(event(2)), sessionReplay.stats().state];
    await start();
    const failed = sessionReplay.stats();
    closeSync(openSync(${JSON.stringify(fifo)}, "r+"));
    const last = await sessionReplay.shutdown(10_000);
    await start();
    console.log(JSON.stringify({ ended, before, failed: [failed.state, failed.advice], last, state: sessionReplay.stats().state }));
    process.exit(0);`,
    viewer.options({ deviceId: "busy", sessionId: SESSION }),
    { env: { UV_THREADPOOL_SIZE: "1" } },
  );
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, output);
  const { ended, before, failed, last, state } = JSON.parse(output.trim().split("\n").at(-1));
  assert.deepEqual(ended, ["timeout", "timeout"]);
  assert.deepEqual(before, [false, "not-captured", "not-initialized"]);
  assert.match(failed[1], /init failed: the recorder before has not ended yet, .*UV_THREADPOOL_SIZE/);
  assert.equal(last, "ok");
  assert.equal(state, "capturing");
});
