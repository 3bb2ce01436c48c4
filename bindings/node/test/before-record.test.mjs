// `beforeRecord`: what a host keeps, drops and replaces before it is recorded, in each form; and a host that records nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import * as sessionReplay from "session-replay-native";
import { SESSION, custom, fullSnapshot, meta } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { until } from "../../../tests/support/waiting.mjs";

let viewer;
before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

/** Starts recording for a device of this test's own. */
const start = (deviceId, beforeRecord, more = {}) =>
  sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, beforeRecord, ...more })).promise;

/** Keeps what has "keep" in it, replaces "replace", throws at "throw"; of all else it says nothing sensible. */
function look(event) {
  const json = JSON.stringify(event);
  if (event.type === 2 || event.type === 4 || json.includes("keep")) return event;
  if (json.includes("replace")) return JSON.parse(json.replaceAll("replace", "changed"));
  if (json.includes("change")) {
    event.data.payload = "in place";
    return event;
  }
  if (json.includes("throw")) throw new Error("no");
  if (json.includes("later")) return Promise.resolve(event);
  if (json.includes("another-kind")) return { ...event, type: 3 };
  return json.includes("drop") ? null : undefined;
}

test("each form of an event is kept, dropped or replaced", async () => {
  const lines = [];
  const logger = (message) => void lines.push(message);
  await start("forms", look, {
    interactionConfig: { enabled: true },
    loggerProvider: { error: logger, warn: logger, log: logger, debug: logger, disable() {}, enable() {} },
  });
  assert.equal(sessionReplay.record(meta()), "ok");
  assert.equal(sessionReplay.record(fullSnapshot()), "ok");
  const forms = [(event) => event, JSON.stringify, (event) => Buffer.from(JSON.stringify(event))];
  for (const form of forms) {
    for (const word of ["keep", "replace", "change"]) assert.equal(sessionReplay.record(form(custom(word))), "ok", word);
    for (const word of ["drop", "throw", "later", "another-kind", ""]) {
      assert.equal(sessionReplay.record(form(custom(word))), "not-captured", word);
    }
  }
  const line = (word) => JSON.stringify(custom(word));
  assert.equal(sessionReplay.recordLines([line("keep"), "", line("drop"), line("replace"), "no JSON"].join("\n")), 2);
  assert.equal(sessionReplay.recordLines(line("drop")), 0);
  for (const [word, status] of [["keep", "ok"], ["drop", "not-captured"], ["replace", "ok"]]) {
    assert.equal(sessionReplay.recordCustom(word, { at: word }), status);
    assert.equal(sessionReplay.recordLog("error", `line ${word}`), status);
    assert.equal(sessionReplay.recordRequest({ url: `https://example.invalid/${word}`, status: 200 }), status);
    const click = { type: "click", x: 1, y: 2, selector: word, viewportWidth: 9, viewportHeight: 9, pageUrl: "app://x", timestamp: 1 };
    assert.equal(sessionReplay.recordInteraction(click), status);
  }
  assert.throws(() => sessionReplay.record("{no"), { status: "invalid-json" });
  assert.throws(() => sessionReplay.record(7), { status: "invalid-argument" });
  assert.equal(await sessionReplay.flush(10_000), "ok");
  const events = await viewer.events("forms", SESSION);
  const text = JSON.stringify(events);
  const count = (word) => text.split(word).length - 1;
  // Three forms and a line; in a custom event both the tag and the payload, a line of the log, a request.
  assert.deepEqual([count("keep"), count("changed"), count("in place")], [4 + 2 + 2, 4 + 2 + 2, 3]);
  for (const word of ["drop", "replace", "throw", "later"]) assert.equal(count(word), 0, word);
  const told = JSON.stringify(await viewer.get(`/api/sessions/forms/${SESSION}/interactions`));
  assert.deepEqual(["keep", "changed", "drop", "replace"].map((word) => told.split(word).length - 1), [1, 1, 0, 0]);
  const warnings = lines.filter((message) => String(message).includes("beforeRecord"));
  assert.equal(warnings.length, 3, warnings.join("\n"));
});

test("what is no function is refused, and nothing is called while nothing is captured", async () => {
  const errors = [];
  const onLog = ({ level, message }) => level === "error" && errors.push(message);
  sessionReplay.on("log", onLog);
  await start("refused", "no function");
  await until(() => errors.length > 0, "the log");
  assert.match(errors.join("\n"), /option "beforeRecord" must be a function/);
  assert.equal(sessionReplay.stats().state, "not-initialized");
  sessionReplay.off("log", onLog);
  let calls = 0;
  await start("quiet", () => (calls++, null), { optOut: true });
  assert.equal(sessionReplay.record(custom("x")), "not-captured");
  assert.equal(sessionReplay.recordLines(JSON.stringify(custom("x"))), 0);
  assert.equal(sessionReplay.recordCustom("x", 1), "not-captured");
  assert.equal(sessionReplay.recordLog("info", "x"), "not-captured");
  assert.equal(calls, 0);
});

