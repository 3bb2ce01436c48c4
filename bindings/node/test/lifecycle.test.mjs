// Beginning and end: calls at the wrong time, init again, ids, opt-out, sampling, remote configuration.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { SESSION, custom, fullSnapshot, payloads } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

let viewer;
const logged = [];
before(async () => {
  viewer = await startViewer();
  sessionReplay.on("log", (line) => logged.push(line));
});
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

const turn = () => new Promise(setImmediate);
const start = (deviceId, more = {}) =>
  sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...more })).promise;

/** What the log said while this ran. */
async function logOf(work) {
  logged.length = 0;
  await work();
  await turn();
  return logged.map(({ message }) => message).join("\n");
}

async function quietAndEmpty() {
  assert.equal(sessionReplay.record(fullSnapshot()), "not-captured");
  assert.equal(sessionReplay.recordLines(JSON.stringify(fullSnapshot())), 0);
  assert.deepEqual(sessionReplay.getSessionReplayProperties(), {});
  assert.equal(sessionReplay.getSessionId(), undefined);
  assert.equal(sessionReplay.getSessionReplayId(), undefined);
  assert.deepEqual(sessionReplay.getPrivacyConfig(), {});
  assert.equal(sessionReplay.stats().state, "not-initialized");
  await sessionReplay.setSessionId(SESSION).promise;
  await sessionReplay.setDeviceId("device").promise;
  sessionReplay.setOptOut(false);
  sessionReplay.stop();
  await sessionReplay.start().promise;
  assert.equal(await sessionReplay.flush(100), "ok");
  assert.equal(await sessionReplay.shutdown(100), "ok");
  await sessionReplay.evaluateTargetingAndCapture({ event: { event_type: "x" } }, true);
}

test("before init and after shutdown every call is quiet, and the log tells of it once", async () => {
  const said = await logOf(async () => {
    await quietAndEmpty();
    await quietAndEmpty();
  });
  for (const call of ["record", "setSessionId", "flush"]) {
    assert.equal(said.split(`${call}: nothing is being recorded`).length, 2, said);
  }
  await start("quiet");
  sessionReplay.record(custom(1));
  assert.equal(await sessionReplay.shutdown(10_000), "ok");
  await quietAndEmpty();
  assert.deepEqual(payloads(await viewer.events("quiet", SESSION)), [1]);
});

test("what init does without waiting is done when it returns", async () => {
  const { promise } = sessionReplay.init("key", viewer.options({ deviceId: "at-once", sessionId: SESSION }));
  assert.equal(sessionReplay.record(custom("at once")), "needs-full-snapshot");
  assert.equal(sessionReplay.getSessionId(), SESSION);
  await promise;
  assert.deepEqual(sessionReplay.getSessionReplayProperties(), {
    "[Amplitude] Session Replay ID": `at-once/${SESSION}`,
  });
  assert.equal(await sessionReplay.flush(), "ok");
});

test("init again with the same options only takes over the ids", async () => {
  await start("same");
  sessionReplay.record(custom("first"));
  sessionReplay.init("key", viewer.options({ deviceId: "same", sessionId: SESSION + 1 }));
  sessionReplay.record(custom("second"));
  assert.equal(await sessionReplay.flush(), "ok");
  assert.equal(sessionReplay.stats().recorded.events, 2, "it is the same recorder");
  assert.deepEqual(payloads(await viewer.events("same", SESSION)), ["first"]);
  assert.deepEqual(payloads(await viewer.events("same", SESSION + 1)), ["second"]);
});

test("init again with other options sends what the first had, and starts anew", async () => {
  await start("other");
  sessionReplay.record(custom("first"));
  await start("other", { debugMode: true });
  assert.match(sessionReplay.getSessionReplayProperties()["[Amplitude] Session Replay Debug"], /appHash/);
  assert.equal(sessionReplay.stats().recorded.events, 0, "it is another recorder");
  sessionReplay.record(custom("second"));
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("other", SESSION)), ["first", "second"]);
});

