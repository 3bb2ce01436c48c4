// A program without any page paints a chart of its own for two seconds, and shows it as frames:
//
//   node frames.mjs [http://127.0.0.1:8787]
import { setTimeout as sleep } from "node:timers/promises";
import * as sessionReplay from "session-replay-native";

const [server = "http://127.0.0.1:8787"] = process.argv.slice(2);
const [WIDTH, HEIGHT, BAR] = [320, 180, 16];
const VIEW = 1;
const deviceId = "node-frames-example";
const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255); // as a canvas's ImageData has them
/** What was painted since the last frame. */
let damage = [];

function paintBar(bar, load) {
  const top = Math.round((1 - load) * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = bar * BAR; x < (bar + 1) * BAR - 2; x++)
      pixels.set(y < top ? [255, 255, 255, 255] : [10, 88, 202, 255], (y * WIDTH + x) * 4);
  damage.push({ x: bar * BAR, y: 0, width: BAR, height: HEIGHT });
}

sessionReplay.on("log", ({ level, message }) => console.error(`${level}: ${message}`));
sessionReplay.on("session", (id) => console.log(`session ${id}: ${server}/sessions/${deviceId}/${id}`));
await sessionReplay.init("my-api-key", {
  deviceId,
  sessionId: Date.now(),
  sampleRate: 1,
  enableRemoteConfig: false,
  trackServerUrl: `${server}/sessions/v2/track`,
  frameIntervalMs: 100,
}).promise;

sessionReplay.placeView({ id: VIEW, x: 40, y: 60, width: WIDTH, height: HEIGHT, title: "Load" });
for (let bar = 0; bar < WIDTH / BAR; bar++) {
  paintBar(bar, (1 + Math.sin(bar / 3)) / 2);
  // Rate, budget and the user's input are in it.
  if (sessionReplay.nextFrameMs(VIEW) === 0) {
    sessionReplay.showFrame(VIEW, { pixels, format: "rgba", width: WIDTH, height: HEIGHT, damage, masksKnown: true });
    damage = [];
  }
  await sleep(100);
}
await sleep(sessionReplay.nextFrameMs(VIEW));
sessionReplay.showFrame(VIEW, { pixels, format: "rgba", width: WIDTH, height: HEIGHT, masksKnown: true });
const flushed = await sessionReplay.flush(10_000); // waits for the image, which is made on another thread, too
console.log({ flushed });
await sessionReplay.shutdown();
process.exitCode = flushed === "ok" ? 0 : 1;
