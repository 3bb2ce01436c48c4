// Several copies of the package in one process: one recorder, one session, every event once.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SESSION, payloads } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { Copies } from "./support/copies.mjs";

const require = createRequire(import.meta.url);
const { RECORDER_SHAPE } = require("../dist/shared-recorder.js");

let viewer, copies, app, bundle, plugin, newer, later;
before(async () => {
  viewer = await startViewer();
  copies = new Copies();
  app = copies.install("app");
  plugin = copies.install("plugin");
  newer = copies.install("newer", { version: "0.1.7" });
  later = copies.install("later", { version: "0.9.0", shape: RECORDER_SHAPE + 1 });
  bundle = await copies.bundle("bundled");
});
after(async () => {
  await viewer.stop();
  copies.remove();
});

/** The viewer's options without a library: each copy has its own. */
function optionsOf(deviceId, more = {}) {
  const { libraryPath: _, ...options } = viewer.options({ deviceId, sessionId: SESSION, ...more });
  return options;
}

/** Runs a program that prints one line of JSON at its end. */
async function result(body, given) {
  const { status, output } = await copies.run(body, { app, plugin, newer, later, bundle, ...given });
  assert.equal(status, 0, output);
  return JSON.parse(output.trim().split("\n").at(-1));
}

const TWICE = /^warn: this process has loaded session-replay-native twice: /;
for (const [name, load, second] of [
  ["a bundle's copy beside the one in node_modules", "await import(given.bundle)", () => bundle.replace("/bundle.mjs", "")],
  ["two folders with one version", "require(given.plugin)", () => plugin],
  ["two versions", "require(given.newer)", () => newer],
]) {
  test(`${name}: one recorder has the events of both, and the log names both once`, async () => {
    const device = name.replaceAll(/\W/g, "-");
    const { heard, same, waiting } = await result(
      `const one = require(given.app), two = ${load};
      listen(one); listen(two);
      await two.init("key", given.options).promise;
      await one.init("key", given.options).promise;
      for (let n = 0; n < 20; n++) (n % 2 ? one : two).record(event(n));
      two.setSessionId(given.session + 1);
      one.record(event(20));
      const same = one.getSessionReplayId() === two.getSessionReplayId();
      const waiting = await one.flush(20_000);
      await two.shutdown(20_000);
      console.log(JSON.stringify({ heard, same, waiting, state: one.stats().state }));`,
      { options: optionsOf(device), session: SESSION },
    );
    assert.equal(waiting, "ok");
    assert.ok(same);
    // Each of the two listeners hears it.
    const warnings = heard.filter((line) => line.startsWith("warn"));
    assert.equal(warnings.length, 2, heard.join("\n"));
    assert.match(warnings[0], TWICE);
    assert.ok(warnings[0].includes(`in ${app} `) && warnings[0].includes(`in ${second()}.`), warnings[0]);
    assert.deepEqual(payloads(await viewer.events(device, SESSION)), Array.from({ length: 20 }, (_, n) => n));
    assert.deepEqual(payloads(await viewer.events(device, SESSION + 1)), [20]);
    assert.deepEqual((await viewer.sessions()).filter((it) => it.device_id === device).length, 2);
  });
}

test("where the first copy has no library, the second one's serves both", async () => {
  const without = copies.install("without");
  rmSync(join(without, "prebuilds"), { recursive: true });
  const { heard, states, same } = await result(
    `const one = require(given.without), two = require(given.plugin);
    listen(one);
    one.record(event(0));
    await one.init("key", given.options).promise;
    const states = [one.stats().state];
    await two.init("key", given.options).promise;
    one.record(event(1)); two.record(event(2));
    states.push(one.stats().state, two.stats().state);
    const same = one.getSessionReplayId() === two.getSessionReplayId();
    await one.init("key", given.options).promise;
    one.record(event(3));
    await one.shutdown(20_000);
    await turn();
    console.log(JSON.stringify({ heard, states, same }));`,
    { options: optionsOf("without-files"), without },
  );
  assert.deepEqual(states, ["not-initialized", "capturing", "capturing"]);
  assert.ok(same);
  assert.equal(heard.filter((line) => line.startsWith("error: init failed: the session-replay library")).length, 1, heard.join("\n"));
  assert.deepEqual(payloads(await viewer.events("without-files", SESSION)), [1, 2, 3]);
});

test("a copy of another shape starts no second recorder, says what to do, and leaves the first alone", async () => {
  const { heard, ...rest } = await result(
    `const one = require(given.app), two = require(given.later);
    listen(one); listen(two);
    await one.init("key", given.options).promise;
    await two.init("key", given.options).promise;
    const recorded = two.record(event("second"));
    one.record(event("first"));
    await one.shutdown(20_000);
    console.log(JSON.stringify({ heard, recorded, advice: two.stats().advice, state: two.stats().state, ended: await two.shutdown() }));`,
    { options: optionsOf("shape") },
  );
  assert.equal(rest.recorded, "not-captured");
  assert.equal(rest.state, "not-initialized");
  assert.match(rest.advice, /Install one version for all/);
  const errors = heard.filter((line) => line.startsWith("error: "));
  assert.match(errors[0], /^error: init failed: session-replay-native 0\.9\.0 in .*later.* records nothing: .* Install one version/);
  assert.deepEqual(payloads(await viewer.events("shape", SESSION)), ["first"]);
});

