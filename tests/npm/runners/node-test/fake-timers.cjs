// Sinon fakes the timers of the whole process; a flush that nobody answers ends all the same.
const sinon = require("sinon");
const sessionReplay = require("session-replay-native");
const { event, options } = require("../events.cjs");

(async () => {
  await sessionReplay.init("key", { ...options("sinon"), trackServerUrl: "http://127.0.0.1:9/", logLevel: "none" }).promise;
  sessionReplay.record(event(1));
  const clock = sinon.useFakeTimers();
  const status = await sessionReplay.flush(200);
  clock.restore();
  console.log(status);
})();