test("of many calls of init and shutdown at once the newest counts", async () => {
  const inits = [1, 2, 3, 4].map((n) => start(`many-${n}`, { minSessionDurationMs: n }));
  await Promise.all(inits);
  assert.equal(sessionReplay.getSessionReplayId(), `many-4/${SESSION}`);
  const again = [start("many-5", { minSessionDurationMs: 5 }), sessionReplay.shutdown(), sessionReplay.shutdown(1)];
  await Promise.all(again);
  assert.equal(sessionReplay.stats().state, "not-initialized");
  const last = [sessionReplay.shutdown(), start("many-6")];
  await Promise.all(last);
  assert.equal(sessionReplay.getSessionReplayId(), `many-6/${SESSION}`);
});

test("session ids of every kind", async () => {
  const sessions = [];
  const listener = (id) => sessions.push(id);
  sessionReplay.on("session", listener);
  await start("ids");
  const good = [SESSION + 1, String(SESSION + 2), "my.session-1", Number.MAX_SAFE_INTEGER, "9007199254740993", 1];
  for (const id of good) await sessionReplay.setSessionId(id).promise;
  await turn();
  assert.deepEqual(sessions, [
    SESSION,
    SESSION + 1,
    SESSION + 2,
    "my.session-1",
    Number.MAX_SAFE_INTEGER,
    "9007199254740993",
    1,
  ]);
  for (const none of [0, "", null, undefined, NaN, -1, -Infinity, Infinity, 0.5, -5n]) {
    await sessionReplay.setSessionId(none).promise;
  }
  assert.equal(sessionReplay.getSessionId(), 1, "none yet: nothing changes");
  for (const [given, taken] of [
    [SESSION + 0.75, SESSION],
    [BigInt(SESSION + 1), SESSION + 1],
    [2n ** 63n, "9223372036854775808"],
    [1.5, 1],
  ]) {
    await sessionReplay.setSessionId(given).promise;
    assert.equal(sessionReplay.getSessionId(), taken);
  }
  for (const bad of [{}, [], true, "a/b", "a\0b", "ü", "x".repeat(513)]) {
    await assert.rejects(sessionReplay.setSessionId(bad).promise, {
      name: "SessionReplayError",
      status: "invalid-argument",
    });
  }
  assert.equal(sessionReplay.getSessionId(), 1);
  sessionReplay.off("session", listener);
});

test("a session id that is a text is known before there is a device", async () => {
  await start(undefined, { sessionId: "text" });
  assert.equal(sessionReplay.getSessionId(), "text");
  assert.equal(sessionReplay.stats().state, "no-device-id");
  await sessionReplay.setSessionId("other", "device").promise;
  assert.equal(sessionReplay.getSessionId(), "other");
  assert.equal(sessionReplay.getSessionReplayId(), "device/other");
});

test("another device is another replay", async () => {
  await start("device-a");
  sessionReplay.record(custom("a"));
  await sessionReplay.setSessionId(SESSION, "device-b").promise;
  sessionReplay.record(custom("b"));
  await assert.rejects(sessionReplay.setDeviceId("a/b").promise, { status: "invalid-argument" });
  await assert.rejects(sessionReplay.setDeviceId(5).promise, { status: "invalid-argument" });
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("device-a", SESSION)), ["a"]);
  assert.deepEqual(payloads(await viewer.events("device-b", SESSION)), ["b"]);
});

test("the reference document's first snippet works where there is no session yet, and with ids out of cookies", async () => {
  await start("snippet", { sessionId: 0 });
  assert.equal(sessionReplay.stats().state, "no-session-id");
  const stored = String(SESSION);
  const next = SESSION + 5;
  assert.ok(stored < next);
  sessionReplay.setSessionId(next);
  sessionReplay.record(custom("kept"));
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("snippet", next)), ["kept"]);
});

