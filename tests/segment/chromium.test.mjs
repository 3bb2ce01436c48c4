// In Chromium, as a page of an Electron app: Amplitude's three snippets, word for word, with Segment's and Amplitude's own
// packages. What Segment is sent and what the viewer is sent agree on every event.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch } from "../support/chromium.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";
import { GLOBALS, openApp } from "./support/page.mjs";
import { REPLAY_ID, mark, marksOf } from "./support/replays.mjs";
import { startSegment } from "./support/segment-endpoint.mjs";
import { manualSnippet, settingsOf, snippet } from "./support/snippets.mjs";

const SESSION = 1732300000000;
/** Four sessions, so three changes. The network is down in the third. */
const SESSIONS = [SESSION, SESSION + 600_000, SESSION + 1_200_000, SESSION + 1_800_000];
let viewer, segment, browser;

before(async () => ([viewer, browser] = [await startViewer(), await launch()]));
after(async () => {
  await browser.close();
  await viewer.stop();
});
beforeEach(async () => (segment = await startSegment()));
afterEach(async () => {
  await viewer.clearFaults();
  await segment.stop();
});

const isReady = (page) => page.waitForFunction(() => window.isReady);
/** Records the mark, as soon as the page records at all. */
const record = (page, session) =>
  until(() => page.evaluate((event) => window.sessionReplay.record(event) === "ok", mark(session)), "the page to record");

/** Goes through the sessions with the network down in the third, and has `send` send the events of each. */
async function throughSessions(page, send) {
  for (const [place, session] of SESSIONS.entries()) {
    if (place === 2) await viewer.fault({ on: "track", cut: "before", standing: true });
    if (place === 3) await viewer.clearFaults();
    await send(session);
    await record(page, session);
  }
}

/** The viewer has each of these recordings, and in it what was recorded in that session alone. */
async function assertRecorded(device, sessions) {
  for (const session of sessions) {
    const id = `${device}/${session}`;
    await until(async () => (await marksOf(viewer, id)).length > 0, `the mark in ${id}`);
    assert.deepEqual(await marksOf(viewer, id), [session], id);
    await until(async () => (await viewer.events(device, session)).some(({ type }) => type === 2), `a full snapshot in ${id}`);
  }
}

/** What the endpoint was sent names one device and, for each event, the session it was sent in. */
function assertSent(events, sessionOf) {
  const devices = new Set(events.map((event) => event.anonymousId));
  assert.equal(devices.size, 1);
  assert.deepEqual(events.map(sessionOf), SESSIONS.flatMap((session) => [session, session]));
  return events[0].anonymousId;
}

const sendActions = (page) => (session) =>
  page.evaluate(async (session_id) => {
    for (const event of ["one", "two"]) {
      await window.segmentAnalytics.track(event, { n: 1 }, { integrations: { "Actions Amplitude": { session_id } } });
    }
  }, session);
const actionsSession = (event) => event.integrations["Actions Amplitude"].session_id;

