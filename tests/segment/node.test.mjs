// In Node.js: Segment's and Amplitude's libraries beside the native recorder. What Segment is sent and what the viewer is
// sent agree on every event, across sessions and a server that is away.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { AnalyticsConnector } from "@amplitude/analytics-connector";
import * as amplitude from "@amplitude/analytics-node";
import { Analytics } from "@segment/analytics-node";
import * as sessionReplay from "session-replay-native";
import { sessionReplayPlugin } from "session-replay-native/amplitude";
import { createSegmentActionsPlugin, createSegmentPlugin } from "session-replay-native/segment";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";
import { REPLAY_ID, mark, marksOf } from "./support/replays.mjs";
import { startSegment } from "./support/segment-endpoint.mjs";

const SESSION = 1732300000000;
let viewer, segment;

before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
beforeEach(async () => (segment = await startSegment()));
afterEach(async () => {
  await sessionReplay.shutdown(10_000);
  await viewer.clearFaults();
  await segment.stop();
});

const analytics = () => new Analytics({ writeKey: "key", host: segment.url, flushAt: 1, flushInterval: 100 });
const actions = (session) => ({ "Actions Amplitude": { session_id: session } });

/** Sends an event and waits until the library is done with it. */
const track = (library, event) =>
  new Promise((resolve, reject) => library.track(event, (error) => (error ? reject(error) : resolve())));

test("Actions: four sessions, one of them while the network is down", async () => {
  const library = analytics();
  await createSegmentActionsPlugin({
    segmentInstance: library,
    amplitudeApiKey: "key",
    sessionReplayOptions: viewer.options({ flushIntervalConfig: { minIntervalMs: 10, maxIntervalMs: 10 } }),
  });
  const sessions = [SESSION, SESSION + 1_000, SESSION + 2_000, SESSION + 3_000];
  for (const [place, session] of sessions.entries()) {
    if (place === 2) await viewer.fault({ on: "track", cut: "before", standing: true });
    if (place === 3) await viewer.clearFaults();
    await track(library, { anonymousId: "node-1", event: "first", integrations: actions(session) });
    sessionReplay.record(mark(session));
    await track(library, { anonymousId: "node-1", event: "without" });
    await track(library, { anonymousId: "node-1", event: "late", integrations: actions(session - 1) });
    await track(library, { anonymousId: "node-1", event: "as text", integrations: actions(String(session)) });
    sessionReplay.record(mark(session));
  }
  assert.equal(await sessionReplay.flush(20_000), "ok");
  const events = await segment.arrived(16);
  for (const [place, session] of sessions.entries()) {
    const replayId = `node-1/${session}`;
    for (const event of events.slice(4 * place, 4 * place + 4)) {
      assert.equal(event.anonymousId, "node-1");
      const expected = event.event === "late" ? undefined : replayId;
      assert.equal(event.properties[REPLAY_ID], expected, event.event);
    }
    assert.deepEqual(await marksOf(viewer, replayId), [session, session]);
  }
  await library.closeAndFlush();
});

test("the plugin leaves alone what it has no business with", async () => {
  const library = analytics();
  await library.register(createSegmentPlugin({ amplitudeApiKey: "key", sessionReplayOptions: viewer.options({ deviceId: "own" }) }));
  const done = (call, event) => new Promise((resolve) => library[call](event, resolve));
  await done("identify", { userId: "u", anonymousId: "a", traits: { plan: "pro" }, integrations: actions(SESSION) });
  await done("group", { userId: "u", groupId: "g" });
  await done("alias", { userId: "u", previousId: "v" });
  await done("page", { userId: "u", name: "Home", properties: { [REPLAY_ID]: "mine/1" } });
  await done("screen", { userId: "u", name: "Settings" });
  const [identify, group, alias, page, screen] = await segment.arrived(5);
  assert.deepEqual(identify.traits, { plan: "pro" });
  assert.ok([identify, group, alias].every((event) => event.properties === undefined));
  assert.equal(page.properties[REPLAY_ID], "mine/1");
  assert.equal(screen.properties[REPLAY_ID], `own/${SESSION}`);
  await library.closeAndFlush();
});

