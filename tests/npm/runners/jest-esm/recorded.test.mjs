import { jest } from "@jest/globals";
import * as sessionReplay from "session-replay-native";
import { event, options } from "../events.cjs";

afterAll(() => sessionReplay.shutdown());

test("ES modules share the recorder, too", async () => {
  await sessionReplay.init("key", options("jest-esm")).promise;
  sessionReplay.record(event(1));
  jest.resetModules();
  const again = await import("session-replay-native");
  expect(again.record).not.toBe(sessionReplay.record);
  again.record(event(2));
  expect(await again.flush(20_000)).toBe("ok");
});
