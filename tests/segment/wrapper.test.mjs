// Beside Amplitude's own plugin for Segment (Actions), @amplitude/segment-session-replay-wrapper: the calls of the captured
// payloads, sent through each in a page of its own. What the two do differently is all in this file, with the reason.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "../support/chromium.mjs";
import { startViewer } from "../support/viewer.mjs";
import { openApp } from "./support/page.mjs";
import { REPLAY_ID } from "./support/replays.mjs";
import { startSegment } from "./support/segment-endpoint.mjs";

const captured = JSON.parse(readFileSync(new URL("../fixtures/segment/analytics-next.json", import.meta.url), "utf8"));
const ANONYMOUS = "anonymous-1";
const [FIRST, SECOND, THIRD, FOURTH] = [1732300000000, 1732300600000, 1732301200000, 1732301800000];

let viewer, browser;
before(async () => ([viewer, browser] = [await startViewer(), await launch()]));
after(async () => {
  await browser.close();
  await viewer.stop();
});

/** The call that the application made, so that this event came of it. */
function callOf({ payload_obj: event }) {
  const { "Segment.io": _, ...integrations } = event.integrations;
  const options = { integrations };
  const { type, properties, traits } = event;
  if (type === "track") return [type, event.event, properties, options];
  if (type === "identify") return [type, event.userId, traits, options];
  if (type === "group") return [type, event.groupId, traits, options];
  if (type === "alias") return [type, event.userId, event.previousId, options];
  return [type, event.category, event.name, properties, options];
}

const name = ({ type, event }) => event ?? type;

/** The old browser SDK inside Amplitude's plugin asks for its configuration at an address that no option changes. */
async function newContext() {
  const context = await browser.newContext();
  await context.route(/^https:/, async (route) => {
    if (!route.request().url().includes("/config")) return route.abort();
    const body = await (await fetch(`${viewer.url}/config/key`)).text();
    await route.fulfill({ headers: { "Access-Control-Allow-Origin": "*" }, contentType: "application/json", body });
  });
  return context;
}

/** Sends all the calls through one of the plugins; for each event what it was sent with and the session id that was set. */
async function run(t, { register, sessionId }) {
  const segment = await startSegment();
  t.after(() => segment.stop());
  const script = `
    import { AnalyticsBrowser } from "@segment/analytics-next";
    import cookie from "js-cookie";
    import * as sessionReplay from "session-replay-native";
    ${register.import}
    const cdnSettings = { integrations: { "Segment.io": { apiKey: "key", apiHost: "${segment.host}/v1", protocol: "http" } } };
    const segmentInstance = AnalyticsBrowser.load({ writeKey: "key", cdnSettings });
    await segmentInstance.setAnonymousId("${ANONYMOUS}");
    const sessionReplayOptions = ${JSON.stringify({
      sampleRate: 1,
      trackServerUrl: `${viewer.url}/sessions/v2/track`,
      configServerUrl: `${viewer.url}/config`,
    })};
    await createSegmentActionsPlugin({ segmentInstance, amplitudeApiKey: "test-api-key", sessionReplayOptions });
    await segmentInstance.ready();
    window.send = async ([type, ...given]) => {
      await segmentInstance[type](...given);
      return ${sessionId};
    };
    window.isReady = true;`;
  const { page, errors } = await openApp(t, { browser: { newContext }, viewer, modules: [script] });
  await page.waitForFunction(() => window.isReady);
  const results = [];
  for (const call of captured.source_middleware_saw.map(callOf)) {
    const session = await page.evaluate((call) => window.send(call), call);
    const event = (await segment.arrived(results.length + 1)).at(-1);
    const { [REPLAY_ID]: replay, ...rest } = event.properties ?? {};
    results.push({ event: name(event), session, replay, rest, traits: event.traits, integrations: event.integrations });
  }
  assert.deepEqual(errors, []);
  return results;
}

const OURS = {
  register: { import: 'import { createSegmentActionsPlugin } from "session-replay-native/segment";' },
  sessionId: "sessionReplay.getSessionId()",
};
const AMPLITUDES = {
  register: { import: 'import createSegmentActionsPlugin from "@amplitude/segment-session-replay-wrapper";' },
  sessionId: 'cookie.get("amp_session_id") && Number(cookie.get("amp_session_id"))',
};

/** Event, and what each has in it: [session id that was set, replay id]. Only where they differ. */
const DIFFERENCES = [
  // It comes late: the current replay is not that of its session. Amplitude's plugin gives it that one.
  ["Older session", { ours: [SECOND, undefined], theirs: [SECOND, `${ANONYMOUS}/${SECOND}`] }],
  // A property of the same name that the event has wins; Amplitude's plugin overwrites it.
  ["Has its own replay id", { ours: [THIRD, "mine/1"], theirs: [THIRD, `${ANONYMOUS}/${THIRD}`] }],
  // Amplitude's plugin has no step for screen.
  ["screen", { ours: [THIRD, `${ANONYMOUS}/${THIRD}`], theirs: [THIRD, undefined] }],
  // Whatever event tells of a later session begins it; Amplitude's plugin waits for the next track or page.
  ["identify", { ours: [FOURTH, undefined], theirs: [THIRD, undefined] }],
  ["group", { ours: [FOURTH, undefined], theirs: [THIRD, undefined] }],
  ["alias", { ours: [FOURTH, undefined], theirs: [THIRD, undefined] }],
  // The device stays the anonymous id, which Segment sends as Amplitude's device id; Amplitude's plugin takes the user id
  // for it, once there is one.
  ["After identify", { ours: [FOURTH, `${ANONYMOUS}/${FOURTH}`], theirs: [FOURTH, `user-1/${FOURTH}`] }],
];

test("the same sessions are set and the same properties added as by Amplitude's own plugin, but for these", async (t) => {
  let ours, theirs;
  await t.test("this package", async (t) => (ours = await run(t, OURS)));
  await t.test("Amplitude's", async (t) => (theirs = await run(t, AMPLITUDES)));
  assert.equal(ours.length, 16);
  const differences = [];
  for (const [place, mine] of ours.entries()) {
    const their = theirs[place];
    // Everything but the replay id is what the application sent, in both.
    const others = ({ event, rest, traits, integrations }) => ({ event, rest, traits, integrations });
    assert.deepEqual(others(mine), others(their));
    const [one, other] = [mine, their].map(({ session, replay }) => [session, replay]);
    if (JSON.stringify(one) !== JSON.stringify(other)) differences.push([mine.event, { ours: one, theirs: other }]);
  }
  assert.deepEqual(differences, DIFFERENCES);
  assert.deepEqual(
    ours.map(({ session }) => session),
    [FIRST, FIRST, SECOND, SECOND, ...Array(8).fill(THIRD), ...Array(4).fill(FOURTH)],
  );
});
