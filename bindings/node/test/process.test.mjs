// How processes and threads end, and what that does to what was recorded.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { SESSION, payloads } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { run } from "./support/programs.mjs";

let viewer, storageDir;
before(async () => {
  viewer = await startViewer();
  storageDir = mkdtempSync(join(tmpdir(), "session-replay-node-"));
});
after(async () => {
  await viewer.stop();
  rmSync(storageDir, { recursive: true });
});
afterEach(() => viewer.clearFaults());

const options = (deviceId, more = {}) => viewer.options({ deviceId, sessionId: SESSION, ...more });
const ended = ({ status, signal, output }) => assert.deepEqual([status, signal], [0, null], output);
const range = (count) => Array.from({ length: count }, (_, n) => n);

/** What a process left behind is sent by the next one. */
async function deliver(folder, device) {
  const next = `
    await start({ deviceId: "next-${device}" });
    console.log(await sessionReplay.flush(20_000), await sessionReplay.shutdown());`;
  ended(await run(next, options(device, { storageDir: folder })));
  return payloads(await viewer.events(device, SESSION));
}

test("recording does not hold the process, and an awaited init does not end it", async () => {
  const { output, ...end } = await run(
    `sessionReplay.on("log", () => {}); sessionReplay.on("session", () => {});
     await start({ enableRemoteConfig: true }); console.log("decided", sessionReplay.stats().state);
     sessionReplay.record(event("left"));`,
    options("end"),
  );
  ended({ output, ...end });
  assert.match(output, /decided capturing/);
});

const WAYS = {
  "at its end": "",
  "with process.exit()": "process.exit(0);",
  "by an exception": `
    process.on("exit", () => (process.exitCode = 0));
    process.on("uncaughtException", () => process.exit(0));
    throw new Error("mine");`,
};
for (const [name, end] of Object.entries(WAYS)) {
  test(`a process that ends ${name} without a shutdown loses nothing that is stored`, async () => {
    const device = `ends-${Object.keys(WAYS).indexOf(name)}`;
    const folder = join(storageDir, device);
    await viewer.fault({ status: 503, standing: true, device_id: device });
    ended(
      await run(
        `await start(); for (let n = 0; n < 100; n++) sessionReplay.record(event(n)); ${end}`,
        options(device, { storageDir: folder }),
      ),
    );
    await viewer.clearFaults();
    assert.deepEqual(await deliver(folder, device), range(100));
  });
}

test("what was recorded in turns before a SIGKILL is delivered by the next process", async () => {
  const folder = join(storageDir, "killed");
  const body = `
    await start();
    for (let n = 0; n < 100; n++) sessionReplay.record(event(n));
    await new Promise(setImmediate);
    console.log("recorded");
    setInterval(() => {}, 1000);`;
  const { signal } = await run(body, options("killed", { storageDir: folder }), { kill: "recorded" });
  assert.equal(signal, "SIGKILL");
  assert.deepEqual(await deliver(folder, "killed"), range(100));
});

for (const call of ["flush", "shutdown"]) {
  test(`process.exit() does not wait for a ${call} that is under way`, async () => {
    await viewer.fault({ hang: true, standing: true });
    const body = `
      await start(); sessionReplay.record(event(1)); sessionReplay.${call}(600_000);
      setTimeout(() => process.exit(0), 100);`;
    const begun = Date.now();
    ended(await run(body, options(`exit-${call}`)));
    assert.ok(Date.now() - begun < 300_000);
  });
}

/** A program whose worker thread is in `call` while the main thread goes on with `then`; `end` is code for the worker's end. */
const inWorker = (given, call, then, end = "") => {
  const worker = `
    const sessionReplay = require("session-replay-native");
    const { workerData, parentPort } = require("node:worker_threads");
    (async () => {
      const decided = sessionReplay.init("key", { ...workerData, backend: "koffi" }).promise;
      if (${call !== "init"}) {
        await decided;
        sessionReplay.record({ type: 5, timestamp: 1732300000000, data: { tag: "test", payload: 1 } });
        sessionReplay.${call === "init" ? "stats" : call}(60_000);
      }
      setTimeout(() => {
        parentPort.postMessage("under way");
        setTimeout(() => { ${end} }, 100);
      }, 100);
    })();`;
  return `
    import { Worker } from "node:worker_threads";
    import { once } from "node:events";
    const thread = new Worker(${JSON.stringify(worker)}, { eval: true, execArgv: [], workerData: ${JSON.stringify(given)} });
    await once(thread, "message");
    const begun = performance.now();
    process.on("exit", () => console.log("ended after", Math.round(performance.now() - begun)));
    ${then}`;
};
for (const call of ["flush", "shutdown", "init"]) {
  for (const [name, then, end] of [
    ["process.exit() of the main thread", "process.exit(0);"],
    ["worker.terminate()", "await thread.terminate(); process.exit(0);"],
    ["process.exit() of the worker", "await once(thread, 'exit'); process.exit(0);", "process.exit(7);"],
  ]) {
    test(`a worker's ${call} that is under way does not hold up ${name}`, async () => {
      await viewer.fault({ on: call === "init" ? "config" : "track", hang: true, standing: true });
      const given = options(`worker-${call}`, { enableRemoteConfig: call === "init" });
      const begun = Date.now();
      const { output, ...ending } = await run(inWorker(given, call, then, end), given);
      ended({ output, ...ending });
      assert.match(output, /ended after \d{1,4}\n/, "not the time that the worker's call may take");
      assert.ok(Date.now() - begun < 30_000, output);
    });
  }
}

