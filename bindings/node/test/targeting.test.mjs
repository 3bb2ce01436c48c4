// Rules of the remote configuration choose sessions, by what the host and the plugins tell. Which rules match what is the library's
// (tests/ of the library), and the same as in the browser SDK (tests/beside/).
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { sessionReplayPlugin } from "session-replay-native/amplitude";
import { createSegmentPlugin } from "session-replay-native/segment";
import { eventTypeOf } from "../dist/segment/event-targeting.js";
import { SESSION, custom, fullSnapshot, meta, payloads } from "../../../tests/support/events.mjs";
import { addressHas, eventIs, planIs, remoteWith, rule } from "../../../tests/support/targeting.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

const REPLAY_ID = "[Amplitude] Session Replay ID";
let viewer;
const logged = [];
/** The same of all tests here: what is said once was perhaps said before. */
const loggedEver = [];
const asked = [];

before(async () => {
  viewer = await startViewer();
  sessionReplay.on("log", ({ level, message }) => {
    logged.push(`${level}: ${message}`);
    loggedEver.push(`${level}: ${message}`);
  });
  sessionReplay.on("needs-full-snapshot", () => asked.push(sessionReplay.getSessionId()));
});
after(() => viewer.stop());
afterEach(async () => {
  await sessionReplay.shutdown(5_000);
  logged.length = asked.length = 0;
});

const turn = () => new Promise(setImmediate);
const state = () => sessionReplay.stats().state;
const optionsFor = (deviceId, more) => viewer.options({ deviceId, sessionId: SESSION, enableRemoteConfig: true, ...more });

/** Starts with these rules. */
async function start(deviceId, rules, more) {
  await viewer.setRemoteConfig(remoteWith(...rules));
  await sessionReplay.init("key", optionsFor(deviceId, more)).promise;
  await turn();
  asked.length = 0;
}

const BUYERS = rule("buyers", eventIs("Bought"));
const bought = () => ({ event_type: "Bought", event_properties: {}, time: Date.now() });

test("a session is captured from the event on that a rule matches, beginning with a full snapshot, and stays so", async () => {
  await start("event", [BUYERS]);
  assert.equal(sessionReplay.record(custom("before")), "not-captured");
  assert.equal(sessionReplay.evaluateTargeting({ event: { ...bought(), event_type: "Viewed" } }), "not-captured");
  assert.deepEqual(sessionReplay.getSessionReplayProperties(), {});
  assert.equal(sessionReplay.evaluateTargeting({ event: bought() }), "needs-full-snapshot");
  assert.deepEqual(sessionReplay.getSessionReplayProperties(), { [REPLAY_ID]: `event/${SESSION}` });
  assert.deepEqual(sessionReplay.stats().targeting, { matched: true, rule: "buyers" });
  await turn();
  assert.deepEqual(asked, [SESSION], "a full snapshot is asked for once");
  for (const event of [meta(1), fullSnapshot(2), custom("after", 3)]) sessionReplay.record(event);
  assert.equal(sessionReplay.evaluateTargeting({ event: { ...bought(), event_type: "Viewed" } }), "ok");
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(payloads(await viewer.events("event", SESSION)), ["after"]);
  await sessionReplay.setSessionId(SESSION + 1).promise;
  assert.equal(sessionReplay.record(custom("the next session")), "not-captured");
});

test("user properties are an option, of a later init too, which goes on with the same recorder; and so is an address", async () => {
  const rules = [rule("paying", planIs("paid")), rule("cart", addressHas("/cart"))];
  await start("user", rules, { userProperties: { plan: "paid", since: new Date(0), nothing: NaN, size: 7n === 7n } });
  assert.equal(state(), "capturing");
  await sessionReplay.shutdown();
  await start("later", rules, { userProperties: { plan: "free" } });
  assert.equal(state(), "not-targeted");
  assert.equal(sessionReplay.record(custom("before")), "not-captured");
  await sessionReplay.init("key", optionsFor("later", { userProperties: { plan: "paid" } })).promise;
  assert.equal(state(), "capturing");
  assert.equal(sessionReplay.stats().notCaptured, 1, "it is the same recorder");
  assert.deepEqual(logged.filter((line) => /ignored|could not send/.test(line)), []);
  await sessionReplay.shutdown();
  await start("address", rules);
  assert.equal(sessionReplay.evaluateTargeting({ page: { url: "https://shop.example/cart" } }), "needs-full-snapshot");
});