test("the user's wish and stop() stand beside each other", async () => {
  await start("wishes", { optOut: true });
  assert.equal(sessionReplay.record(custom("no")), "not-captured");
  sessionReplay.stop();
  sessionReplay.setOptOut(false);
  assert.equal(sessionReplay.stats().state, "paused", "still stopped");
  await sessionReplay.start().promise;
  assert.equal(sessionReplay.stats().state, "capturing");
  sessionReplay.record(custom("yes"));
  sessionReplay.setOptOut(true);
  await sessionReplay.start().promise;
  sessionReplay.record(custom("no"));
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("wishes", SESSION)), ["yes"]);
  sessionReplay.setOptOut(false);
});

test("init waits for the remote configuration, and privacy is joined with it", async () => {
  const remote = (capture_enabled) => ({
    sr_sampling_config: { sample_rate: 1, capture_enabled },
    sr_privacy_config: { defaultMaskLevel: "conservative", maskSelector: [".remote"] },
  });
  await viewer.setRemoteConfig(remote(false));
  await start("remote-off", { enableRemoteConfig: true });
  assert.equal(sessionReplay.stats().state, "capture-disabled");
  assert.equal(sessionReplay.record(custom("no")), "not-captured");
  await sessionReplay.shutdown();
  await viewer.setRemoteConfig(remote(true));
  await viewer.fault({ on: "config", delay_ms: 300 });
  const { promise } = sessionReplay.init("key", {
    ...viewer.options({ deviceId: "remote-on", sessionId: SESSION, sampleRate: 0, enableRemoteConfig: true }),
    privacyConfig: { defaultMaskLevel: "light", maskSelector: [".local"] },
  });
  assert.equal(sessionReplay.stats().state, "waiting-for-remote-config");
  assert.deepEqual(sessionReplay.getSessionReplayProperties(), {});
  sessionReplay.record(custom("while it was awaited"));
  await promise;
  assert.equal(sessionReplay.stats().state, "capturing");
  const privacy = sessionReplay.getPrivacyConfig();
  assert.equal(privacy.defaultMaskLevel, "conservative");
  assert.deepEqual([...privacy.maskSelector].sort(), [".local", ".remote"]);
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("remote-on", SESSION)), ["while it was awaited"]);
});

