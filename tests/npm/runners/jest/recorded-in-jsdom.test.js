/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node", "node-addons"]}
 */
const sessionReplay = require("session-replay-native");
const { event, options } = require("../events.cjs");

afterAll(() => sessionReplay.shutdown());

test("Node.js's side records among a page's globals", async () => {
  await sessionReplay.init("key", options("jsdom")).promise;
  sessionReplay.record(event(1));
  sessionReplay.record(new Uint8Array(Buffer.from(JSON.stringify(event(2)))));
  expect(await sessionReplay.flush(20_000)).toBe("ok");
});
