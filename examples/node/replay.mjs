// Replays a real recording into Session Replay, begins another session half-way, and says what became of it:
//
//   node replay.mjs [recording.jsonl] [http://127.0.0.1:8787]
import { readFileSync } from "node:fs";
import * as sessionReplay from "session-replay-native";

const sample = new URL("../../tests/fixtures/recordings/form-unicode.jsonl", import.meta.url);
const [recording = sample, server = "http://127.0.0.1:8787"] = process.argv.slice(2);
const META = 4;
const FULL_SNAPSHOT = 2;

const events = readFileSync(recording, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
const firstSession = Date.now();
const deviceId = "node-example";

sessionReplay.on("log", ({ level, message }) => console.error(`${level}: ${message}`));
sessionReplay.on("session", (id) => console.log(`session ${id}: ${server}/sessions/${deviceId}/${id}`));

// A program with a recorder of its own would have it take a full snapshot. Here the last one of the recording serves.
let last = {};
sessionReplay.on("needs-full-snapshot", () => {
  for (const event of [last[META], last[FULL_SNAPSHOT]]) if (event) sessionReplay.record(event);
});

// Leave out the URL and give your project's key, and it goes to Amplitude.
await sessionReplay.init("my-api-key", {
  deviceId,
  sessionId: firstSession,
  sampleRate: 1,
  enableRemoteConfig: false,
  trackServerUrl: `${server}/sessions/v2/track`,
}).promise;

// What the events of your analytics have to carry, so that they lead to the replay.
console.log("analytics events carry", sessionReplay.getSessionReplayProperties());

for (const [i, event] of events.entries()) {
  if (i === Math.floor(events.length / 2)) {
    await sessionReplay.setSessionId(firstSession + 1).promise;
    // Listeners are called at the end of the turn: the full snapshot comes before the events that build on it.
    await new Promise(setImmediate);
  }
  sessionReplay.record(event);
  last = { ...last, [event.type]: event };
}

const flushed = await sessionReplay.flush(10_000);
const { recorded, delivered, waiting, bytes, lastError } = sessionReplay.stats();
console.log({ flushed, recorded: recorded.events, delivered, waiting: waiting.events, bytes, lastError });
await sessionReplay.shutdown();
process.exitCode = flushed === "ok" ? 0 : 1;