test("the document's snippet for Amplitude (Actions)", async (t) => {
  const modules = [GLOBALS, snippet("actions", segment)];
  const { page, errors, elsewhere } = await openApp(t, { browser, viewer, modules });
  await isReady(page);
  await throughSessions(page, sendActions(page));
  const device = assertSent(await segment.arrived(8), actionsSession);
  await assertRecorded(device, SESSIONS);
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("the document's snippet for Classic, device-mode, with amplitude-js 5.2.2", async (t) => {
  const classic = 'import amplitude from "amplitude-js"; window.amplitude = amplitude;';
  const modules = [GLOBALS + classic, snippet("classic-device", segment)];
  const { page, errors, elsewhere } = await openApp(t, { browser, viewer, modules });
  await isReady(page);
  assert.equal(await page.evaluate(() => window.sessionReplay.getSessionId()), undefined, "waits for amplitude-js");
  await page.evaluate((apiEndpoint) => {
    window.amplitude.getInstance().init("test-api-key", null, { apiEndpoint, forceHttps: false, deviceId: "amplitude-js-1" });
  }, `${segment.host}/e`);
  await until(() => page.evaluate(() => window.sessionReplay.getSessionId() > 0), "session replay to start");
  const first = await page.evaluate(() => window.amplitude.getInstance().getSessionId());
  const sessions = [first, first + 1_000, first + 2_000, first + 3_000];
  for (const [place, session] of sessions.entries()) {
    if (place === 2) await viewer.fault({ on: "track", cut: "before", standing: true });
    if (place === 3) await viewer.clearFaults();
    await page.evaluate(async (session) => {
      window.amplitude.getInstance().setSessionId(session);
      await window.segmentAnalytics.track("one", { session });
    }, session);
    await record(page, session);
  }
  const events = await segment.arrived(4);
  assert.deepEqual(events.map((event) => event.properties.session), sessions);
  assert.equal(await page.evaluate(() => Number(cookie.get("analytics_session_id"))), sessions[3]);
  await assertRecorded("amplitude-js-1", sessions);
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

/** What the manual's later snippets take for granted. */
const loadSegment = () => `
  import { AnalyticsBrowser } from "@segment/analytics-next";
  window.segmentAnalytics = AnalyticsBrowser.load({ writeKey: "key", cdnSettings: ${JSON.stringify(settingsOf(segment))} });`;

const SHELL = 'import * as amplitude from "@amplitude/analytics-browser"; window.amplitude = amplitude;';
const shellSnippets = {
  "the document's": () => [SHELL, snippet("classic-cloud", segment)],
  "the manual's": () => [loadSegment(), manualSnippet("Amplitude Classic, cloud-mode", segment)],
};
for (const [whose, snippets] of Object.entries(shellSnippets)) test(`${whose} snippet for Classic, cloud-mode, with the Browser SDK as a shell`, async (t) => {
  const modules = [GLOBALS, ...snippets()];
  const { page, errors, elsewhere } = await openApp(t, { browser, viewer, modules });
  await isReady(page);
  await segment.arrived(1);
  const before = segment.events.length;
  await throughSessions(page, (session) =>
    page.evaluate(async (session) => {
      window.amplitude.setSessionId(session);
      for (const event of ["one", "two"]) await window.amplitude.track(event, { n: 1 }).promise;
    }, session),
  );
  const events = (await segment.arrived(before + 8)).slice(before);
  const device = assertSent(events, (event) => event.integrations.Amplitude.session_id);
  for (const event of events) {
    assert.equal(event.properties[REPLAY_ID], `${device}/${event.integrations.Amplitude.session_id}`);
  }
  await assertRecorded(device, SESSIONS);
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

for (const optOut of [false, true]) {
  test(`the shell's optOut, ${optOut} at first, is heeded and taken back: events name a replay only while it records`, async (t) => {
    const shell = `
      import * as amplitude from "@amplitude/analytics-browser";
      import { sessionReplayPlugin } from "session-replay-native/amplitude";
      window.amplitude = amplitude;
      await amplitude.add(sessionReplayPlugin()).promise;
      const options = { optOut: ${optOut}, serverUrl: "${segment.url}/2/httpapi", flushIntervalMillis: 10 };
      await amplitude.init("test-api-key", { ...options, autocapture: false, remoteConfig: { fetchRemoteConfig: false } }).promise;
      window.isReady = true;`;
    const { page } = await openApp(t, { browser, viewer, modules: [shell] });
    await isReady(page);
    const tell = (isOut) => page.evaluate((isOut) => window.amplitude.setOptOut(isOut), isOut);
    const properties = () => page.evaluate(() => window.sessionReplay.getSessionReplayProperties());
    if (!optOut) await record(page, "in");
    await tell(true);
    await until(async () => !(REPLAY_ID in (await properties())), "the end of the recording");
    assert.equal(await page.evaluate((event) => window.sessionReplay.record(event), mark("out")), "not-captured");
    await tell(false);
    await until(async () => REPLAY_ID in (await properties()), "another beginning");
    await record(page, "in again");
    void page.evaluate(() => void window.amplitude.track("e"));
    const [{ event_properties: sent }] = await segment.arrived(1);
    assert.deepEqual(sent, await properties());
    const marks = optOut ? ["in again"] : ["in", "in again"];
    await until(async () => (await marksOf(viewer, sent[REPLAY_ID])).length === marks.length, "what was recorded");
    assert.deepEqual(await marksOf(viewer, sent[REPLAY_ID]), marks);
  });
}

test("an opt-out in the identity store of the shell's instance is heeded, and the server is told of the plugin", async (t) => {
  const shell = `
    import * as amplitude from "@amplitude/analytics-browser";
    import { AnalyticsConnector } from "@amplitude/analytics-connector";
    import { sessionReplayPlugin } from "session-replay-native/amplitude";
    window.amplitude = amplitude;
    window.setOptOut = (name, isOut) => AnalyticsConnector.getInstance(name).identityStore.editIdentity().setOptOut(isOut).commit();
    await amplitude.add(sessionReplayPlugin()).promise;
    const options = { instanceName: "shop", serverUrl: "${segment.url}/2/httpapi", flushIntervalMillis: 10 };
    await amplitude.init("test-api-key", { ...options, autocapture: false, remoteConfig: { fetchRemoteConfig: false } }).promise;
    window.isReady = true;`;
  const { page, errors } = await openApp(t, { browser, viewer, modules: [shell] });
  await isReady(page);
  await record(page, "in");
  const replayId = (await page.evaluate(() => window.sessionReplay.getSessionReplayProperties()))[REPLAY_ID];
  const isCaptured = (wanted) =>
    until(async () => wanted === REPLAY_ID in (await page.evaluate(() => window.sessionReplay.getSessionReplayProperties())), `captured: ${wanted}`);
  await page.evaluate(() => window.setOptOut("another", true));
  await record(page, "in still");
  await page.evaluate(() => window.setOptOut("shop", true));
  await isCaptured(false);
  assert.equal(await page.evaluate((event) => window.sessionReplay.record(event), mark("out")), "not-captured");
  await page.evaluate(() => window.setOptOut("shop", false));
  await isCaptured(true);
  await record(page, "in again");
  await until(async () => (await marksOf(viewer, replayId)).length === 3, "what was recorded");
  assert.deepEqual(await marksOf(viewer, replayId), ["in", "in still", "in again"]);
  const requests = JSON.stringify(await viewer.sessions());
  assert.match(requests, /"plugin\/\d/);
  assert.deepEqual(errors, []);
});

/** The package's own middleware or plugin in place of the hand-written one. */
const own = (setUp) => `
  import { AnalyticsBrowser } from "@segment/analytics-next";
  import * as sessionReplay from "session-replay-native";
  import * as integration from "session-replay-native/segment";
  const cdnSettings = ${JSON.stringify(settingsOf(segment))};
  const segmentAnalytics = AnalyticsBrowser.load({ writeKey: "key", cdnSettings });
  ${setUp}
  window.segmentAnalytics = segmentAnalytics;
  window.isReady = true;`;
const MIDDLEWARE = `
  await sessionReplay.init("test-api-key").promise;
  await segmentAnalytics.addSourceMiddleware(integration.createSourceMiddleware());`;
const PLUGIN = 'await integration.createSegmentActionsPlugin({ segmentInstance: segmentAnalytics, amplitudeApiKey: "test-api-key" });';

const OWN = {
  createSourceMiddleware: () => own(MIDDLEWARE),
  createSegmentActionsPlugin: () => own(PLUGIN),
  "the manual's snippet for Amplitude (Actions)": () => manualSnippet("Amplitude (Actions)", segment),
  "… with the middleware": () => manualSnippet("Amplitude (Actions)", segment, 1),
};
for (const [name, script] of Object.entries(OWN)) {
  test(`${name}: every event leads to the replay of its session`, async (t) => {
    const { page, errors } = await openApp(t, { browser, viewer, modules: [script()] });
    await isReady(page);
    await throughSessions(page, sendActions(page));
    const events = await segment.arrived(8);
    const device = assertSent(events, actionsSession);
    for (const event of events) assert.equal(event.properties[REPLAY_ID], `${device}/${actionsSession(event)}`);
    await assertRecorded(device, SESSIONS);
    assert.deepEqual(errors, []);
  });
}

test("events without a session id keep their order", async (t) => {
  const { page } = await openApp(t, { browser, viewer, modules: [own(MIDDLEWARE)] });
  await isReady(page);
  // As they leave: requests overtake each other on their way.
  const left = [];
  page.on("request", (request) => request.url().endsWith("/v1/t") && left.push(request.postDataJSON().event));
  await page.evaluate(async (session_id) => {
    const integrations = { "Actions Amplitude": { session_id } };
    const sent = ["a", "b", "c", "d", "e", "f"].map((name, place) =>
      window.segmentAnalytics.track(name, {}, place % 2 ? { integrations } : {}),
    );
    await Promise.all(sent);
  }, SESSION);
  await segment.arrived(6);
  assert.equal(left.join(""), "abcdef");
});

/** As Segment's own session plugin does it: after every middleware, in the event itself. */
const SESSION_PLUGIN = `
  await segmentAnalytics.register({
    name: "session plugin", type: "enrichment", version: "1", isLoaded: () => true, load: async () => {},
    track: async (context) => (context.updateEvent("integrations.Actions Amplitude", {}),
      context.updateEvent("integrations.Actions Amplitude.session_id", window.currentSession), context),
  });`;

/** Another enrichment plugin, which takes its time. */
const SLOW_PLUGIN = `
  const slowly = async (context) => (await new Promise((resolve) => setTimeout(resolve, 20)), context);
  const every = { track: slowly, page: slowly, screen: slowly, identify: slowly };
  await segmentAnalytics.register({ name: "slow", type: "enrichment", version: "1", isLoaded: () => true, load: async () => {}, ...every });`;
const HIDDEN = 'Object.defineProperty(document, "visibilityState", { get: () => "hidden" });';

/** How the session plugin may write it, and what may come in between. */
const WAYS = {
  "Segment's own way": SESSION_PLUGIN,
  "after a plugin that takes 20 ms": SLOW_PLUGIN + SESSION_PLUGIN,
  "in a hidden page": HIDDEN + SLOW_PLUGIN + SESSION_PLUGIN,
  "with new integrations": SESSION_PLUGIN.replace(/track: async.*context\),/s, `track: async (context) => {
      context.event.integrations = { ...context.event.integrations };
      context.event.integrations = { ...context.event.integrations, "Actions Amplitude": { session_id: window.currentSession } };
      return context;
    },`),
};
for (const [way, plugins] of Object.entries(WAYS)) {
  test(`a session id that is written after the middleware, ${way}: no event names the session before`, async (t) => {
    const { page, errors } = await openApp(t, { browser, viewer, modules: [own(plugins + MIDDLEWARE)] });
    await isReady(page);
    for (const session of SESSIONS) {
      for (const event of ["first", "second"]) {
        await page.evaluate(([session, event]) => ((window.currentSession = session), window.segmentAnalytics.track(event)), [session, event]);
        await until(async () => (await page.evaluate(() => window.sessionReplay.getSessionId())) === session, `session ${session}`);
      }
    }
    const events = await segment.arrived(8);
    for (const { event, anonymousId, integrations, properties } of events) {
      const own = `${anonymousId}/${integrations["Actions Amplitude"].session_id}`;
      // The first one of a session may leave before session replay has begun it.
      const expected = event === "second" ? own : (properties[REPLAY_ID] ?? own);
      assert.equal(expected, own);
      if (event === "second") assert.equal(properties[REPLAY_ID], own);
    }
    assert.deepEqual(errors, []);
  });
}

test("an event whose session is written late does not bring its device back", async (t) => {
  const { page } = await openApp(t, { browser, viewer, modules: [own(SLOW_PLUGIN + SESSION_PLUGIN + MIDDLEWARE)] });
  await isReady(page);
  await page.evaluate(async (session) => {
    window.currentSession = session;
    await window.segmentAnalytics.track("begins");
    const late = window.segmentAnalytics.track("late");
    window.segmentAnalytics.reset();
    await Promise.all([late, window.segmentAnalytics.track("new device")]);
  }, SESSION);
  const events = await segment.arrived(3);
  const devices = Object.fromEntries(events.map(({ event, anonymousId }) => [event, anonymousId]));
  assert.notEqual(devices["new device"], devices.late);
  const replay = () => page.evaluate(() => window.sessionReplay.getSessionReplayId());
  await until(async () => (await replay()) === `${devices["new device"]}/${SESSION}`, "the new device");
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await replay(), `${devices["new device"]}/${SESSION}`);
  for (const { anonymousId, properties } of events) {
    assert.ok([undefined, `${anonymousId}/${SESSION}`].includes(properties[REPLAY_ID]), JSON.stringify(properties));
  }
});

test("two windows of one app with storages of their own: no event names another's replay, and they don't take turns", async (t) => {
  const { page, openPartition } = await openApp(t, { browser, viewer, modules: [own(MIDDLEWARE)] });
  const other = (await openPartition()).page;
  await Promise.all([isReady(page), isReady(other)]);
  const before = await page.evaluate(() => window.sessionReplay.stats().sessions);
  const send = (page, session_id) =>
    page.evaluate((session_id) => {
      const integrations = session_id ? { "Actions Amplitude": { session_id } } : {};
      return window.segmentAnalytics.track("e", {}, { integrations });
    }, session_id);
  for (const [one, two] of [[SESSION, SESSION], [SESSION, SESSION], [undefined, undefined], [SESSION, SESSION + 5], [SESSION, SESSION + 5], [SESSION, undefined]]) {
    await send(page, one);
    await send(other, two);
  }
  const events = await segment.arrived(12);
  assert.equal(new Set(events.map(({ anonymousId }) => anonymousId)).size, 2);
  for (const { anonymousId, integrations, properties } of events) {
    const session = integrations["Actions Amplitude"]?.session_id;
    const id = properties[REPLAY_ID];
    if (id !== undefined) assert.ok(session ? id === `${anonymousId}/${session}` : id.startsWith(`${anonymousId}/`), id);
  }
  assert.ok(events.filter(({ properties }) => properties[REPLAY_ID]).length >= 9, "most lead to one");
  const after = await page.evaluate(() => window.sessionReplay.stats().sessions);
  assert.ok(after - before <= 3, `${after - before} replays began`);
});

for (const hasTimeout of [false, true]) {
  const fate = hasTimeout ? "with its setTimeout it follows them" : "as written it loses them";
  test(`the document's own snippet and events that the session plugin writes into: ${fate}`, async (t) => {
    const plugin = SESSION_PLUGIN.replaceAll("context.updateEvent", "window.currentSession && context.updateEvent");
    const body = /(\(\{ payload, next, integrations \}\) => \{)(.*)(next\(payload\);)/s;
    const asWritten = snippet("actions", segment).replace("window.isReady", `${plugin}\n window.isReady`);
    const text = hasTimeout ? asWritten.replace(body, "$1 setTimeout(() => { $2 }, 0); $3") : asWritten;
    const { page } = await openApp(t, { browser, viewer, modules: [GLOBALS, text] });
    await isReady(page);
    await page.evaluate((session) => ((window.currentSession = session), void window.segmentAnalytics.track("e")), SESSION);
    if (!hasTimeout) {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return assert.deepEqual(segment.events, []);
    }
    await segment.arrived(1);
    await until(() => page.evaluate((session) => window.sessionReplay.getSessionId() === session, SESSION), "the session");
  });
}

test("behind Segment's session plugin, the package's plugin gives each event its own session", async (t) => {
  const { page } = await openApp(t, { browser, viewer, modules: [own(SESSION_PLUGIN + PLUGIN)] });
  await isReady(page);
  for (const session of SESSIONS) {
    await page.evaluate((session) => ((window.currentSession = session), window.segmentAnalytics.track("e")), session);
  }
  const events = await segment.arrived(4);
  assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), SESSIONS.map((id) => `${events[0].anonymousId}/${id}`));
});

/** Segment's destination, which brings amplitude-js: there is no window.amplitude before. */
const lateClassic = (deviceId) => `
  import amplitude from "amplitude-js";
  const options = { apiEndpoint: "${segment.host}/e", forceHttps: false, deviceId: "${deviceId}" };
  const loaded = Promise.withResolvers();
  void window.segmentAnalytics.register({
    name: "Amplitude", type: "destination", version: "1",
    isLoaded: () => window.amplitude !== undefined, ready: () => loaded.promise,
    load: async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      window.amplitude = amplitude;
      loaded.resolve();
      setTimeout(() => amplitude.getInstance().init("test-api-key", null, options), 50);
    },
  });`;

test("the manual's snippet for Classic, device-mode: starts when amplitude-js has, and asks it at each event", async (t) => {
  const modules = [loadSegment(), lateClassic("classic-2"), manualSnippet("Amplitude Classic, device-mode", segment)];
  const { page } = await openApp(t, { browser, viewer, modules });
  await isReady(page);
  const first = await page.evaluate(() => window.amplitude.getInstance().getSessionId());
  const sessions = [first, first + 1_000, first + 2_000, first + 3_000];
  for (const session of sessions) {
    await page.evaluate(async (session) => {
      window.amplitude.getInstance().setSessionId(session);
      await window.segmentAnalytics.track("one");
    }, session);
    await record(page, session);
  }
  const events = await segment.arrived(4);
  assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), sessions.map((id) => `classic-2/${id}`));
  await assertRecorded("classic-2", sessions);
});

test("… and follows amplitude-js's device, when it changes, and not Segment's", async (t) => {
  const modules = [loadSegment(), lateClassic("classic-3"), manualSnippet("Amplitude Classic, device-mode", segment)];
  const { page } = await openApp(t, { browser, viewer, modules });
  await isReady(page);
  const changes = [
    "",
    "window.amplitude.getInstance().setUserId(null); window.amplitude.getInstance().regenerateDeviceId();",
    "window.segmentAnalytics.reset();",
    'window.amplitude.getInstance().setDeviceId("classic-4");',
    "window.segmentAnalytics.setAnonymousId('segments');",
  ];
  const expected = [];
  for (const change of changes) {
    expected.push(
      await page.evaluate(async (change) => {
        new Function(change)();
        await window.segmentAnalytics.track("e");
        const amplitude = window.amplitude.getInstance();
        return `${amplitude.options.deviceId}/${amplitude.getSessionId()}`;
      }, change),
    );
  }
  const events = await segment.arrived(changes.length);
  assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), expected);
  assert.equal(new Set(expected).size, 3);
  assert.equal(new Set(events.map(({ anonymousId }) => anonymousId)).size, 3);
});

