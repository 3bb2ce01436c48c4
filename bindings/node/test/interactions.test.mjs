// Clicks and scroll depth from Node, through each FFI package, as the server receives them.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { SESSION, fullSnapshot } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

const PAGE = { viewportWidth: 800, viewportHeight: 600, pageUrl: "app://bestellungen/✓" };
const CLICK = { type: "click", x: 10, y: 20.5, selector: "#kaufen", ...PAGE };
const SCROLL = { type: "scroll", maxScrollX: 0, maxScrollY: 900, maxScrollWidth: 800, maxScrollHeight: 1500, ...PAGE, timestamp: SESSION };

let viewer;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

const start = (deviceId, more = {}) => sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...more })).promise;
const told = (device) => viewer.get(`/api/sessions/${device}/${SESSION}/interactions`);

test("interactions arrive beside the replay and not in it", async () => {
  await start("told", { interactionConfig: { enabled: true } });
  sessionReplay.record(fullSnapshot());
  const from = Date.now();
  assert.equal(sessionReplay.recordInteraction(CLICK), "ok");
  assert.equal(sessionReplay.recordInteraction(SCROLL), "ok");
  const line = { type: 5, data: { tag: "session-replay-interaction", payload: { ...CLICK, timestamp: SESSION } }, timestamp: SESSION };
  assert.equal(sessionReplay.recordLines(JSON.stringify(line)), 1);
  assert.equal(await sessionReplay.flush(20_000), "ok");
  const [click, scroll, page] = await told("told");
  assert.ok(click.timestamp >= from && click.timestamp <= Date.now(), "now, where none is given");
  assert.deepEqual({ ...click, timestamp: 0 }, { ...CLICK, timestamp: 0, count: 1 });
  assert.deepEqual(scroll, SCROLL);
  assert.deepEqual(page, { ...CLICK, timestamp: SESSION, count: 1 });
  assert.deepEqual(sessionReplay.stats().interactions, { recorded: 3, delivered: 3, off: 0 });
  assert.equal((await viewer.events("told", SESSION)).length, 1);
});

test("what is none is refused, and nothing is recorded where they are off", async () => {
  assert.equal(sessionReplay.recordInteraction(CLICK), "not-captured");
  await start("off");
  assert.equal(sessionReplay.recordInteraction(CLICK), "not-captured");
  assert.deepEqual(sessionReplay.stats().interactions, { recorded: 0, delivered: 0, off: 1 });
  const circle = { ...CLICK };
  circle.self = circle;
  for (const [wrong, message] of [
    [undefined, /must be an object/],
    ["click", /must be an object/],
    [[CLICK], /must be an object/],
    [circle, /can't be written as JSON/],
    [{ ...CLICK, type: "hover" }, /"click" or "scroll"/],
    [{ ...CLICK, x: "10" }, /a click needs a number in "x"/],
    [{ ...SCROLL, pageUrl: undefined }, /a scroll needs a text in "pageUrl"/],
    [{ ...CLICK, selector: "a".repeat(40_000) }, /the limit is 32000/],
  ])
    assert.throws(() => sessionReplay.recordInteraction(wrong), message);
});