test("events are sent though session replay can't start", async () => {
  const [warned, failed] = [[], []];
  const library = analytics();
  await createSegmentActionsPlugin({
    segmentInstance: library,
    amplitudeApiKey: "key",
    sessionReplayOptions: { storageLimitBytes: 1, libraryPath: viewer.options().libraryPath, loggerProvider: { ...console, warn: (...line) => warned.push(line.join(" ")), error: (line) => failed.push(line) } },
  });
  await track(library, { anonymousId: "a", event: "e", integrations: actions("soon") });
  const [event] = await segment.arrived(1);
  assert.deepEqual(event.properties, {});
  assert.match(failed.join("\n"), /^session-replay: init failed: [^\n]*storageLimitBytes[^\n]*$/);
  assert.ok(warned.some((line) => line.includes("soon")), warned.join("\n"));
  await library.closeAndFlush();
});

test("Classic, device-mode: the getter is asked at each event", async () => {
  let current = -1;
  const library = analytics();
  const plugin = createSegmentPlugin({
    mode: "classic-device",
    getSessionId: () => current,
    amplitudeApiKey: "key",
    sessionReplayOptions: viewer.options({ deviceId: "classic" }),
  });
  await library.register(plugin);
  const expected = [undefined, SESSION, SESSION + 1, SESSION, SESSION + 2];
  for (const session of [-1, SESSION, SESSION + 1, SESSION, SESSION + 2]) {
    current = session;
    await track(library, { anonymousId: "a", event: "e", integrations: actions(SESSION + 99) });
  }
  const events = await segment.arrived(5);
  assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), expected.map((id) => id && `classic/${id}`));
  await library.closeAndFlush();
});

test("Classic, cloud-mode: every event is given the session", async () => {
  const library = analytics();
  const plugin = createSegmentPlugin({
    mode: "classic-cloud",
    amplitudeApiKey: "key",
    sessionReplayOptions: viewer.options({ deviceId: "cloud", sessionTimeoutMs: 1_800_000 }),
  });
  await library.register(plugin);
  sessionReplay.record(mark(1));
  await new Promise((resolve) => library.identify({ userId: "u", integrations: { Amplitude: true } }, resolve));
  await track(library, { userId: "u", event: "e" });
  await track(library, { userId: "u", event: "e", integrations: { All: false } });
  const [identify, sent, notToAmplitude] = await segment.arrived(3);
  const session = sessionReplay.getSessionId();
  assert.equal(typeof session, "number");
  assert.deepEqual(identify.integrations, { Amplitude: { session_id: session } });
  assert.deepEqual(sent.integrations, { Amplitude: { session_id: session } });
  assert.equal(sent.properties[REPLAY_ID], `cloud/${session}`);
  assert.deepEqual(notToAmplitude.integrations, { All: false });
  await sessionReplay.flush(10_000);
  assert.deepEqual(await marksOf(viewer, `cloud/${session}`), [1]);
  await library.closeAndFlush();
});

test("Classic, cloud-mode as the manual has it: the first event begins the session on its own device", async () => {
  const library = analytics();
  const sessionReplayOptions = viewer.options({ sessionTimeoutMs: 1_800_000 });
  await library.register(createSegmentPlugin({ mode: "classic-cloud", amplitudeApiKey: "key", sessionReplayOptions }));
  await track(library, { anonymousId: "cloud-2", event: "first" });
  sessionReplay.record(mark(1));
  await track(library, { anonymousId: "cloud-2", event: "second" });
  const events = await segment.arrived(2);
  const session = sessionReplay.getSessionId();
  assert.equal(typeof session, "number");
  for (const event of events) {
    assert.deepEqual(event.integrations, { Amplitude: { session_id: session } });
    assert.equal(event.properties[REPLAY_ID], `cloud-2/${session}`);
  }
  await sessionReplay.flush(10_000);
  assert.deepEqual(await marksOf(viewer, `cloud-2/${session}`), [1]);
  await library.closeAndFlush();
});

