// In Chromium, as a page of an Electron app: Amplitude's three snippets, word for word, with Segment's and Amplitude's own
// packages. What Segment is sent and what the viewer is sent agree on every event.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch } from "../browser/chromium.mjs";
import { startViewer } from "../../bindings/node/test/support/viewer.mjs";
import { GLOBALS, openApp } from "./support/page.mjs";
import { REPLAY_ID, mark, marksOf, until } from "./support/replays.mjs";
import { startSegment } from "./support/segment-endpoint.mjs";
import { snippet } from "./support/snippets.mjs";

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
  until("the page to record", () => page.evaluate((event) => window.sessionReplay.record(event) === "ok", mark(session)));

/** Goes through the sessions with the network down in the third, and has `send` send the events of each. */
async function throughSessions(page, send) {
  for (const [place, session] of SESSIONS.entries()) {
    if (place === 2) await viewer.fault({ on: "track", status: 503, standing: true });
    if (place === 3) await viewer.clearFaults();
    await send(session);
    await record(page, session);
  }
}

/** The viewer has each of these recordings, and in it what was recorded in that session alone. */
async function assertRecorded(device, sessions) {
  for (const session of sessions) {
    const id = `${device}/${session}`;
    await until(`the mark in ${id}`, async () => (await marksOf(viewer, id)).length > 0);
    assert.deepEqual(await marksOf(viewer, id), [session], id);
    const [anonymousId] = id.split("/");
    const events = await viewer.events(anonymousId, session);
    assert.ok(events.some(({ type }) => type === 2), `${id} has a full snapshot`);
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
  await until("session replay to start", () => page.evaluate(() => window.sessionReplay.getSessionId() > 0));
  const first = await page.evaluate(() => window.amplitude.getInstance().getSessionId());
  const sessions = [first, first + 1_000, first + 2_000, first + 3_000];
  for (const [place, session] of sessions.entries()) {
    if (place === 2) await viewer.fault({ on: "track", status: 503, standing: true });
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

test("the document's snippet for Classic, cloud-mode, with the Browser SDK as a shell", async (t) => {
  const shell = 'import * as amplitude from "@amplitude/analytics-browser"; window.amplitude = amplitude;';
  const modules = [GLOBALS + shell, snippet("classic-cloud", segment)];
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

/** The package's own middleware or plugin in place of the hand-written one. */
const own = (setUp) => `
  import { AnalyticsBrowser } from "@segment/analytics-next";
  import * as sessionReplay from "session-replay-native";
  import * as integration from "session-replay-native/segment";
  const cdnSettings = { integrations: { "Segment.io": { apiKey: "key", apiHost: "${segment.host}/v1", protocol: "http" } } };
  const segmentAnalytics = AnalyticsBrowser.load({ writeKey: "key", cdnSettings });
  ${setUp}
  window.segmentAnalytics = segmentAnalytics;
  window.isReady = true;`;
const MIDDLEWARE = `
  await sessionReplay.init("test-api-key").promise;
  await segmentAnalytics.addSourceMiddleware(integration.createSourceMiddleware());`;
const PLUGIN = 'await integration.createSegmentActionsPlugin({ segmentInstance: segmentAnalytics, amplitudeApiKey: "test-api-key" });';

for (const [name, setUp] of [["createSourceMiddleware", MIDDLEWARE], ["createSegmentActionsPlugin", PLUGIN]]) {
  test(`${name}: every event leads to the replay of its session`, async (t) => {
    const { page, errors } = await openApp(t, { browser, viewer, modules: [own(setUp)] });
    await isReady(page);
    await throughSessions(page, sendActions(page));
    const events = await segment.arrived(8);
    const device = assertSent(events, actionsSession);
    for (const event of events) assert.equal(event.properties[REPLAY_ID], `${device}/${actionsSession(event)}`);
    await assertRecorded(device, SESSIONS);
    assert.deepEqual(errors, []);
  });
}

test("events without a session id wait one turn, and keep their order", async (t) => {
  const { page } = await openApp(t, { browser, viewer, modules: [own(MIDDLEWARE)] });
  await isReady(page);
  await page.evaluate(async (session_id) => {
    const integrations = { "Actions Amplitude": { session_id } };
    const sent = ["a", "b", "c", "d", "e", "f"].map((name, place) =>
      window.segmentAnalytics.track(name, {}, place % 2 ? { integrations } : {}),
    );
    await Promise.all(sent);
  }, SESSION);
  const events = await segment.arrived(6);
  assert.equal(events.map(({ event }) => event).join(""), "abcdef");
});

/** As Segment's own session plugin does it: after every middleware, in the event itself. */
const SESSION_PLUGIN = `
  await segmentAnalytics.register({
    name: "session plugin", type: "enrichment", version: "1", isLoaded: () => true, load: async () => {},
    track: async (context) => (context.updateEvent("integrations.Actions Amplitude", {}),
      context.updateEvent("integrations.Actions Amplitude.session_id", window.currentSession), context),
  });`;

test("a session id that Segment's session plugin writes after the middleware is followed without a setTimeout", async (t) => {
  const { page } = await openApp(t, { browser, viewer, modules: [own(SESSION_PLUGIN + MIDDLEWARE)] });
  await isReady(page);
  for (const session of SESSIONS) {
    await page.evaluate((session) => ((window.currentSession = session), window.segmentAnalytics.track("e")), session);
    await until(`session ${session}`, async () => (await page.evaluate(() => window.sessionReplay.getSessionId())) === session);
  }
});

test("behind Segment's session plugin, the package's plugin gives each event its own session", async (t) => {
  const { page } = await openApp(t, { browser, viewer, modules: [own(SESSION_PLUGIN + PLUGIN)] });
  await isReady(page);
  for (const session of SESSIONS) {
    await page.evaluate((session) => ((window.currentSession = session), window.segmentAnalytics.track("e")), session);
  }
  const events = await segment.arrived(4);
  assert.deepEqual(events.map((event) => event.properties[REPLAY_ID]), SESSIONS.map((id) => `${events[0].anonymousId}/${id}`));
});

test("Classic, device-mode: initWithAmplitudeClassic waits for amplitude-js, and the middleware asks it", async (t) => {
  const setUp = `
    window.amplitude = (await import("amplitude-js")).default;
    const amplitude = window.amplitude.getInstance();
    const started = integration.initWithAmplitudeClassic("test-api-key", amplitude);
    amplitude.init("test-api-key", null, { apiEndpoint: "${segment.host}/e", forceHttps: false, deviceId: "classic-2" });
    await started.promise;
    const options = { mode: "classic-device", getSessionId: () => amplitude.getSessionId(), deviceId: "classic-2" };
    await segmentAnalytics.addSourceMiddleware(integration.createSourceMiddleware(options));`;
  const { page } = await openApp(t, { browser, viewer, modules: [own(setUp)] });
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