test("the Browser SDK's device is followed when it changes", async (t) => {
  const shell = `
    import * as amplitude from "@amplitude/analytics-browser";
    import { sessionReplayPlugin } from "session-replay-native/amplitude";
    window.amplitude = amplitude;
    await amplitude.add(sessionReplayPlugin()).promise;
    const options = { serverUrl: "${segment.url}/2/httpapi", flushIntervalMillis: 10 };
    await amplitude.init("test-api-key", { ...options, autocapture: false, remoteConfig: { fetchRemoteConfig: false } }).promise;
    window.isReady = true;`;
  const { page } = await openApp(t, { browser, viewer, modules: [shell] });
  await isReady(page);
  for (const change of ["", "window.amplitude.reset()", 'window.amplitude.setDeviceId("mine-1")']) {
    await page.evaluate((change) => (new Function(change)(), window.amplitude.track("e").promise), change);
  }
  const events = await segment.arrived(3);
  assert.equal(new Set(events.map((event) => event.device_id)).size, 3);
  const expected = events.map((event) => `${event.device_id}/${event.session_id}`);
  assert.deepEqual(events.map((event) => event.event_properties?.[REPLAY_ID]), expected);
});

test("Classic, cloud-mode with the built-in session timeout: events are given the session that is recorded", async (t) => {
  const cloud = `
    await sessionReplay.init("test-api-key").promise;
    await segmentAnalytics.addSourceMiddleware(integration.createSourceMiddleware({ mode: "classic-cloud" }));`;
  const { page } = await openApp(t, { browser, viewer, modules: [own(cloud)], options: { sessionTimeoutMs: 1_800_000, deviceId: "cloud-1" } });
  await isReady(page);
  await record(page, "any");
  await until(() => page.evaluate(() => window.sessionReplay.getSessionId() > 0), "the session");
  for (const type of ["track", "page", "identify", "group"]) await page.evaluate((type) => window.segmentAnalytics[type]("one"), type);
  const events = await segment.arrived(4);
  const session = await page.evaluate(() => window.sessionReplay.getSessionId());
  for (const event of events) assert.equal(event.integrations.Amplitude.session_id, session);
  const replays = events.map(({ properties }) => properties?.[REPLAY_ID]);
  assert.deepEqual(replays, [`cloud-1/${session}`, `cloud-1/${session}`, undefined, undefined]);
  await until(async () => (await marksOf(viewer, `cloud-1/${session}`)).length === 1, "the recording");
});