test("refused options keep init from recording, with a sentence that names them in the log and in the advice", async () => {
  const refused = async (options, message, key = "key") => {
    const said = await logOf(async () => {
      const { promise } = sessionReplay.init(key, options);
      assert.match(sessionReplay.stats().advice, message, "known when init returns");
      assert.equal(await promise, undefined, "it is not rejected: nobody has to listen");
    });
    assert.equal(said, sessionReplay.stats().advice);
    assert.match(said, /^init failed: /);
    assert.deepEqual(logged.map(({ level }) => level), ["error"]);
    assert.equal(sessionReplay.stats().state, "not-initialized");
  };
  const more = (options) => viewer.options(options);
  await refused(more({ deviceId: "a/b" }), /deviceId/);
  await refused(more({ sessionId: "a/b" }), /sessionId/);
  await refused(more({ trackServerUrl: "not an address" }), /trackServerUrl/);
  await refused(more({ storageLimitBytes: 5 }), /storageLimitBytes/);
  await refused(more({ storageLimitBytes: NaN }), /storageLimitBytes/);
  await refused(more({ storageDir: 5 }), /storageDir/);
  await refused(more({ backend: "wasm" }), /"koffi" or "ffi-napi"/);
  await refused(more({ libraryPath: 5 }), /libraryPath/);
  const circle = {};
  await refused(more({ segment: Object.assign(circle, { circle }) }), /can't be written as JSON/);
  await refused(more({ privacyConfig: { maskSelector: ["x".repeat(5_000)] } }), /maskSelector/);
  const tooMany = Array.from({ length: 1_001 }, (_none, number) => `.a${number}`);
  await refused(more({ privacyConfig: { maskSelector: tooMany } }), /maskSelector.*at most 1000/);
  // As in the browser SDK: what the rules were to hide would be told.
  await refused(more({ interactionConfig: { ugcFilterRules: [{ selector: "x", replacement: "y" }] } }), /ugcFilterRule/);
  await refused("options", /must be an object/);
  await refused(more({}), /API key/, "");
  await refused(more({}), /API key/, null);
  await refused(more({}), /NUL/, "a\0b");
});

test("the host's own logger is told why nothing begins, even where an option throws when it is read", async () => {
  await sessionReplay.shutdown(0);
  const boom = () => {
    throw new Error("mine");
  };
  const lazy = (name) => Object.defineProperty({}, name, { enumerable: true, get: boom });
  const cases = [
    [lazy("sampleRate"), /init failed: option "sampleRate" can't be read: mine/],
    [{ privacyConfig: lazy("maskSelector") }, /init failed: option "privacyConfig" can't be read: mine/],
    [{ version: lazy("type") }, /init failed: option "version" can't be read: mine/],
    [{ libraryPath: 5 }, /init failed: option "libraryPath" must be a text/],
    [viewer.options({ storageDir: 5 }), /init failed: option "storageDir"/],
  ];
  for (const [options, message] of cases) {
    const lines = [];
    Object.defineProperty(options, "loggerProvider", { enumerable: true, value: { error: (line) => lines.push(line) } });
    await sessionReplay.init("key", options).promise;
    await new Promise(setImmediate);
    assert.match(sessionReplay.stats().advice, message);
    assert.match(lines.join("\n"), message);
  }
  // Of the logger itself: then only the listeners hear.
  const said = await logOf(() => void sessionReplay.init("key", lazy("loggerProvider")));
  assert.match(said, /option "loggerProvider" can't be read: mine/);
});

test("the browser SDK's own options are taken", async () => {
  const warned = await logOf(() =>
    start("browser", {
      ...{ logLevel: 3, storeType: "idb", useWebWorker: true, version: { type: "plugin", version: "1.2.3" } },
      ...{ performanceConfig: { enabled: true }, interactionConfig: { enabled: true, batch: true }, experimental: {} },
      ...{ instanceName: "x", shouldInlineStylesheet: true, userProperties: { a: 1 }, eagerFullSnapshotSend: true },
      ...{ sendTimeoutMs: 0, flushMaxRetries: 0, maxPersistedEventsSizeBytes: 1e9, configServerUrl: undefined },
      ...{ crossOriginIframes: { enabled: false } },
    }),
  );
  assert.match(warned, /"storeType" is ignored.*storageDir/);
  sessionReplay.record(custom("sent"));
  assert.equal(await sessionReplay.flush(), "ok");
  const [session] = (await viewer.sessions()).filter(({ device_id }) => device_id === "browser");
  assert.match(JSON.stringify(session), /plugin\/1\.2\.3/);
});

test("a loggerProvider hears what the log says", async () => {
  const heard = [];
  const logger = Object.fromEntries(
    ["error", "warn", "log", "debug"].map((level) => [level, (text) => heard.push([level, text])]),
  );
  await viewer.fault({ status: 400 });
  await start("logger", { loggerProvider: logger, logLevel: "debug" });
  sessionReplay.record(custom("refused by the server"));
  await sessionReplay.flush();
  await turn();
  assert.ok(
    heard.some(([level, text]) => level !== "debug" && text.startsWith("session-replay: ")),
    JSON.stringify(heard),
  );
});

test("a logger that throws, or is none, harms nobody", async () => {
  const fails = () => {
    throw new Error("the logger's own");
  };
  for (const loggerProvider of [{ error: fails, warn: fails, log: fails, debug: fails }, {}, 5]) {
    await start("bad-logger", { loggerProvider, logLevel: "debug", handleSendEvents: fails });
    await assert.rejects(sessionReplay.flush(-1));
    await turn();
  }
});

test("sessions that the library begins itself are told, too", async () => {
  const emitter = new EventTarget();
  sessionReplay.once("session", (id) => emitter.dispatchEvent(Object.assign(new Event("session"), { id })));
  await start("timeout", { sessionId: undefined, sessionTimeoutMs: 1_000 });
  const [event] = await Promise.all([once(emitter, "session"), sessionReplay.record(custom("begins a session"))]);
  assert.equal(event[0].id, sessionReplay.getSessionId());
});