test("a page in a view is filtered, and one that drops each full snapshot is not asked for one after the other", async () => {
  await start("view", look);
  sessionReplay.placeView({ id: 1, x: 0, y: 0, width: 9, height: 9, title: "replace" });
  const lines = ["keep", "drop", "replace"].map((word) => JSON.stringify(custom(word))).join("\n");
  assert.equal(sessionReplay.recordInView(1, lines), 2);
  assert.equal(sessionReplay.recordInView(1, JSON.stringify(custom("drop"))), 0);
  await sessionReplay.shutdown(10_000);
  const text = JSON.stringify((await viewer.events("view", SESSION)).filter(({ type }) => type === 5));
  assert.deepEqual(["keep", "changed", "drop", "replace"].map((word) => text.split(word).length - 1), [1, 1, 0, 0]);

  await start("no-snapshots", (event) => (event.type === 2 ? null : event));
  let asked = 0;
  const answer = () => {
    asked++;
    sessionReplay.record(meta());
    sessionReplay.record(fullSnapshot());
  };
  sessionReplay.on("needs-full-snapshot", answer);
  for (let i = 0; i < 50; i++) {
    sessionReplay.record(custom(i));
    await new Promise(setImmediate);
  }
  sessionReplay.off("needs-full-snapshot", answer);
  assert.equal(asked, 1);
});

test("a host that records nothing is asked for a full snapshot", async () => {
  const asked = [];
  const onAsked = (view) => asked.push(view);
  sessionReplay.on("needs-full-snapshot", onAsked);
  await start("still");
  // No call has returned that one is wanted.
  await until(() => asked.length > 0, "the first session's");
  assert.deepEqual(asked, [undefined]);
  sessionReplay.record(meta());
  sessionReplay.record(fullSnapshot());
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.equal(asked.length, 1, "it is there");
  // As a page in a view has it: the library has the scene, and the page must take its own.
  sessionReplay.placeView({ id: 5, x: 0, y: 0, width: 9, height: 9 });
  sessionReplay.recordInView(5, [meta(), fullSnapshot()].map((event) => JSON.stringify(event)).join("\n"));
  asked.length = 0;
  sessionReplay.setSessionId(SESSION + 1);
  await until(() => asked.length > 0, "the page's");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  assert.deepEqual(asked, [5], "once for each want");
  sessionReplay.off("needs-full-snapshot", onAsked);
});

test("a filter that is async and fails ends no process, and one that records itself is not called without end", async () => {
  const rejected = [];
  const onRejected = (reason) => rejected.push(reason);
  process.on("unhandledRejection", onRejected);
  await start("async", async () => {
    throw new Error("of the filter");
  });
  assert.equal(sessionReplay.record(custom("x")), "not-captured");
  assert.equal(sessionReplay.recordLog("info", "x"), "not-captured");
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", onRejected);
  assert.deepEqual(rejected, []);

  let calls = 0;
  const inner = [];
  await start("inside", (event) => {
    calls++;
    if (calls < 50) {
      inner.push(sessionReplay.recordLog("info", "inside"), sessionReplay.record(custom("inside")), sessionReplay.recordCustom("inside"));
      inner.push(sessionReplay.recordLines(JSON.stringify(custom("inside"))));
    }
    return event;
  });
  assert.notEqual(sessionReplay.record(fullSnapshot()), "not-captured");
  assert.deepEqual([calls, inner], [1, ["not-captured", "not-captured", "not-captured", 0]]);
  assert.equal(sessionReplay.recordLog("info", "outside"), "ok");
  assert.equal(calls, 2);
});