test("the same file evaluated again joins without a word, and finds what runs", async () => {
  const { heard, before, again } = await result(
    `const one = require(given.app);
    listen(one);
    await one.init("key", given.options).promise;
    one.record(event(1));
    const before = one.getSessionReplayId();
    for (const file of Object.keys(require.cache)) if (file.startsWith(given.app)) delete require.cache[file];
    const two = require(given.app);
    if (one === two) throw new Error("it was not evaluated again");
    listen(two);
    const again = two.getSessionReplayId();
    await two.init("key", given.options).promise;
    two.record(event(2));
    await two.shutdown(20_000);
    await turn();
    console.log(JSON.stringify({ heard: heard.filter((it) => it.startsWith("warn") || it.startsWith("error")), before, again }));`,
    { options: optionsOf("again") },
  );
  assert.deepEqual(heard, []);
  assert.equal(again, before);
  assert.deepEqual(payloads(await viewer.events("again", SESSION)), [1, 2]);
});

test("segment's part of one copy works beside the init of another", async () => {
  const { events, isOneOrder } = await result(
    `const one = require(given.app), { segment } = await import(given.bundle);
    const plugins = [require(given.app + "/dist/segment/index.js"), segment].map((it) => it.createSegmentPlugin());
    await one.init("key", given.options).promise;
    // Each event is of a session of its own, and has to name the replay of that session.
    const events = Array.from({ length: 20 }, (_, n) => ({
      type: "track", event: "e", anonymousId: "segment", properties: {},
      integrations: { "Actions Amplitude": { session_id: given.session + 1 + n } },
    }));
    await Promise.all(events.map((event, n) => plugins[n % 2].track({ event })));
    const [order, otherOrder] = [given.app, given.plugin].map((it) => require(it + "/dist/segment/in-order.js").oneByOne());
    await one.shutdown(20_000);
    console.log(JSON.stringify({ events, isOneOrder: order === otherOrder }));`,
    { options: optionsOf("segment"), session: SESSION },
  );
  events.forEach(({ properties }, n) =>
    assert.deepEqual(properties, { "[Amplitude] Session Replay ID": `segment/${SESSION + 1 + n}` }),
  );
  assert.ok(isOneOrder, "one event is followed after the other, whichever copy follows it");
});

test("the errors of one copy are instances of the class of each", async () => {
  const { instances } = await result(
    `const one = require(given.app), two = require(given.newer);
    await one.init("key", given.options).promise;
    const thrown = (work) => { try { work(); } catch (error) { return error; } };
    const error = thrown(() => two.recordLines("no JSON"));
    class Own extends two.SessionReplayError {}
    const own = new Own("internal", "own");
    const instances = [error instanceof one.SessionReplayError, error instanceof two.SessionReplayError, error instanceof Error,
      own instanceof Own, own instanceof one.SessionReplayError, error instanceof Own, new Error() instanceof one.SessionReplayError,
      null instanceof one.SessionReplayError];
    await one.shutdown(20_000);
    console.log(JSON.stringify({ instances }));`,
    { options: optionsOf("errors") },
  );
  assert.deepEqual(instances, [true, true, true, true, true, false, false, false]);
});

test("attach is called once for the process, by whichever copy", async () => {
  const { errors, after } = await result(
    `const { EventEmitter } = require("node:events");
    const main = (copy) => require(copy + "/dist/electron/main.js");
    const app = Object.assign(new EventEmitter(), { getName: () => "app", getAppPath: () => "/app", getPath: () => "/none" });
    const ipcMain = Object.assign(new EventEmitter(), { handle() {}, removeHandler() {} });
    const attach = (copy) => { try { return main(copy).attach({ app, ipcMain }); } catch (error) { return error.message; } };
    const first = attach(given.app);
    const errors = [attach(given.app), attach(given.newer)];
    first.detach();
    console.log(JSON.stringify({ errors, after: typeof attach(given.newer) }));
    process.exit(0);`,
  );
  assert.equal(errors[0], "attach() was called already: one process has one recorder");
  assert.match(errors[1], new RegExp(`^attach\\(\\) was called already by session-replay-native \\S+ in ${app}: `));
  assert.equal(after, "object");
});

test("a worker thread with another copy records into the recorder of the process", async (context) => {
  if (process.env.SESSION_REPLAY_BACKEND === "ffi-napi") return context.skip("not in worker threads");
  const { heard } = await result(
    `const { Worker } = require("node:worker_threads");
    const { once } = require("node:events");
    const one = require(given.app);
    await one.init("key", given.options).promise;
    one.record(event("main"));
    const worker = new Worker(\`
      const { workerData: { given }, parentPort } = require("node:worker_threads");
      const two = require(given.newer);
      const heard = [];
      two.on("log", ({ level, message }) => heard.push(level + ": " + message));
      (async () => {
        await two.init("key", given.options).promise;
        two.record({ type: 5, timestamp: 1732300000000, data: { tag: "test", payload: "worker" } });
        await new Promise(setImmediate);
        parentPort.postMessage(heard);
      })();\`, { eval: true, workerData: { given } });
    const [heard] = await once(worker, "message");
    await worker.terminate();
    await one.shutdown(20_000);
    console.log(JSON.stringify({ heard }));`,
    { options: optionsOf("worker") },
  );
  assert.match(heard.join("\n"), /info: init: this process is already recording/);
  assert.match(heard.find((line) => TWICE.test(line)) ?? heard.join("\n"), new RegExp(`in ${app} and 0\\.1\\.7 in ${newer}`));
  assert.deepEqual(payloads(await viewer.events("worker", SESSION)).sort(), ["main", "worker"]);
});

test("the package leaves nothing behind when it is only imported", async () => {
  const { symbols } = await result(
    `require(given.app); require(join(given.app, "dist/segment/index.js")); await import(given.bundle);
    const symbols = Object.getOwnPropertySymbols(globalThis).map(String).filter((it) => it.includes("session-replay"));
    console.log(JSON.stringify({ symbols }));`.replace("join(given.app, ", `require("node:path").join(given.app, `),
  );
  assert.deepEqual(symbols, []);
});