test("Classic, cloud-mode: an event after a silence begins another session", async () => {
  const library = analytics();
  const sessionReplayOptions = viewer.options({ sessionTimeoutMs: 1_000 });
  await library.register(createSegmentPlugin({ mode: "classic-cloud", amplitudeApiKey: "key", sessionReplayOptions }));
  await track(library, { anonymousId: "cloud-3", event: "first" });
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  await track(library, { anonymousId: "cloud-3", event: "second" });
  const [first, second] = (await segment.arrived(2)).map((event) => event.integrations.Amplitude.session_id);
  assert.ok(first + 1_000 < second, `${first}, ${second}`);
  await library.closeAndFlush();
});

/** The events of a host that sends at once, while the server takes its time to say that everything is captured. */
const AT_ONCE = [SESSION, SESSION, SESSION + 1, SESSION + 2];

test("events that are sent before the remote configuration is there lead to their replays", async () => {
  await viewer.fault({ on: "config", delay_ms: 300, standing: true });
  const library = analytics();
  const sessionReplayOptions = viewer.options({ enableRemoteConfig: true });
  await createSegmentActionsPlugin({ segmentInstance: library, amplitudeApiKey: "key", sessionReplayOptions });
  await Promise.all(AT_ONCE.map((session) => track(library, { anonymousId: "early", event: `${session}`, integrations: actions(session) })));
  for (const { event, properties } of await segment.arrived(4)) assert.equal(properties[REPLAY_ID], `early/${event}`);
  await library.closeAndFlush();
});

test("… and those of Amplitude's library", async () => {
  await viewer.fault({ on: "config", delay_ms: 300, standing: true });
  const client = amplitude.createInstance();
  await client.add(sessionReplayPlugin(viewer.options({ enableRemoteConfig: true }))).promise;
  await client.init("key", { serverUrl: `${segment.url}/2/httpapi`, flushIntervalMillis: 10 }).promise;
  for (const session of AT_ONCE) client.track("e", {}, { device_id: "early", session_id: session });
  for (const event of await segment.arrived(4)) assert.equal(event.event_properties[REPLAY_ID], `early/${event.session_id}`);
});

test("Amplitude's library for Node.js: its events tell the session", async () => {
  const client = amplitude.createInstance();
  await client.add(sessionReplayPlugin(viewer.options())).promise;
  await client.init("key", { serverUrl: `${segment.url}/2/httpapi`, flushIntervalMillis: 10 }).promise;
  const results = [];
  for (const session of [SESSION, SESSION + 1, SESSION, SESSION + 2]) {
    results.push(client.track("e", { a: 1 }, { device_id: "amp-1", session_id: session }).promise);
    await results.at(-1);
    sessionReplay.record(mark(session));
  }
  await client.flush().promise;
  const events = await segment.arrived(4);
  const expected = [`amp-1/${SESSION}`, `amp-1/${SESSION + 1}`, undefined, `amp-1/${SESSION + 2}`];
  assert.deepEqual(events.map((event) => event.event_properties[REPLAY_ID]), expected, "a late event is not of this session");
  await sessionReplay.flush(10_000);
  assert.deepEqual(await marksOf(viewer, `amp-1/${SESSION}`), [SESSION]);
  await until(async () => (await marksOf(viewer, `amp-1/${SESSION + 2}`)).length === 1, "the last session");
});

test("processSegmentEvent takes what Segment's HTTP API takes", async () => {
  await sessionReplay.init("key", viewer.options({ segment: { mode: "actions" } })).promise;
  const event = { type: "track", event: "e", anonymousId: "http-1", integrations: actions(SESSION) };
  assert.deepEqual(sessionReplay.processSegmentEvent(event), { ...event, properties: { [REPLAY_ID]: `http-1/${SESSION}` } });
  const json = ' {"type":"page","anonymousId":"http-1","n":1.0,"properties":{} }';
  assert.equal(sessionReplay.processSegmentEvent(json), ` {"type":"page","anonymousId":"http-1","n":1.0,"properties":{"${REPLAY_ID}":"http-1/${SESSION}"} }`);
  const snapshot = { type: 2, timestamp: SESSION, data: { node: { type: 0, childNodes: [{ type: 2, tagName: "html", childNodes: [] }], id: 1 } } };
  assert.deepEqual([snapshot, mark(SESSION), mark(SESSION)].map(sessionReplay.record), ["ok", "ok", "ok"]);
  const wish = new Promise((resolve) => sessionReplay.once("needs-full-snapshot", resolve));
  sessionReplay.processSegmentEvent({ ...event, integrations: actions(SESSION + 1) });
  await wish;
  assert.equal(sessionReplay.record(mark(SESSION + 1)), "needs-full-snapshot");
  assert.throws(() => sessionReplay.processSegmentEvent("[]"), { status: "invalid-json", message: /not a JSON object/ });
  assert.throws(() => sessionReplay.processSegmentEvent(7), { status: "invalid-json" });
  await sessionReplay.shutdown(1_000);
  assert.equal(sessionReplay.processSegmentEvent(json), json);
});

