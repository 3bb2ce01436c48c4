/** @jest-environment jsdom */
const sessionReplay = require("session-replay-native");

test("by default a jsdom test gets the page's side, which says what is missing", async () => {
  const warn = jest.spyOn(console, "warn").mockImplementation(() => {});
  jest.spyOn(console, "error").mockImplementation(warn);
  await sessionReplay.init("key", {}).promise;
  expect(warn.mock.calls.flat().join()).toMatch(/window.sessionReplay is not there/);
  expect(sessionReplay.record({ type: 3 })).toBe("not-captured");
  expect(sessionReplay.processSegmentEvent).toBeUndefined();
});
