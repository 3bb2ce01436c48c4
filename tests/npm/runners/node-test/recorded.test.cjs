const assert = require("node:assert/strict");
const { after, test } = require("node:test");
const sessionReplay = require("session-replay-native");
const { event, options } = require("../events.cjs");

after(() => sessionReplay.shutdown());

test("records", async () => {
  await sessionReplay.init("key", options("node-test")).promise;
  sessionReplay.record(event(1));
  assert.equal(await sessionReplay.flush(20_000), "ok");
});
