// Events that nobody should send, hosts that do things in another order: every event passes, once and in its place, and
// session replay keeps its device and session.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { Analytics } from "@segment/analytics-node";
import * as sessionReplay from "session-replay-native";
import { createSegmentPlugin, createSourceMiddleware, initWithAmplitudeClassic } from "session-replay-native/segment";
import { startViewer } from "../support/viewer.mjs";
import { REPLAY_ID } from "./support/replays.mjs";
import { startSegment } from "./support/segment-endpoint.mjs";

const SESSION = 1732300000000;
let viewer;
before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

const actions = (session) => ({ "Actions Amplitude": { session_id: session } });
const track = (more = {}) => ({ type: "track", anonymousId: "anonymous-1", ...more });
const quiet = { ...console, warn() {} };

/** Sends an event through the middleware; what passed. */
async function through(middleware, event) {
  const passed = [];
  await middleware({ payload: { obj: event }, next: ({ obj }) => passed.push(obj) });
  assert.equal(passed.length, 1);
  return passed[0];
}
const replayOf = (event) => event.properties?.[REPLAY_ID];
const start = (more) => sessionReplay.init("key", viewer.options(more)).promise;

test("a device id that init was given stays, though no session was known then", async () => {
  await start({ deviceId: "own" });
  const middleware = createSourceMiddleware();
  await through(middleware, track());
  for (const session of [SESSION, SESSION + 1]) {
    assert.equal(replayOf(await through(middleware, track({ integrations: actions(session) }))), `own/${session}`);
  }
});

test("without one, the device is the anonymous id, and follows it", async () => {
  await start();
  const middleware = createSourceMiddleware();
  assert.equal(replayOf(await through(middleware, track({ integrations: actions(SESSION) }))), `anonymous-1/${SESSION}`);
  assert.equal(replayOf(await through(middleware, track({ anonymousId: "other" }))), `other/${SESSION}`);
  assert.equal(replayOf(await through(middleware, { type: "track", event: "no device" })), undefined);
  await through(middleware, { type: "identify", anonymousId: null, integrations: { "Actions Amplitude": false } });
  const next = track({ anonymousId: "third", integrations: actions(SESSION + 1) });
  assert.equal(replayOf(await through(middleware, next)), `third/${SESSION + 1}`);
});

test("a middleware from before init, and over a shutdown and another init", async () => {
  const middleware = createSourceMiddleware({ loggerProvider: quiet });
  const send = () => through(middleware, track({ integrations: actions(SESSION) }));
  assert.equal(replayOf(await send()), undefined);
  await start();
  assert.equal(replayOf(await send()), `anonymous-1/${SESSION}`);
  await sessionReplay.shutdown(5_000);
  assert.equal(replayOf(await send()), undefined);
  await start();
  assert.equal(replayOf(await send()), `anonymous-1/${SESSION}`);
});

test("what is no session id changes nothing, and is told once", async () => {
  await start();
  const warned = [];
  const middleware = createSourceMiddleware({ loggerProvider: { warn: (...line) => warned.push(line) } });
  await through(middleware, track({ integrations: actions(SESSION) }));
  const none = [undefined, null, 0, -1, "0"];
  for (const id of none) await through(middleware, track({ integrations: actions(id) }));
  assert.deepEqual(warned, []);
  const later = SESSION + 1;
  const wrong = [BigInt(later), NaN, "", " ", Symbol("s"), {}, [later], true, `0x${later.toString(16)}`, "1e999", Infinity, -5, later + 0.5, new Number(later), new Date(later)];
  for (const id of wrong) {
    await through(middleware, track({ integrations: actions(id) }));
    assert.equal(sessionReplay.getSessionId(), SESSION, String(id));
  }
  assert.equal(warned.length, 1);
});

