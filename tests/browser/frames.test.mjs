// The pixels of a real program, recorded through the C ABI, look in a stock player as the program did at each moment.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { compile } from "../support/c-host.mjs";
import { start } from "../support/children.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { keepPicture } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";
import { startViewer } from "../support/viewer.mjs";

const RECORDING = join(project, "tests/fixtures/frames/qt-designer");
const DEVICE = "device-1";
/** Frames of the recording: at its begin, in its middle, at its end. */
const MOMENTS = [0, 30, 59];
/** Of 1: what the replay may differ from the program, as the root of the mean square error. */
const MAX_ERROR = 0.04;
let viewer, browser, folder, desk, recording;

before(async () => {
  viewer = await startViewer();
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "session-replay-frames-"));
  desk = await open(browser);
  recording = JSON.parse(readFileSync(`${RECORDING}.json`, "utf8"));
  const frames = await draw();
  const head = Buffer.from(Uint32Array.of(recording.width, recording.height, frames.length).buffer);
  writeFileSync(join(folder, "frames"), Buffer.concat([head, ...frames]));
  const program = compile(["tests/c/frames.c"], join(folder, "program"));
  const { status, output } = await start(program, [viewer.url, String(SESSION), "", join(folder, "frames"), "masked", "shutdown"], { stdio: ["ignore", "pipe", "inherit"] }).ended;
  assert.equal(status, 0, output);
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
  await viewer?.stop();
});

/** The frames of these moments, three bytes a pixel. The page `desk` keeps them to compare with. */
async function draw() {
  const tiles = `data:image/webp;base64,${readFileSync(`${RECORDING}.webp`).toString("base64")}`;
  const drawn = await desk.page.evaluate(
    async ({ tiles, recording: { width, height, across, frames }, moments }) => {
      const image = new Image();
      image.src = tiles;
      await image.decode();
      const canvas = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      window.frames_ = [];
      const texts = [];
      for (const [number, { tiles }] of frames.entries()) {
        for (const [place, tile] of tiles) {
          const [x, y] = [(place % (width / 64)) * 64, Math.floor(place / (width / 64)) * 64];
          canvas.drawImage(image, (tile % across) * 64, Math.floor(tile / across) * 64, 64, 64, x, y, 64, 64);
        }
        if (!moments.includes(number)) continue;
        const { data } = canvas.getImageData(0, 0, width, height);
        window.frames_.push(data);
        let text = "";
        for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
        texts.push(btoa(text));
      }
      return texts;
    },
    { tiles, recording, moments: MOMENTS },
  );
  return drawn.map((text) => Buffer.from(text, "base64"));
}

/** How a picture differs from a frame where nothing is masked; and whether what is masked is of one colour in it. */
function compare(picture, number) {
  return desk.page.evaluate(
    async ({ picture, number, width, height }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const canvas = new OffscreenCanvas(width, height).getContext("2d");
      canvas.drawImage(image, 0, 0);
      const { data } = canvas.getImageData(0, 0, width, height);
      const expected = window.frames_[number];
      let sum = 0, count = 0, worstInMask = 0;
      for (let at = 0; at < data.length; at++) {
        const pixel = at >> 2;
        const [x, y] = [pixel % width, Math.floor(pixel / width)];
        if (at % 4 === 3) continue;
        if (x >= 300 && x < 700 && y >= 200 && y < 350) {
          // At its edges, WebP's blocks take a little of the colours outside of it.
          const isInside = x >= 324 && x < 676 && y >= 224 && y < 326;
          const middle = (275 * width + 500) * 4 + (at % 4);
          if (isInside) worstInMask = Math.max(worstInMask, Math.abs(data[at] - data[middle]));
          continue;
        }
        sum += ((data[at] - expected[at]) / 255) ** 2;
        count++;
      }
      return { size: [image.width, image.height], error: Math.sqrt(sum / count), worstInMask };
    },
    { picture, number, width: recording.width, height: recording.height },
  );
}

test("each moment looks like the program, and nothing masked is seen", async () => {
  const events = await viewer.events(DEVICE, SESSION);
  for (const [number, moment] of MOMENTS.entries()) {
    const name = `frames-${moment}`;
    const { picture, close } = await replayedAt({ viewer, browser }, name, events, isMoment(number));
    keepPicture(name, picture);
    const { size, error, worstInMask } = await compare(picture.toString("base64"), number);
    console.log(`moment ${moment}: error ${error.toFixed(4)}`);
    assert.deepEqual(size, [recording.width, recording.height]);
    assert.ok(error <= MAX_ERROR, `moment ${moment}: ${error}`);
    assert.ok(worstInMask <= 12, `moment ${moment}: something is seen through the mask (${worstInMask})`);
    await close();
  }
});