const CLOUD = `
  await sessionReplay.init("test-api-key").promise;
  await segmentAnalytics.addSourceMiddleware(integration.createSourceMiddleware({ mode: "classic-cloud" }));`;

test("Classic, cloud-mode as the manual has it: from the first event on, each has the session that is recorded", async (t) => {
  const options = { sessionTimeoutMs: 1_800_000, segment: { mode: "classic-cloud" } };
  const { page } = await openApp(t, { browser, viewer, modules: [own(CLOUD)], options });
  await isReady(page);
  for (const event of ["one", "two", "three"]) await page.evaluate((event) => window.segmentAnalytics.track(event), event);
  const events = await segment.arrived(3);
  const { anonymousId } = events[0];
  const session = await page.evaluate(() => window.sessionReplay.getSessionId());
  assert.equal(typeof session, "number");
  for (const event of events) {
    assert.equal(event.integrations.Amplitude.session_id, session);
    assert.equal(event.properties[REPLAY_ID], `${anonymousId}/${session}`);
  }
  await until(async () => (await viewer.events(anonymousId, session)).some(({ type }) => type === 2), "the recording");
});

test("two analytics in one page: each event leads to its own session's replay", async (t) => {
  const second = `
    const other = (window.other = AnalyticsBrowser.load({ writeKey: "other", cdnSettings }));
    await other.addSourceMiddleware(integration.createSourceMiddleware());`;
  const { page } = await openApp(t, { browser, viewer, modules: [own(MIDDLEWARE + second)] });
  await isReady(page);
  await page.evaluate(async ([first, second]) => {
    const actions = (session_id) => ({ integrations: { "Actions Amplitude": { session_id } } });
    const { segmentAnalytics: one, other: two } = window;
    const sent = [one.track("a", {}, actions(first)), two.track("b", {}, actions(second))];
    await Promise.all([...sent, one.track("c", {}, actions(second)), two.track("d", {}, actions(first))]);
  }, SESSIONS);
  const events = [...(await segment.arrived(4))].sort((one, other) => one.event.localeCompare(other.event));
  const sessions = [SESSIONS[0], SESSIONS[1], SESSIONS[1], SESSIONS[0]];
  assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), sessions.map((id) => `${events[0].anonymousId}/${id}`));
});