test("events of every kind pass as they are, or with nothing but the replay's properties", async () => {
  await start({ deviceId: "d", sessionId: SESSION });
  const middleware = createSourceMiddleware({ loggerProvider: quiet });
  const id = { [REPLAY_ID]: `d/${SESSION}` };
  class Order {
    #id = 7;
    toJSON = () => ({ id: this.#id });
  }
  const enriched = [
    [{ properties: new Order() }, { id: 7 }],
    [{ properties: Object.freeze({ a: 1 }) }, { a: 1 }],
    [{ properties: Object.assign(Object.create(null), { a: 1 }) }, { a: 1 }],
    [{ properties: JSON.parse('{"__proto__":{"a":1}}') }, JSON.parse('{"__proto__":{"a":1}}')],
    [{ integrations: null, properties: null }, {}],
    [{ integrations: [] }, {}],
  ];
  for (const [more, properties] of enriched) {
    const passed = await through(middleware, track(more));
    assert.equal(JSON.stringify(passed.properties), JSON.stringify({ ...properties, ...id }));
  }
  const hostile = () => {
    throw new Error("hostile");
  };
  const asTheyAre = [
    Object.freeze(track()),
    track({ properties: new Date(0) }),
    track({ properties: "text" }),
    // An async function asks what it returns for `then`.
    new Proxy({}, { get: (_event, name) => name !== "then" && hostile() }),
    Object.defineProperty(track(), "integrations", { get: hostile }),
    ...[null, undefined, 7, "text", [], { type: "track ", properties: {} }],
  ];
  for (const event of asTheyAre) assert.equal(await through(middleware, event), event);
});

test("a logger that fails and a next that fails cost no other event", async () => {
  await start({ deviceId: "d", sessionId: SESSION });
  const warn = () => {
    throw new Error("logger");
  };
  const middleware = createSourceMiddleware({ loggerProvider: { warn } });
  assert.equal(replayOf(await through(middleware, track({ integrations: actions("soon") }))), `d/${SESSION}`);
  const passed = [];
  const next = ({ obj }) => {
    passed.push(obj.n);
    if (obj.n === 2) throw new Error("next");
  };
  const sent = [1, 2, 3].map((n) => middleware({ payload: { obj: track({ n }) }, next }));
  assert.deepEqual((await Promise.allSettled(sent)).map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(passed, [1, 2, 3]);
});

test("a device that an earlier run kept gives way to the anonymous id of this one", async (t) => {
  const storageDir = mkdtempSync(join(tmpdir(), "session-replay-kept-"));
  t.after(() => rmSync(storageDir, { recursive: true, force: true }));
  for (const anonymousId of ["first", "second"]) {
    await start({ storageDir });
    const event = track({ anonymousId, integrations: actions(SESSION) });
    assert.equal(replayOf(await through(createSourceMiddleware(), event)), `${anonymousId}/${SESSION}`);
    await sessionReplay.shutdown(5_000);
  }
  await start({ storageDir, deviceId: "own" });
  const event = track({ integrations: actions(SESSION + 1) });
  assert.equal(replayOf(await through(createSourceMiddleware(), event)), `own/${SESSION + 1}`);
});

test("a getter that promises, and one that fails, change nothing and reject nothing", async () => {
  await start({ deviceId: "d", sessionId: SESSION });
  const warned = [];
  const loggerProvider = { warn: (...line) => warned.push(line.join(" ")) };
  const hostile = [
    () => Promise.resolve(SESSION + 1),
    async () => Promise.reject(new Error("the runner fails the test for a rejection that nobody handles")),
    () => {
      throw new Error("thrown");
    },
  ];
  for (const getSessionId of hostile) {
    const middleware = createSourceMiddleware({ mode: "classic-device", getSessionId, loggerProvider });
    assert.equal(replayOf(await through(middleware, track())), `d/${SESSION}`);
  }
  // A rejection is told at the end of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(warned.length, 3);
  assert.ok(warned.every((line) => line.length < 1_000));
});

test("amplitude-js that starts before session replay can: no rejection that nobody handles, and a logger that fails", async () => {
  const classic = { onInit: (ready) => ready(), getSessionId: () => SESSION, options: { deviceId: "classic" } };
  const told = [];
  const tell = (...line) => told.push(line.join(" "));
  const refused = { ...viewer.options(), storageLimitBytes: 1, loggerProvider: { ...quiet, warn: tell, error: tell } };
  void initWithAmplitudeClassic("key", classic, refused);
  const broken = { ...classic, getSessionId: () => assert.fail("not yet") };
  void initWithAmplitudeClassic("key", broken, { ...viewer.options(), loggerProvider: {} });
  const plugin = createSegmentPlugin({ amplitudeApiKey: "key", sessionReplayOptions: { ...refused, loggerProvider: {} } });
  await plugin.load({}, {});
  await plugin.track({ event: track() });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(told.length, 1);
  assert.match(told[0], /init failed: .*storageLimitBytes/);
  await initWithAmplitudeClassic("key", classic, viewer.options({ deviceId: undefined })).promise;
  assert.equal(sessionReplay.getSessionReplayId(), `classic/${SESSION}`);
});

for (const segment of [undefined, { mode: "classic-device" }]) {
  test(`a session begins with a wish for a full snapshot, with the option segment ${JSON.stringify(segment)}`, async () => {
    await start({ segment });
    let wishes = 0;
    const wish = () => wishes++;
    sessionReplay.on("needs-full-snapshot", wish);
    const middleware = createSourceMiddleware();
    for (const session of [SESSION, SESSION + 1]) {
      await through(middleware, track({ integrations: actions(session) }));
      assert.equal(sessionReplay.getSessionId(), session);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(wishes, 1);
      wishes = 0;
      assert.equal(sessionReplay.record({ type: 2, timestamp: session, data: { node: { type: 0, childNodes: [{ type: 2, tagName: "html", childNodes: [] }], id: 1 } } }), "ok");
    }
    await through(middleware, track({ integrations: actions(SESSION + 1) }));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(wishes, 0);
    sessionReplay.off("needs-full-snapshot", wish);
  });
}

const MODES = { actions: {}, "classic-device": { getSessionId: () => SESSION }, "classic-cloud": {} };
for (const [mode, needs] of Object.entries(MODES)) {
  test(`${mode}: events of sessions that are not captured get no replay id, as long as they are not`, async () => {
    const cases = [
      [{ sampleRate: 0 }, "not-in-sample"],
      [{ optOut: true }, "opted-out"],
      [{ sampleRate: 1 }, "capturing"],
    ];
    for (const [options, state] of cases) {
      await start({ deviceId: "d", sessionId: SESSION, ...options });
      const middleware = createSourceMiddleware({ mode, ...needs });
      const replay = async () => replayOf(await through(middleware, track({ integrations: actions(SESSION) })));
      assert.equal(sessionReplay.stats().state, state);
      const id = state === "capturing" ? `d/${SESSION}` : undefined;
      assert.equal(await replay(), id);
      sessionReplay.setOptOut(true);
      assert.equal(await replay(), undefined);
      sessionReplay.setOptOut(false);
      assert.equal(await replay(), state === "not-in-sample" ? undefined : `d/${SESSION}`);
      await sessionReplay.shutdown(5_000);
      assert.equal(await replay(), undefined);
    }
  });
}

test("followAnalytics follows what it is told, by the rules, and refuses what nobody can mean", async () => {
  await start();
  const follow = (told) => sessionReplay.followAnalytics(told).promise;
  const wrong = [undefined, null, 7, { deviceId: 7 }, { deviceId: "a\0" }, { sessionId: NaN }, { sessionId: -1 }, { sessionId: 1.5 }];
  for (const told of wrong) await assert.rejects(follow(told), { status: "invalid-argument" }, JSON.stringify(told));
  const steps = [
    [{ deviceId: null, sessionId: 0 }, undefined],
    [{ deviceId: "one" }, undefined],
    [{ sessionId: SESSION + 1 }, `one/${SESSION + 1}`],
    [{ deviceId: "two", sessionId: SESSION }, `one/${SESSION + 1}`],
    [{ deviceId: "two" }, `two/${SESSION + 1}`],
    [{ deviceId: "no device id" }, `two/${SESSION + 1}`],
    [{ deviceId: "", sessionId: SESSION + 2 }, `two/${SESSION + 2}`],
  ];
  for (const [told, replayId] of steps) {
    await follow(told);
    assert.equal(sessionReplay.getSessionReplayId(), replayId, JSON.stringify(told));
  }
  await sessionReplay.setDeviceId("own").promise;
  await follow({ deviceId: "three" });
  assert.equal(sessionReplay.getSessionReplayId(), `own/${SESSION + 2}`);
  await sessionReplay.shutdown(5_000);
  await follow({ deviceId: "three" });
});

test("two middlewares do what one does", async () => {
  await start();
  const [first, second] = [createSourceMiddleware(), createSourceMiddleware()];
  for (const session of [SESSION, SESSION + 1]) {
    const event = track({ properties: { a: 1 }, integrations: actions(session) });
    const passed = await through(second, await through(first, event));
    assert.deepEqual(passed.properties, { a: 1, [REPLAY_ID]: `anonymous-1/${session}` });
  }
});

test("a shutdown in the middle: what is on its way arrives, without a replay", async (t) => {
  const segment = await startSegment();
  t.after(() => segment.stop());
  const library = new Analytics({ writeKey: "key", host: segment.url, flushAt: 1 });
  await library.register(createSegmentPlugin({ amplitudeApiKey: "key", sessionReplayOptions: { ...viewer.options(), loggerProvider: quiet } }));
  for (let n = 0; n < 20; n++) library.track(track({ event: `${n}`, integrations: actions(SESSION + n) }));
  await sessionReplay.shutdown(5_000);
  for (let n = 20; n < 40; n++) library.track(track({ event: `${n}`, integrations: actions(SESSION + n) }));
  await library.closeAndFlush();
  const events = await segment.arrived(40);
  for (const event of events.filter(replayOf)) {
    assert.equal(replayOf(event), `anonymous-1/${event.integrations["Actions Amplitude"].session_id}`);
  }
  assert.deepEqual(events.filter(({ event }) => Number(event) >= 20).filter(replayOf), []);
});

test("session ids are read as the library reads them: the vectors that prove both", async () => {
  const { parseSessionId } = createRequire(import.meta.url)("../../bindings/node/dist/integration/analytics-ids.js");
  const vectors = JSON.parse(readFileSync(new URL("../fixtures/segment/session-ids.json", import.meta.url), "utf8"));
  assert.ok(vectors.length > 40);
  for (const { json, session } of vectors) {
    const expected = session === null ? undefined : session === false ? null : session;
    assert.ok(Object.is(parseSessionId(JSON.parse(json)), expected), json);
  }
  // And through both, from the outside.
  for (const { json, session } of vectors) {
    const text = `{"type":"track","integrations":{"Actions Amplitude":{"session_id":${json}}}}`;
    const ways = {
      library: () => sessionReplay.processSegmentEvent(text),
      package: () => through(createSourceMiddleware({ loggerProvider: quiet }), JSON.parse(text)),
    };
    for (const [way, send] of Object.entries(ways)) {
      await start({ deviceId: "d", segment: { mode: "actions" } });
      await send();
      assert.equal(sessionReplay.getSessionId(), session || undefined, `${way}: ${json}`);
      await sessionReplay.shutdown(1_000);
    }
  }
});

test("context.device.id is the device where it is there, as in Segment's default mapping", async () => {
  await start({ sessionId: SESSION });
  const middleware = createSourceMiddleware({ loggerProvider: quiet });
  const id = async (context, more) => replayOf(await through(middleware, track({ context, ...more })));
  assert.equal(await id({ device: { id: "phone" } }), `phone/${SESSION}`);
  for (const context of [undefined, null, [], {}, { device: null }, { device: { id: null } }, { device: { type: "ios" } }]) {
    assert.equal(await id(context), `anonymous-1/${SESSION}`, JSON.stringify(context));
  }
  for (const device of ["", "a/b", 7, {}]) assert.equal(await id({ device: { id: device } }), undefined, JSON.stringify(device));
  assert.equal(await id(undefined, { anonymousId: "a b" }), undefined);
  assert.equal(await id(undefined, { anonymousId: null }), undefined);
});

test("what hears of a session id that is written late leaves the event as it was", async () => {
  await start({ deviceId: "d" });
  const middleware = createSourceMiddleware({ loggerProvider: quiet });
  for (const integrations of [undefined, null, {}, { "Segment.io": true }, { "Actions Amplitude": {} }, { "Actions Amplitude": { session_id: null, a: 1 } }]) {
    const event = { type: "track", ...(integrations === undefined ? {} : { integrations }) };
    const before = structuredClone(event);
    const passed = await through(middleware, event);
    for (const copy of [JSON.parse(JSON.stringify(passed)), structuredClone(passed), { ...passed }, Object.assign({}, passed)]) {
      assert.deepEqual(copy, before);
    }
    assert.deepEqual(Object.keys(passed.integrations ?? {}), Object.keys(before.integrations ?? {}));
  }
  for (const integrations of [Object.freeze({}), Object.seal({ "Actions Amplitude": {} }), new Proxy({}, { defineProperty: () => false })]) {
    const event = Object.freeze({ type: "track", integrations });
    assert.equal(await through(middleware, event), event);
  }
  // Whoever writes it, and however often: the session is followed, and the property is a plain one again.
  const event = { type: "track", integrations: {} };
  await through(middleware, event);
  event.integrations["Actions Amplitude"] = {};
  event.integrations["Actions Amplitude"].session_id = SESSION;
  assert.equal(sessionReplay.getSessionId(), SESSION);
  assert.deepEqual(event.integrations, { "Actions Amplitude": { session_id: SESSION } });
  event.integrations["Actions Amplitude"].session_id = SESSION + 1;
  assert.equal(event.integrations["Actions Amplitude"].session_id, SESSION + 1);
});