test("the version that the server is told is the package's", async () => {
  await (await createSegmentPlugin({ amplitudeApiKey: "key", sessionReplayOptions: viewer.options({ deviceId: "v", sessionId: SESSION }) })).load({}, {});
  sessionReplay.record(mark(SESSION));
  assert.equal(await sessionReplay.flush(10_000), "ok");
  const { version } = JSON.parse(readFileSync(new URL("../../bindings/node/package.json", import.meta.url), "utf8"));
  const { headers } = (await viewer.requests()).findLast(({ url, path }) => (url ?? path).includes("track"));
  assert.match(JSON.stringify(headers), new RegExp(`segment/${version}`));
});

test("events of many devices and sessions, sent at once through two analytics: each is given its own replay or none", async () => {
  await sessionReplay.init("key", viewer.options()).promise;
  const libraries = [analytics(), analytics()];
  for (const library of libraries) await library.register(createSegmentPlugin());
  const sent = [];
  for (let n = 0; n < 200; n++) {
    const session = SESSION + n + ((n * 7) % 5);
    const context = n % 3 === 0 ? { device: { id: `device-${n % 2}` } } : {};
    sent.push(track(libraries[n % 2], { anonymousId: `anonymous-${n % 5}`, event: "e", context, integrations: actions(session) }));
  }
  await Promise.all(sent);
  const events = await segment.arrived(200);
  let named = 0;
  for (const { anonymousId, context, integrations, properties } of events) {
    if (properties[REPLAY_ID] === undefined) continue;
    named++;
    const device = context.device?.id ?? anonymousId;
    assert.equal(properties[REPLAY_ID], `${device}/${integrations["Actions Amplitude"].session_id}`);
  }
  assert.ok(named > 40, `${named} lead to a replay`);
  for (const library of libraries) await library.closeAndFlush();
});

test("… and through Amplitude's library", async () => {
  const client = amplitude.createInstance();
  await client.add(sessionReplayPlugin(viewer.options())).promise;
  await client.init("key", { serverUrl: `${segment.url}/2/httpapi`, flushIntervalMillis: 10 }).promise;
  for (let n = 0; n < 100; n++) client.track("e", {}, { device_id: `device-${n % 3}`, session_id: SESSION + n + ((n * 7) % 5) });
  await client.flush().promise;
  const events = await segment.arrived(100);
  const named = events.filter((event) => event.event_properties?.[REPLAY_ID] !== undefined);
  for (const event of named) assert.equal(event.event_properties[REPLAY_ID], `${event.device_id}/${event.session_id}`);
  assert.ok(named.length > 20, `${named.length} lead to a replay`);
});

test("Classic, device-mode: the device is the analytics' own, and follows it", async () => {
  let device = "classic-1";
  const library = analytics();
  const plugin = createSegmentPlugin({
    mode: "classic-device",
    getSessionId: () => SESSION,
    getDeviceId: () => device,
    amplitudeApiKey: "key",
    sessionReplayOptions: viewer.options(),
  });
  await library.register(plugin);
  const devices = ["classic-1", "classic-2", undefined, "", "a/b", "classic-3"];
  for (device of devices) await track(library, { anonymousId: "segments", event: "e", context: { device: { id: "no" } } });
  const events = await segment.arrived(devices.length);
  const expected = devices.map((device) => (device?.startsWith("classic") ? `classic-${device.at(-1)}/${SESSION}` : undefined));
  assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), expected);
  await library.closeAndFlush();
});

