// Records SOAK_EVENTS (1,000,000) events and looks for what grows and what is lost: `npm run soak`.
//
// Events are checked by number on the server: each once, in order. Memory is looked at after a first fifth, the warm-up.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import * as sessionReplay from "session-replay-native";
import { SESSION, fullSnapshot } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

const COUNT = Number(process.env.SOAK_EVENTS ?? 1_000_000);
const TURN = 500;
const WARM = COUNT / 5;
/** What memory may grow by after the warm-up, whatever the count: over a million events, less than 3 bytes an event. */
const MOST_HEAP_GROWTH = 2e6;
/** Buffers come and go with the pace of delivery. */
const MOST_RSS_GROWTH = 40e6;
const SESSIONS = 10;

const viewer = await startViewer();
const storageDir = mkdtempSync(join(tmpdir(), "session-replay-soak-"));
await sessionReplay.init(
  "key",
  viewer.options({ deviceId: "soak", sessionId: SESSION, storageDir, storageLimitBytes: 2e9 }),
).promise;
const padding = "x".repeat(150);
const forms = [(event) => event, (event) => JSON.stringify(event), (event) => Buffer.from(JSON.stringify(event))];

const memory = () => {
  global.gc?.();
  return { heap: process.memoryUsage().heapUsed, rss: process.memoryUsage().rss };
};
let warm;
let recordingMs = 0;
for (let n = 0; n < COUNT; n += TURN) {
  if (n % (COUNT / SESSIONS) === 0) {
    sessionReplay.setSessionId(SESSION + n / (COUNT / SESSIONS));
    sessionReplay.record(fullSnapshot());
  }
  const begun = performance.now();
  for (let i = n; i < Math.min(COUNT, n + TURN); i++) {
    sessionReplay.record(
      forms[i % 3]({ type: 5, timestamp: SESSION + i, data: { tag: "n", payload: { n: i, padding } } }),
    );
  }
  await turn();
  recordingMs += performance.now() - begun;
  if (n % 5_000 === 0) sessionReplay.stats();
  if (n % 50_000 === 0) await sessionReplay.flush(60_000);
  if (warm === undefined && n >= WARM) warm = memory();
}
const flushed = await sessionReplay.flush(120_000);
const cold = memory();
const stats = sessionReplay.stats();

let arrived = 0;
for (let session = 0; session < SESSIONS; session++) {
  let expected = session * (COUNT / SESSIONS);
  for (const event of await viewer.events("soak", SESSION + session)) {
    if (event.type !== 5) continue;
    if (event.data.payload.n !== expected)
      throw new Error(`event ${event.data.payload.n} arrived where ${expected} was due`);
    expected++;
    arrived++;
  }
}
const growth = { heap: cold.heap - warm.heap, rss: cold.rss - warm.rss };
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
console.log(
  `${process.env.SESSION_REPLAY_BACKEND ?? "koffi"}: ${COUNT} events, ` +
    `${((recordingMs / COUNT) * 1e6).toFixed(0)} ns each with making them; ` +
    `arrived ${arrived}, delivered ${stats.delivered}, flush ${flushed}; ` +
    `after the warm-up heap ${megabytes(warm.heap)} and ${megabytes(growth.heap)} more, ` +
    `resident ${megabytes(warm.rss)} and ${megabytes(growth.rss)} more`,
);
await sessionReplay.shutdown();
await viewer.stop();
rmSync(storageDir, { recursive: true });
const failures = [
  arrived !== COUNT && "events were lost",
  growth.heap > MOST_HEAP_GROWTH && "the heap grows",
  growth.rss > MOST_RSS_GROWTH && "resident memory grows",
].filter(Boolean);
if (failures.length > 0) throw new Error(failures.join(", "));
