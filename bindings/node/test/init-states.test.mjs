// What `init` does, what the console says, and what the stats advise, in each state in which recording can't start, or goes on
// without it. A promise of `init` is never rejected, and nothing fails without a word.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { EventHub } from "../dist/recorder/event-hub.js";
import { logTarget, pollInterval } from "../dist/recorder/log-target.js";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { install, runInstalled } from "./support/installed.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-init-"));
after(() => rmSync(folder, { recursive: true }));

const home = install(join(folder, "home"));
const bare = install(join(folder, "bare"), []);

/** Every other call, at a time when nothing is being recorded. */
const CALLS = `
  const calls = async () => {
    const event = { type: 5, timestamp: 1, data: {} };
    const told = { type: "track", properties: { a: 1 } };
    const one = [
      sessionReplay.record(event), sessionReplay.recordLines(JSON.stringify(event)), sessionReplay.getSessionReplayProperties(),
      sessionReplay.getSessionId(), sessionReplay.getSessionReplayId(), sessionReplay.getPrivacyConfig(),
      sessionReplay.processSegmentEvent(told), sessionReplay.processSegmentEvent(JSON.stringify(told)),
      await sessionReplay.setSessionId(1732300000000).promise, await sessionReplay.setDeviceId("device").promise,
      await sessionReplay.followAnalytics({ sessionId: 1732300000000, deviceId: "device" }).promise,
      sessionReplay.setOptOut(true), sessionReplay.stop(), await sessionReplay.start().promise,
      await sessionReplay.evaluateTargetingAndCapture({}), await sessionReplay.flush(), await sessionReplay.flush(true),
    ];
    return JSON.stringify(one);
  };
  const tell = async (what) => {
    await new Promise(setImmediate);
    const { state, advice } = sessionReplay.stats();
    console.log("told: " + JSON.stringify({ what, state, advice }));
  };
  process.on("unhandledRejection", (reason) => console.log("unhandled: " + reason));
  const GOOD = { sampleRate: 1, enableRemoteConfig: false, deviceId: "d", sessionId: 1732300000000, trackServerUrl: "http://127.0.0.1:9/" };
`;
const QUIET = JSON.stringify([
  ...["not-captured", 0, {}, null, null, {}, { type: "track", properties: { a: 1 } }, '{"type":"track","properties":{"a":1}}'],
  ...[null, null, { properties: {} }, null, null, null, null, "ok", "ok"],
]);

/** Runs it, and answers with what the program and what the console told. */
async function run(where, body, env = { SESSION_REPLAY_LIBRARY: libraryPath }) {
  const { status, signal, output } = await runInstalled(where, `${CALLS} (async () => { ${body} })();`, { env });
  assert.deepEqual([status, signal], [0, null], output);
  assert.doesNotMatch(output, /unhandled/, output);
  const lines = output.split("\n");
  const told = lines.filter((line) => line.startsWith("told: ")).map((line) => JSON.parse(line.slice(6)));
  const said = lines.filter((line) => line.startsWith("session-replay: ")).map((line) => line.slice(16));
  return { told, said };
}

