// Records for real, through a registry that is reset, with faked timers, and with bytes of the runner's world.
const sessionReplay = require("session-replay-native");
const { event, options } = require("../events.cjs");

afterAll(() => sessionReplay.shutdown());

test("one recorder serves every copy that the runner makes", async () => {
  await sessionReplay.init("key", options("jest")).promise;
  sessionReplay.record(event(1));
  sessionReplay.record(Buffer.from(JSON.stringify(event(2))));
  jest.resetModules();
  const again = require("session-replay-native");
  expect(again).not.toBe(sessionReplay);
  expect(again.getSessionReplayId()).toBe(sessionReplay.getSessionReplayId());
  again.record(event(3));
  expect(() => again.recordLines("no JSON")).toThrow(sessionReplay.SessionReplayError);
  jest.useFakeTimers();
  expect(await again.flush(20_000)).toBe("ok");
  jest.useRealTimers();
});