for (const [name, close] of Object.entries({
  "closeAndFlush({ timeout })": (library) => library.closeAndFlush({ timeout: 3_000 }),
  "flush({ timeout })": (library) => library.flush({ timeout: 3_000 }),
  "closeAndFlush() before the plugin is registered": (library) => library.closeAndFlush({ timeout: 3_000 }),
})) {
  test(`${name} sends what waits for the remote configuration`, async () => {
    await viewer.fault({ on: "config", hang: true, standing: true });
    const library = analytics();
    const sessionReplayOptions = viewer.options({ enableRemoteConfig: true });
    const registered = createSegmentActionsPlugin({ segmentInstance: library, amplitudeApiKey: "key", sessionReplayOptions });
    if (!name.includes("before")) await registered;
    for (const event of ["one", "two", "three"]) library.track({ anonymousId: "a", event, integrations: actions(SESSION) });
    await close(library);
    // As a process that ends now would leave it.
    assert.deepEqual(segment.events.map(({ event }) => event), ["one", "two", "three"]);
    for (const event of segment.events) assert.equal(event.properties[REPLAY_ID], undefined, "nobody knows");
  });
}

test("processSegmentEvent with what the analytics are in", async () => {
  await sessionReplay.init("key", viewer.options({ segment: { mode: "classic-device" } })).promise;
  const event = { type: "track", event: "e", anonymousId: "no", integrations: actions(SESSION + 99) };
  const id = (told) => sessionReplay.processSegmentEvent(event, told).properties?.[REPLAY_ID];
  assert.equal(id({ sessionId: SESSION, deviceId: "one" }), `one/${SESSION}`);
  assert.equal(id({ sessionId: SESSION + 1, deviceId: "two" }), `two/${SESSION + 1}`);
  assert.equal(id({ sessionId: SESSION, deviceId: "one" }), `one/${SESSION}`, "late, and known");
  assert.equal(id({ sessionId: SESSION, deviceId: "two" }), undefined, "late, and not known");
  assert.equal(id({ sessionId: SESSION + 1 }), undefined);
  assert.throws(() => id({ sessionId: 1.5 }), { status: "invalid-argument" });
  assert.equal(sessionReplay.getSessionReplayId(), `two/${SESSION + 1}`);
});

test("the opt-out in an identity store is followed by the name of its instance, and never undoes the host's own", async () => {
  const isOptedOut = () => sessionReplay.stats().state === "opted-out";
  const store = (name) => AnalyticsConnector.getInstance(name).identityStore;
  const say = (name, optOut) => store(name).editIdentity().setOptOut(optOut).commit();
  const start = (more) =>
    sessionReplay.init("key", viewer.options({ deviceId: "identity", sessionId: SESSION, instanceName: "shop", ...more })).promise;

  say("shop", true);
  await start();
  assert.ok(isOptedOut(), "from the first moment on");
  say("shop", false);
  assert.ok(!isOptedOut());
  say("another", true);
  assert.ok(!isOptedOut());
  say("shop", true);
  assert.ok(isOptedOut());
  // The user's choice holds from one recording to the next.
  await sessionReplay.shutdown(0);
  await start();
  assert.ok(isOptedOut());
  say("shop", false);
  assert.ok(!isOptedOut());
  await sessionReplay.shutdown(0);

  await start({ optOut: true });
  say("shop", undefined);
  assert.ok(isOptedOut(), "the option stays");
  await sessionReplay.shutdown(0);

  // A store that is there later, and one that is something else.
  await start({ instanceName: "late" });
  say("late", true);
  assert.ok(!isOptedOut());
  await sessionReplay.setSessionId(SESSION + 1).promise;
  assert.ok(isOptedOut());
  sessionReplay.setOptOut(false);
  await sessionReplay.shutdown(0);
  globalThis.analyticsConnectorInstances.broken = { identityStore: 5 };
  for (const instanceName of ["broken", "constructor", 7, {}]) {
    await start({ instanceName });
    assert.equal(sessionReplay.stats().state, "capturing", String(instanceName));
    await sessionReplay.shutdown(0);
  }
});