const FAILS = [
  ["no library", home, "", { SESSION_REPLAY_LIBRARY: "" }, /library for [\w-]+ can't be loaded/],
  ["no koffi", bare, "", { SESSION_REPLAY_LIBRARY: libraryPath }, /through koffi, which can't be loaded/],
  ["a bad option", home, "storageDir: 5", undefined, /option "storageDir"/],
  ["a bad option of this package's own", home, "libraryPath: 5", undefined, /option "libraryPath" must be a text/],
];
for (const [name, where, option, env, reason] of FAILS) {
  test(`${name}: init resolves, one line says why, the advice too, and every other call is harmless`, async () => {
    const body = `
      const { promise } = sessionReplay.init("key", { ...GOOD, ${option} });
      tell("at once");
      await tell(String(await promise));
      await tell(await calls());
      await tell(await calls());
      await tell(await sessionReplay.shutdown());`;
    const { told, said } = await run(where, body, env);
    assert.equal(said.length, 1, said.join("\n"));
    assert.match(said[0], /^init failed: /);
    assert.match(said[0], reason);
    assert.deepEqual(told.map(({ what }) => what), ["at once", "undefined", QUIET, QUIET, "ok"]);
    for (const { state, advice } of told) assert.deepEqual([state, advice], ["not-initialized", said[0]]);
  });
}

test("a bad API key is told as one", async () => {
  for (const key of ['""', "undefined", '"a\\0b"']) {
    const { told, said } = await run(home, `await tell(String(await sessionReplay.init(${key}, GOOD).promise));`);
    assert.match(said.join("\n"), /^init failed: [^\n]*API key[^\n]*$/);
    assert.deepEqual(told, [{ what: "undefined", state: "not-initialized", advice: said[0] }]);
  }
});

test("after an init that failed the next one starts, and the advice is forgotten", async () => {
  const body = `
    await sessionReplay.init("key", { ...GOOD, storageDir: 5 }).promise;
    await sessionReplay.init("key", GOOD).promise;
    await tell(sessionReplay.record({ type: 5, timestamp: 1, data: {} }));
    await sessionReplay.shutdown(0);
    await tell("ended");
    process.exit(0);`;
  const { told, said } = await run(home, body);
  assert.deepEqual(told.map(({ what, state }) => [what, state]), [["needs-full-snapshot", "capturing"], ["ended", "not-initialized"]]);
  assert.equal(told[1].advice, "call init");
  assert.equal(said.filter((line) => line.startsWith("init failed")).length, 1);
});

test("an init that fails while a recorder runs leaves that as it is, and its own advice", async () => {
  const body = `
    await sessionReplay.init("key", GOOD).promise;
    await sessionReplay.init("key", { ...GOOD, libraryPath: 5 }).promise;
    await tell("goes on");
    await sessionReplay.shutdown(0);
    await tell("ended");
    process.exit(0);`;
  const { told, said } = await run(home, body);
  assert.equal(told[0].state, "capturing");
  assert.equal(told[0].advice, null);
  assert.equal(told[1].advice, "call init");
  assert.match(said.join("\n"), /^init failed: option "libraryPath"/m);
});

test("after shutdown every call is harmless, and each is told once", async () => {
  const body = `
    await sessionReplay.init("key", { ...GOOD, optOut: true }).promise;
    await sessionReplay.shutdown();
    await tell(await calls()); await tell(await calls());`;
  const { told, said } = await run(home, body);
  for (const one of told) assert.deepEqual(one, { what: QUIET, state: "not-initialized", advice: "call init" });
  assert.equal(new Set(said).size, said.length, said.join("\n"));
  assert.ok(said.includes("record: nothing is being recorded: call init first"), said.join("\n"));
});

test("a worker thread that can't load the library says so itself, and ends by itself", async () => {
  const worker = `const sessionReplay = require("session-replay-native");
    sessionReplay.init("key").promise.then(() => console.log("told: " + JSON.stringify({ what: "worker", ...sessionReplay.stats() })));`;
  const body = `
    const { Worker } = require("node:worker_threads");
    const thread = new Worker(${JSON.stringify(worker)}, { eval: true, execArgv: [] });
    await require("node:events").once(thread, "exit");`;
  const { told, said } = await run(home, body, { SESSION_REPLAY_LIBRARY: "" });
  assert.equal(said.length, 1, said.join("\n"));
  assert.deepEqual(told.map(({ what, state, advice }) => [what, state, advice]), [["worker", "not-initialized", said[0]]]);
});

test("a page without a preload script: init resolves, and the console says once what is missing", async () => {
  const page = join(home, "node_modules/session-replay-native/dist/electron/renderer.js");
  const body = `
    const page = require(${JSON.stringify(page)});
    await tell(String(await page.init("key").promise)); await tell(String(await page.init("key").promise));`;
  const { told, said } = await run(home, body);
  assert.deepEqual(told.map(({ what }) => what), ["undefined", "undefined"]);
  assert.match(said.join("\n"), /^init failed: window\.sessionReplay is not there: [^\n]*preloadPath\.$/);
});

const BAD = "{ ...GOOD, storageDir: 5, LOG }";
const LISTENER = 'sessionReplay.on("log", ({ level, message }) => console.log("heard: " + level + " " + message));';
const LOGGER = 'const logger = { error: (text) => console.log("logger: " + text), warn() {}, log() {} };';
for (const [name, before, log, expected] of [
  ["nothing is said about the log", "", "", [1, 0, 0]],
  ["a listener of the log", LISTENER, "", [0, 1, 0]],
  ["a logger", LOGGER, "loggerProvider: logger", [0, 0, 1]],
  ["a logger and a listener", LOGGER + LISTENER, "loggerProvider: logger", [0, 1, 1]],
  ["loggerProvider: null", "", "loggerProvider: null", [0, 0, 0]],
  ['logLevel: "none"', "", 'logLevel: "none"', [0, 0, 0]],
  ["logLevel: 0", "", "logLevel: 0", [0, 0, 0]],
  ['logLevel: "error"', "", 'logLevel: "error"', [1, 0, 0]],
]) {
  test(`with ${name}, a failure is told to whom it should be`, async () => {
    const body = `${before} await sessionReplay.init("key", ${BAD.replace("LOG", log)}).promise; await tell("after");`;
    const env = { SESSION_REPLAY_LIBRARY: libraryPath };
    const { output } = await runInstalled(home, `${CALLS} (async () => { ${body} })();`, { env });
    const count = (start) => output.split("\n").filter((line) => line.startsWith(start)).length;
    assert.deepEqual([count("session-replay: "), count("heard: "), count("logger: ")], expected, output);
    assert.match(output, /"advice":"init failed: option/, "the stats say it in any case");
  });
}

test("a listener that is added after init, in the same turn, takes the console's place", async () => {
  const { output } = await runInstalled(home, `${CALLS} sessionReplay.init("key", { storageDir: 5 }); ${LISTENER}`, {
    env: { SESSION_REPLAY_LIBRARY: libraryPath },
  });
  assert.match(output, /^heard: error init failed: [^\n]*\n$/);
});

test("what the library itself warns of comes to the console, of a process that has nothing else to do, too", async () => {
  const body = `
    const server = require("node:http").createServer((request, response) => response.writeHead(400).end()).listen(0, "127.0.0.1");
    await require("node:events").once(server, "listening");
    const trackServerUrl = "http://127.0.0.1:" + server.address().port + "/";
    const { warn, error } = console;
    const said = new Promise((resolve) => (console.warn = console.error = (text) => resolve(text)));
    await sessionReplay.init("key", { ...GOOD, trackServerUrl, flushIntervalConfig: { minIntervalMs: 100, maxIntervalMs: 100 } }).promise;
    sessionReplay.record({ type: 5, timestamp: 1, data: {} });
    await tell(await said);
    process.exit(0);`;
  const { told } = await run(home, body);
  assert.match(told[0].what, /^session-replay: /);
});

test("the console hears the same warning in succession once, a logger and a listener each time", async () => {
  const lines = [["warn", "a"], ["warn", "a"], ["warn", "b"], ["warn", "a"], ["error", "e"], ["error", "e"]];
  const said = async (hub) => {
    const heard = [];
    const { warn, error } = console;
    console.warn = console.error = (text) => heard.push(text.replace("session-replay: ", ""));
    for (const [level, message] of lines) hub.log(level, message);
    await new Promise(setImmediate);
    Object.assign(console, { warn, error });
    return heard.join("");
  };
  assert.equal(await said(new EventHub()), "abaee");
  const heard = [];
  const logger = { warn: (text) => heard.push(text), error: (text) => heard.push(text) };
  assert.equal(await said(Object.assign(new EventHub(), { logSettings: { logger, level: "warn" } })), "");
  assert.equal(heard.length, 6);
});

test("who gets a line, and how often the library is polled for it", () => {
  const logger = {};
  for (const [settings, hasListener, lines, interval] of [
    [{ logger: undefined, level: "warn" }, false, ["console", "console", undefined, undefined], 1_000],
    [{ logger: undefined, level: "debug" }, false, ["console", "console", "console", "console"], 1_000],
    [{ logger: undefined, level: "error" }, false, ["console", undefined, undefined, undefined], 1_000],
    [{ logger: undefined, level: "none" }, false, [undefined, undefined, undefined, undefined], undefined],
    [{ logger: undefined, level: "warn" }, true, [undefined, undefined, undefined, undefined], 250],
    [{ logger: null, level: "debug" }, false, [undefined, undefined, undefined, undefined], undefined],
    [{ logger: null, level: "warn" }, true, [undefined, undefined, undefined, undefined], 250],
    [{ logger, level: "warn" }, false, ["logger", "logger", "logger", "logger"], 250],
    [{ logger, level: "none" }, true, ["logger", "logger", "logger", "logger"], 250],
  ]) {
    const targets = ["error", "warn", "info", "debug"].map((level) => logTarget(settings, hasListener, level));
    assert.deepEqual(targets, lines, JSON.stringify({ settings, hasListener }));
    assert.equal(pollInterval(settings, hasListener, hasListener), interval, JSON.stringify({ settings, hasListener }));
  }
  assert.equal(pollInterval({ logger: null, level: "warn" }, false, true), 250, "somebody waits for sessions");
});