for (const [name, stop, end] of [
  ["is terminated", "await thread.terminate();"],
  ["exits", "await once(thread, 'exit');", "process.exit(7);"],
]) {
  test(`a worker that ${name} in the middle of its flush leaves the main thread its recorder`, async () => {
    await viewer.fault({ hang: true, standing: true });
    const device = `left-${name.replace(" ", "-")}`;
    const given = options(device);
    const then = `
      ${stop}
      sessionReplay.record(event(2));
      await fetch(${JSON.stringify(`${viewer.url}/api/faults`)}, { method: "DELETE" });
      console.log(await sessionReplay.flush(20_000), await sessionReplay.shutdown());`;
    const { output, ...ending } = await run(`await start(); ${inWorker(given, "flush", then, end)}`, given);
    ended({ output, ...ending });
    assert.match(output, /^ok ok\n/m);
    assert.deepEqual(payloads(await viewer.events(device, SESSION)), [1, 2]);
  });
}

test("a worker that ends in the middle of its shutdown leaves the next init its place, and loses nothing stored", async () => {
  await viewer.fault({ status: 503, standing: true });
  const given = options("cut", { storageDir: join(storageDir, "cut") });
  const then = `
    await thread.terminate();
    await start({ deviceId: "next" });
    console.log("state", sessionReplay.stats().state, sessionReplay.getSessionReplayId());
    process.exit(0);`;
  const { output, ...end } = await run(inWorker(given, "shutdown", then), given);
  ended({ output, ...end });
  assert.match(output, /state capturing next\//);
  await viewer.clearFaults();
  assert.deepEqual(await deliver(join(storageDir, "cut"), "cut"), [1]);
});

test("calls that wait leave the threads of Node.js to others", async () => {
  await viewer.fault({ hang: true, standing: true });
  const body = `
    import { readFile } from "node:fs/promises";
    await start(); sessionReplay.record(event(1));
    const waits = [sessionReplay.flush(20_000), sessionReplay.flush(20_000), sessionReplay.shutdown(20_000)];
    const begun = performance.now();
    await readFile("package.json");
    console.log("read after", Math.round(performance.now() - begun));
    process.exit(0);`;
  const { output, ...end } = await run(body, options("pool"), { env: { UV_THREADPOOL_SIZE: "1" } });
  ended({ output, ...end });
  assert.match(output, /read after \d{1,4}\n/);
});

test("the threads of a process share one recorder", async () => {
  const worker = `
    const sessionReplay = require("session-replay-native");
    const { workerData, parentPort } = require("node:worker_threads");
    const event = (payload) => ({ type: 5, timestamp: 1732300000000, data: { tag: "test", payload } });
    const logged = [];
    (async () => {
      sessionReplay.on("log", ({ message }) => logged.push(message));
      const options = { ...workerData.options, backend: "koffi", deviceId: undefined, sessionId: undefined };
      await sessionReplay.init("key", options).promise;
      for (let n = 0; n < 500; n++) sessionReplay.record(event(workerData.n * 1000 + n));
      await new Promise(setImmediate);
      parentPort.postMessage({ logged, id: sessionReplay.getSessionReplayId() });
    })();`;
  const body = `
    import { Worker } from "node:worker_threads";
    import { once } from "node:events";
    await start();
    const said = await Promise.all([1, 2, 3].map(async (n) => {
      const workerData = { n, options: OPTIONS };
      const thread = new Worker(${JSON.stringify(worker)}, { eval: true, execArgv: [], workerData });
      const [heard] = await once(thread, "message");
      await thread.terminate();
      return heard;
    }));
    for (let n = 0; n < 500; n++) sessionReplay.record(event(n));
    console.log(JSON.stringify(said));
    console.log(await sessionReplay.shutdown(20_000));`;
  const given = options("threads");
  const { output, ...end } = await run(body.replaceAll("OPTIONS", JSON.stringify(given)), given);
  ended({ output, ...end });
  assert.match(output, /\nok\n$/, output);
  for (const { logged, id } of JSON.parse(output.split("\n")[0])) {
    assert.match(logged.join("\n"), /joins that recorder/);
    assert.equal(id, `threads/${SESSION}`);
  }
  const arrived = payloads(await viewer.events("threads", SESSION));
  assert.equal(arrived.length, 2_000);
  for (const thread of range(4)) {
    const own = arrived.filter((n) => Math.floor(n / 1000) === thread);
    assert.deepEqual(
      own,
      range(500).map((n) => thread * 1000 + n),
      "each thread's order is kept",
    );
  }
});

test("ffi-napi is not loaded in a worker thread, where it would crash the process at its end", async () => {
  const worker = `
    const sessionReplay = require("session-replay-native");
    sessionReplay.init("key", { backend: "ffi-napi" }).promise.then(() => console.log(sessionReplay.stats().advice));`;
  const body = `
    import { Worker } from "node:worker_threads";
    new Worker(${JSON.stringify(worker)}, { eval: true, execArgv: [] });`;
  const { output, ...end } = await run(body);
  ended({ output, ...end });
  assert.match(output, /^init failed: .*through ffi-napi.*which can't be loaded: use koffi\. Looked at: .*in a worker thread/m);
});