test("what a filter makes of an event throws nothing at the host, and what it drops is counted", async () => {
  const cycle = {};
  cycle.cycle = cycle;
  let data;
  const filter = (event) => (data === undefined ? event : data === null ? null : { ...event, ...data(event) });
  await start("counted", filter, { interactionConfig: { enabled: true }, validateOnRecord: true });
  const click = { type: "click", x: 1, y: 2, selector: "a", viewportWidth: 9, viewportHeight: 9, pageUrl: "app://x", timestamp: 1 };
  const calls = [
    () => sessionReplay.record(custom("x")),
    () => sessionReplay.recordCustom("x", 1),
    () => sessionReplay.recordLog("info", "x"),
    () => sessionReplay.recordRequest({ url: "https://example.invalid/" }),
    () => sessionReplay.recordInteraction(click),
  ];
  sessionReplay.record(meta());
  sessionReplay.record(fullSnapshot());
  for (const call of calls) assert.equal(call(), "ok");
  assert.equal(sessionReplay.stats().filtered, 0);
  let dropped = 0;
  const failing = {
    get data() {
      throw new Error("no");
    },
  };
  const results = [{ data: { tag: "x", payload: 1n } }, { data: { tag: 7, payload: cycle } }, { data: { tag: "x", payload: failing } }];
  for (data of [null, ...results.map((result) => () => result)]) {
    for (const [place, call] of calls.entries()) assert.equal(call(), "not-captured", `call ${place}`);
    dropped += calls.length;
    assert.equal(sessionReplay.stats().filtered, dropped);
  }
  data = () => ({ timestamp: "yesterday" });
  assert.equal(calls[0](), "not-captured");
  assert.equal(sessionReplay.stats().filtered, dropped + 1);
  // What the host gave is refused as without a filter.
  data = undefined;
  assert.throws(() => sessionReplay.recordCustom("x", 1n), { status: "invalid-json" });
  assert.throws(() => sessionReplay.recordLog("shout", "x"), { status: "invalid-argument" });
});

/** What a worker thread's calls of `record` return: the last after its own `init`, where it gets options for one. */
const inWorker = (options, beforeRecord) =>
  new Promise((resolve, reject) => {
    const code = `const { parentPort, workerData } = require("node:worker_threads");
      const sessionReplay = require("node:module").createRequire(workerData.file)("session-replay-native");
      const record = (word) => sessionReplay.record({ type: 5, timestamp: ${SESSION}, data: { tag: word, payload: word } });
      const results = [record("worker"), sessionReplay.recordLog("info", "worker") ];
      if (!workerData.options) parentPort.postMessage(results);
      else sessionReplay.init("key", { ...workerData.options, beforeRecord: ${beforeRecord} }).promise.then(() => {
        results.push(record("worker-keep"), record("worker"));
        parentPort.postMessage(results);
      });`;
    const workerData = { file: fileURLToPath(import.meta.url), options };
    new Worker(code, { eval: true, execArgv: [], workerData }).once("message", resolve).once("error", reject);
  });

// ffi-napi is not loaded in worker threads.
const skip = process.env.SESSION_REPLAY_BACKEND === "ffi-napi";

test("a thread without a filter of its own records nothing where the process has one", { skip }, async () => {
  const filter = (event) => (event.type !== 5 || event.data.tag.includes("keep") ? event : null);
  const { beforeRecord: _, ...options } = viewer.options({ deviceId: "threads", sessionId: SESSION });
  await start("threads", filter);
  sessionReplay.record(meta());
  sessionReplay.record(fullSnapshot());
  const dropped = "not-captured";
  assert.deepEqual(await inWorker(), [dropped, dropped]);
  assert.deepEqual(await inWorker(options), [dropped, dropped, dropped, dropped]);
  assert.deepEqual(await inWorker(options, String(filter)), [dropped, dropped, "ok", dropped]);
  assert.equal(sessionReplay.record(custom("keep")), dropped, "a tag that the main thread's filter does not keep");
  // A filter that is gone is gone for all.
  await start("threads");
  assert.deepEqual(await inWorker(), ["ok", "ok"]);
  await sessionReplay.shutdown(10_000);
  const text = JSON.stringify(await viewer.events("threads", SESSION));
  assert.equal(text.split("worker-keep").length - 1, 2, "the tag and the payload");
});

test("a thread that was started before the main thread used this package records nothing until it has called init", { skip }, () => {
  const options = viewer.options({ deviceId: "early", sessionId: SESSION });
  const early = `const { parentPort } = require("node:worker_threads");
    parentPort.once("message", async (options) => {
      const sessionReplay = require("session-replay-native");
      const event = { type: 5, timestamp: ${SESSION}, data: { tag: "early", payload: 1 } };
      process.env.SESSION_REPLAY_LIBRARY = options.libraryPath;
      const before = sessionReplay.record(event);
      await sessionReplay.init("key", { ...options, beforeRecord: (event) => event }).promise;
      console.log(before, sessionReplay.record(event));
      process.exit();
    });`;
  const main = `const { Worker } = require("node:worker_threads");
    const options = ${JSON.stringify(options)};
    const worker = new Worker(${JSON.stringify(early)}, { eval: true, execArgv: [] });
    const sessionReplay = require("session-replay-native");
    sessionReplay.init("key", { ...options, beforeRecord: () => null }).promise.then(() => worker.postMessage(options));
    worker.once("exit", () => process.exit());`;
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ["--eval", main], { cwd, encoding: "utf8" });
  assert.match(stdout, /^not-captured (ok|needs-full-snapshot)\n$/, stderr);
});
