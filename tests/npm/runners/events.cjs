// What the tests record, and where it goes: the server of the test that runs them.
const SESSION = 1732300000000;

exports.event = (payload) => ({ type: 5, timestamp: SESSION, data: { tag: "test", payload } });
exports.options = (deviceId) => ({
  deviceId,
  sessionId: SESSION,
  sampleRate: 1,
  enableRemoteConfig: false,
  trackServerUrl: process.env.TRACK_SERVER_URL,
});