test("evaluateTargetingAndCapture is never rejected, and forceRestart asks for a full snapshot", async () => {
  await start("sdk", [BUYERS]);
  const cycle = {};
  cycle.self = cycle;
  await sessionReplay.evaluateTargetingAndCapture(undefined);
  await sessionReplay.evaluateTargetingAndCapture({ event: { ...bought(), cycle } });
  assert.equal(logged.filter((line) => line.startsWith("error: evaluateTargetingAndCapture: ")).length, 2, logged.join("\n"));
  assert.throws(() => sessionReplay.evaluateTargeting(7), { status: "invalid-argument", message: /takes \{ event/ });
  assert.throws(() => sessionReplay.evaluateTargeting({ event: { cycle } }), { status: "invalid-json" });
  // What is none of what it is to be says nothing.
  await sessionReplay.evaluateTargetingAndCapture({ event: "Bought", userProperties: null, page: "https://shop.example/", other: 1 }, true);
  assert.equal(state(), "targeting-not-evaluated");
  await sessionReplay.evaluateTargetingAndCapture({ event: bought() });
  await turn();
  for (const event of [meta(1), fullSnapshot(2)]) sessionReplay.record(event);
  await sessionReplay.evaluateTargetingAndCapture({ event: bought() });
  await turn();
  assert.equal(asked.length, 1);
  await sessionReplay.evaluateTargetingAndCapture({ event: bought() }, false, true);
  await turn();
  assert.equal(asked.length, 2);
});

test("the very event of Amplitude's SDK that a rule matches leads to the replay, in Node.js and in a browser's way", async () => {
  const logger = Object.fromEntries(["error", "warn", "log", "debug"].map((name) => [name, (...said) => logged.push(`${name}: ${said.join(" ")}`)]));
  for (const isBrowser of [false, true]) {
    const deviceId = `amplitude-${isBrowser}`;
    await viewer.setRemoteConfig(remoteWith(BUYERS, rule("paying", planIs("paid"))));
    const plugin = sessionReplayPlugin({ ...optionsFor(isBrowser ? undefined : deviceId), sessionId: undefined, loggerProvider: logger });
    await plugin.setup({ apiKey: "key", loggerProvider: logger, ...(isBrowser && { deviceId, sessionId: SESSION }) });
    const tracked = async (event_type, more) => {
      const event = { event_type, session_id: SESSION, device_id: deviceId, time: Date.now(), ...more };
      return (await plugin.execute(event)).event_properties?.[REPLAY_ID];
    };
    assert.equal(await tracked("Viewed"), undefined);
    assert.equal(await tracked("Bought", { session_id: SESSION - 1 }), undefined, "of an earlier session");
    assert.equal(await tracked("Viewed"), undefined);
    assert.equal(await tracked("Bought"), `${deviceId}/${SESSION}`);
    assert.equal(await tracked("Viewed"), `${deviceId}/${SESSION}`);
    await plugin.teardown();
    await viewer.setRemoteConfig(remoteWith(rule("paying", planIs("paid"))));
  }
  assert.deepEqual(logged.filter((line) => /^error/.test(line)), []);
});

test("the very event of Segment that a rule matches leads to the replay; traits are the user's", async () => {
  await viewer.setRemoteConfig(remoteWith(rule("home", eventIs("Viewed Home")), rule("paying", planIs("paid"))));
  for (const [name, decisive] of [
    ["page", { type: "page", name: "Home" }],
    ["identify", { type: "identify", traits: { plan: "paid" } }],
  ]) {
    const plugin = createSegmentPlugin({ amplitudeApiKey: "key", sessionReplayOptions: { ...optionsFor(undefined), sessionId: undefined } });
    await plugin.load({}, {});
    const sent = async ({ type, ...event }) => {
      const integrations = { "Actions Amplitude": { session_id: SESSION } };
      const context = { event: { type, anonymousId: `segment-${name}`, integrations, ...event } };
      return (await plugin[type](context)).event.properties?.[REPLAY_ID];
    };
    assert.equal(await sent({ type: "track", event: "Viewed Home 2" }), undefined);
    assert.equal(await sent({ type: "page", name: "Cart" }), undefined);
    const own = await sent(decisive);
    assert.equal(own, name === "page" ? `segment-page/${SESSION}` : undefined, "identify has no properties");
    assert.equal(await sent({ type: "track", event: "Anything" }), `segment-${name}/${SESSION}`);
    await sessionReplay.shutdown();
  }
});

test("an event of a device that was superseded decides nothing", async () => {
  await viewer.setRemoteConfig(remoteWith(BUYERS));
  const plugin = createSegmentPlugin({ amplitudeApiKey: "key", sessionReplayOptions: { ...optionsFor(undefined), sessionId: undefined } });
  await plugin.load({}, {});
  const sent = async (anonymousId, event) => {
    const integrations = { "Actions Amplitude": { session_id: SESSION } };
    return (await plugin.track({ event: { type: "track", anonymousId, event, integrations } })).event.properties?.[REPLAY_ID];
  };
  assert.equal(await sent("first-device", "Viewed"), undefined);
  assert.equal(await sent("second-device", "Viewed"), undefined);
  assert.equal(await sent("first-device", "Bought"), undefined);
  assert.equal(await sent("second-device", "Viewed"), undefined);
  assert.equal(await sent("second-device", "Bought"), `second-device/${SESSION}`);
});

test("an event of Segment has the type that it has in Amplitude", () => {
  for (const [mode, event, expected] of [
    ["actions", { type: "track", event: "Bought" }, "Bought"],
    ["actions", { type: "track" }, undefined],
    ["actions", { type: "page", name: "Home", category: "Shop" }, "Viewed Home"],
    ["actions", { type: "screen", name: "Home" }, "Viewed Home"],
    ["classic-device", { type: "page", name: "Home" }, "Viewed Home Page"],
    ["classic-cloud", { type: "screen", name: "Home", category: "Shop" }, "Viewed Shop Home Screen"],
    ["classic-cloud", { type: "page" }, "Loaded a Page"],
    ["actions", { type: "identify", traits: {} }, undefined],
    ["actions", { type: "group", event: "x" }, undefined],
  ]) {
    assert.equal(eventTypeOf(event, mode), expected, JSON.stringify(event));
  }
});

test("what is no such thing is ignored, and the log says so once; an address may be a URL", async () => {
  await start("nonsense", [rule("paying", planIs("paid")), rule("cart", addressHas("/cart"))]);
  const nonsense = [
    [{ userproperties: { plan: "paid" } }, 'there is no member "userproperties": ignored; did you mean "userProperties"?'],
    [{ event: "Bought" }, '"event" must be an object like { event_type: "Bought" }: ignored'],
    [{ userProperties: new Map([["plan", "paid"]]) }, '"userProperties" must be an object like { plan: "paid" }: ignored'],
    [{ userProperties: "paid" }, '"userProperties" must be an object like { plan: "paid" }: ignored'],
    [{ page: "https://example.invalid/cart" }, '"page" must be an object like { url: "https://…" }: ignored'],
    [{ page: { url: 7 } }, '"page.url" is 7, and no text: ignored'],
    [{ event: null, userProperties: undefined, page: { url: null } }, undefined],
  ];
  for (const [given, warning] of nonsense) {
    for (let time = 0; time < 2; time++) assert.equal(sessionReplay.evaluateTargeting(given), "not-captured");
    await turn();
    const said = loggedEver.filter((line) => line.includes("evaluateTargeting:"));
    if (warning) assert.ok(said.includes(`warn: evaluateTargeting: ${warning}`), said.join("\n"));
    const warnings = said.filter((line) => line.startsWith("warn: "));
    assert.equal(warnings.length, new Set(warnings).size);
  }
  await sessionReplay.init("key", optionsFor("nonsense", { userProperties: new Map([["plan", "paid"]]) })).promise;
  assert.ok(logged.some((line) => line.includes('option "userProperties" is a Map or Set, and no object: ignored')), logged.join("\n"));
  assert.equal(sessionReplay.evaluateTargeting({ page: { url: new URL("https://example.invalid/cart") } }), "needs-full-snapshot");
});
