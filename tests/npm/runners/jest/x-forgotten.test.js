// Ends without a shutdown, while the server can't be reached: later lines of the log must not reach a console that is gone.
const sessionReplay = require("session-replay-native");
const { event, options } = require("../events.cjs");

test("nothing is awaited", async () => {
  await sessionReplay.init("key", { ...options("forgotten"), trackServerUrl: "http://127.0.0.1:9/", logLevel: "debug" }).promise;
  sessionReplay.record(event(1));
  sessionReplay.flush(0);
});