for (const deviceId of ["own", undefined]) {
  for (const [name, setUp] of Object.entries({ middleware: MIDDLEWARE, plugin: PLUGIN })) {
    const what = deviceId ? "a device that the app gave stays" : "without one the device follows analytics.reset()";
    test(`${what}: ${name}`, async (t) => {
      const { page } = await openApp(t, { browser, viewer, modules: [own(setUp)], options: { deviceId } });
      await isReady(page);
      await sendActions(page)(SESSIONS[0]);
      await page.evaluate(() => window.segmentAnalytics.reset());
      await sendActions(page)(SESSIONS[1]);
      const events = await segment.arrived(4);
      assert.equal(new Set(events.map((event) => event.anonymousId)).size, 2);
      const expected = events.map((event) => `${deviceId ?? event.anonymousId}/${actionsSession(event)}`);
      assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), expected);
    });
  }
}

test("what a page recorded before it told another session belongs to the session before", async (t) => {
  const setUp = `await sessionReplay.init("test-api-key", { deviceId: "page-1" }).promise;`;
  const { page } = await openApp(t, { browser, viewer, modules: [own(setUp)] });
  await isReady(page);
  await page.evaluate((session) => window.sessionReplay.setSessionId(session).promise, SESSIONS[0]);
  await record(page, SESSIONS[0]);
  // In one turn of the page: no frame in between, in which what was recorded would leave.
  await page.evaluate((marks) => {
    for (const mark of marks) {
      void window.sessionReplay.setSessionId(mark.data.payload.session);
      window.sessionReplay.record(mark);
    }
  }, SESSIONS.slice(1).map(mark));
  await assertRecorded("page-1", SESSIONS.slice(-1));
  const found = await Promise.all(SESSIONS.map((session) => marksOf(viewer, `page-1/${session}`)));
  assert.deepEqual(found, SESSIONS.map((session) => [session]));
});
