// What Electron paints offscreen is in the replay as pixels: the guide's own lines, a page painted by the real Chromium, and the player's
// picture beside it.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "../../../../tests/support/chromium.mjs";
import { SESSION } from "../../../../tests/support/events.mjs";
import { project } from "../../../../tests/support/paths.mjs";
import { keepPicture, rmse } from "../../../../tests/support/pictures.mjs";
import { isMoment, replayedAt } from "../../../../tests/support/replayed.mjs";
import { startViewer } from "../../../../tests/support/viewer.mjs";
import { until } from "../../../../tests/support/waiting.mjs";

const sessionReplay = createRequire(import.meta.url)("session-replay-native");
let viewer, browser;
before(async () => {
  viewer = await startViewer();
  browser = await launch();
});
after(async () => {
  await sessionReplay.shutdown(0);
  await browser?.close();
  await viewer?.stop();
});

/** The lines of the guide, with what they use from elsewhere. */
function runSnippet(window) {
  const guide = readFileSync(join(project, "docs/guide/electron.md"), "utf8");
  const snippet = [...guide.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text).find((text) => text.includes('on("paint"'));
  const timers = [];
  const keep = (...given) => timers[timers.push(setInterval(...given)) - 1];
  new Function("window", "sessionReplay", "setInterval", snippet)(window, sessionReplay, keep);
  return { view: Number(/VIEW = ([\d_]+)/.exec(snippet)[1].replaceAll("_", "")), stop: () => timers.forEach(clearInterval) };
}

/** As Electron's `NativeImage`: the pixels of a PNG, in BGRA. */
async function nativeImage(page, png) {
  const bytes = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    return [image.width, image.height, ...context.getImageData(0, 0, image.width, image.height).data];
  }, `data:image/png;base64,${png.toString("base64")}`);
  const [width, height, ...rgba] = bytes;
  const bgra = Buffer.from(rgba.map((_, at) => rgba[at % 4 === 0 ? at + 2 : at % 4 === 2 ? at - 2 : at]));
  return { getSize: () => ({ width, height }), toBitmap: () => bgra };
}

test("pages that are painted offscreen are shown as they were painted, and only what was painted anew", async () => {
  await sessionReplay.init("key", viewer.options({ deviceId: "offscreen", sessionId: SESSION, frameIntervalMs: 50, frameBytesPerSecond: 10_000_000 })).promise;
  const tool = await browser.newPage();
  const painter = await browser.newPage({ viewport: { width: 400, height: 240 } });
  await painter.setContent(`<body style="margin: 0; background: linear-gradient(90deg, #fde68a, #38bdf8); font: 20px sans-serif">
    <h1 style="color: #b91c1c">Painted offscreen</h1><p id="text">before</p>`);
  const window = { webContents: new EventEmitter() };
  const { view, stop } = runSnippet(window);
  sessionReplay.placeView({ id: view, x: 50, y: 60, width: 400, height: 240 });
  const paint = async (dirty) => {
    const png = await painter.screenshot();
    window.webContents.emit("paint", {}, dirty, await nativeImage(tool, png));
    return png;
  };
  const moment = async (name) => {
    sessionReplay.recordCustom("moment", name);
    return until(async () => {
      await sessionReplay.flush(20_000);
      const events = await viewer.events("offscreen", SESSION);
      return events.some(isMoment(name)) && events;
    }, name);
  };
  const images = (events) => JSON.stringify(events).match(/data:image\/webp/g)?.length ?? 0;
  await paint({ x: 0, y: 0, width: 400, height: 240 });
  const first = await until(async () => {
    const events = await moment("first");
    return images(events) > 0 && events;
  }, "the first frame");
  await painter.evaluate(() => (document.querySelector("#text").textContent = "and painted again"));
  const { x, y, width, height } = await painter.locator("#text").boundingBox();
  const png = await paint({ x, y, width, height });
  await until(async () => images(await moment("waiting")) > images(first), "the second frame");
  const events = await moment("second");
  const { picture, windows, page, close } = await replayedAt({ viewer, browser }, "offscreen-second", events, isMoment("second"));
  keepPicture("offscreen", picture);
  assert.deepEqual(windows.map(({ place }) => place), [[50, 60, 400, 240]]);
  await tool.setViewportSize({ width: 500, height: 320 });
  await tool.setContent(`<body style="margin: 0"><img style="position: absolute; left: 50px; top: 60px" src="data:image/png;base64,${png.toString("base64")}">`);
  const distance = await rmse(page, [await tool.screenshot(), picture], [50, 60, 400, 240]);
  assert.ok(distance < 0.04, String(distance));
  await close();
  stop();
});
