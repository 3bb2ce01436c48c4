import { afterAll, expect, test, vi } from "vitest";
import * as sessionReplay from "session-replay-native";
import { event, options } from "../events.cjs";

afterAll(() => sessionReplay.shutdown());

test("records, with faked timers too", async () => {
  await sessionReplay.init("key", options("vitest")).promise;
  sessionReplay.record(event(1));
  vi.resetModules();
  const again = await import("session-replay-native");
  again.record(event(2));
  vi.useFakeTimers();
  expect(await again.flush(20_000)).toBe("ok");
  vi.useRealTimers();
});
