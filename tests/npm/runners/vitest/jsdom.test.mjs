// @vitest-environment jsdom
import { afterAll, expect, test } from "vitest";
import * as sessionReplay from "session-replay-native";
import { event, options } from "../events.cjs";

afterAll(() => sessionReplay.shutdown());

test("a jsdom test gets Node.js's side", async () => {
  expect(typeof window).toBe("object");
  await sessionReplay.init("key", options("vitest-jsdom")).promise;
  sessionReplay.record(event(1));
  expect(await sessionReplay.flush(20_000)).toBe("ok");
});
