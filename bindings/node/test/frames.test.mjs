// Frames: what a program that paints by itself has painted, through each FFI package, as the server receives it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as sessionReplay from "session-replay-native";
import { SESSION } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { until } from "../../../tests/support/waiting.mjs";

const require = createRequire(import.meta.url);
const { frameOf } = require("../dist/native/frame-values.js");

let viewer;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

const OPTIONS = { frameIntervalMs: 50, frameBytesPerSecond: 10_000_000 };
const start = (deviceId, more = {}) =>
  sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...OPTIONS, ...more })).promise;

const [WIDTH, HEIGHT] = [64, 32];
/** Colors that all formats have. */
const colorAt = (x, y) => [x < 32 ? 255 : 0, y < 16 ? 255 : 0, (x >> 3) % 2 ? 255 : 0];

/** The same picture in each format; `paint` may paint another. */
function picture(format, { stride, bottomUp = false, paint = colorAt } = {}) {
  const bytesOf = {
    rgba: ([r, g, b]) => [r, g, b, 7],
    bgra: ([r, g, b]) => [b, g, r, 7],
    argb: ([r, g, b]) => [7, r, g, b],
    abgr: ([r, g, b]) => [7, b, g, r],
    rgb: (color) => color,
    bgr: ([r, g, b]) => [b, g, r],
    rgb565: ([r, g, b]) => {
      const bits = ((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3);
      return [bits & 255, bits >> 8];
    },
  }[format];
  const size = bytesOf([0, 0, 0]).length;
  const row = stride ?? WIDTH * size;
  const pixels = Buffer.alloc(row * HEIGHT, 99);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) pixels.set(bytesOf(paint(x, y)), row * (bottomUp ? HEIGHT - 1 - y : y) + x * size);
  return { pixels, format, width: WIDTH, height: HEIGHT, ...(stride && { stride }), ...(bottomUp && { bottomUp }) };
}

const imagesIn = (events) => [...JSON.stringify(events).matchAll(/data:image\/[^"\\)]+/g)].map(([url]) => url);

/** The images of a session once there are so many. */
const imagesOf = (device, session, count) =>
  until(async () => {
    assert.equal(await sessionReplay.flush(20_000), "ok");
    const images = imagesIn(await viewer.events(device, session));
    return images.length >= count && images;
  }, `${count} images of ${device}/${session}`);

let lastView = 0;
/** What a session of its own shows of these frames of one view: the images, one frame's after the other's. */
async function shown(device, ...frames) {
  const view = ++lastView;
  await sessionReplay.setSessionId(SESSION + view).promise;
  let images = [];
  for (const frame of frames) {
    await until(() => sessionReplay.nextFrameMs(view) === 0, "a frame is wanted");
    assert.equal(sessionReplay.showFrame(view, typeof frame === "function" ? await frame() : frame), "ok");
    images = await imagesOf(device, SESSION + view, images.length + 1);
  }
  sessionReplay.closeView(view);
  return images;
}

test("the same picture in each format, with gaps between its rows, upside down, and from any memory is the same image", async () => {
  await start("formats");
  const [wanted, ...more] = await shown("formats", picture("rgba"));
  assert.match(wanted, /^data:image\/webp;base64,/);
  assert.deepEqual(more, [], "one image");
  const other = await shown("formats", { ...picture("rgba"), format: "bgra" });
  assert.notDeepEqual(other, [wanted], "a wrong format shows");
  const { pixels, ...plain } = picture("rgba");
  const copyTo = (bytes, at = 0) => {
    bytes.set(pixels, at);
    return bytes;
  };
  class Lying extends Uint8Array {
    get byteLength() {
      return 1e9;
    }
  }
  const memories = {
    "another format": ["bgra", "argb", "abgr", "rgb", "bgr", "rgb565"].map((format) => picture(format)),
    "gaps between rows": [picture("rgb", { stride: 200 }), picture("rgba", { stride: 256 + 16 })],
    "bottom up": [picture("bgra", { bottomUp: true }), picture("bgr", { bottomUp: true, stride: 196 })],
    memory: [
      { ...plain, pixels: new Uint8ClampedArray(pixels) },
      { ...plain, pixels: copyTo(new Uint8Array(new ArrayBuffer(pixels.length + 24), 8, pixels.length)) },
      { ...plain, pixels: copyTo(new Uint8Array(new SharedArrayBuffer(pixels.length))) },
      { ...plain, pixels: copyTo(new Uint8ClampedArray(new SharedArrayBuffer(pixels.length + 4), 4)) },
      { ...plain, pixels: new Lying(pixels) },
      // More memory than the picture needs.
      { ...plain, pixels: Buffer.concat([pixels, Buffer.alloc(100)]) },
    ],
    "left out": [{ ...plain, pixels, stride: null, scale: undefined, damage: [], masks: null, masksKnown: false, timestampMs: null }],
  };
  for (const [what, frames] of Object.entries(memories))
    for (const frame of frames) assert.deepEqual(await shown("formats", frame), [wanted], `${what}: ${frame.format}`);
});

test("a file is kept byte by byte, with its type", async () => {
  await start("files");
  const gif = "R0lGODlhAQABAAAAACw=";
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const frame = { pixels: Buffer.from(png, "base64"), width: 1, height: 1, format: "image/png" };
  assert.deepEqual(await shown("files", frame), [`data:image/png;base64,${png}`]);
  const refused = { ...frame, pixels: Buffer.from(gif, "base64") };
  assert.throws(() => sessionReplay.showFrame(999, { ...refused, format: "image/gif" }), { status: "invalid-argument", message: /"format" must be one of rgba, .*image\/webp/ });
});

test("of a damaged frame only the damage is looked at, and of a mask nothing is kept but what lies on top", async () => {
  await start("areas");
  const changed = (x, y) => (x < 8 || x >= 56 ? [255, 0, y & 1 ? 255 : 0] : colorAt(x, y));
  const [before, now] = [picture("rgba"), picture("rgba", { paint: changed })];
  const both = await shown("areas", before, now);
  const left = await shown("areas", before, { ...now, damage: [{ x: -5.5, y: 0.5, width: 10, height: 2 }] });
  assert.ok(both.length === left.length && both.at(-1) !== left.at(-1), "the lower half is not looked at");

  const secret = (x, y) => (x >= 16 && x < 48 && y >= 8 && y < 24 ? [255, 0, 255] : colorAt(x, y));
  const mask = { x: 16.4, y: 8.9, width: 31.2, height: 15 };
  const masked = (paint, more = []) => shown("areas", { ...picture("bgra", { paint }), masks: [mask, ...more] });
  const image = await masked(secret);
  assert.deepEqual(image, await masked(colorAt), "what is below a mask leaves no trace, also of pixels that it only touches");
  assert.notDeepEqual(image, await shown("areas", picture("bgra", { paint: secret })));
  const onTop = await masked(secret, [{ x: 20, y: 10, width: 8, height: 8, onTop: true }]);
  assert.notDeepEqual(onTop, image, "what lies on top is seen");
});

test("a frame has a time, and a level that needs to know the masks keeps none without", async () => {
  await start("time");
  let when;
  const later = (x, y) => [x & 4 ? 255 : 0, y & 4 ? 255 : 0, 0];
  await shown("time", picture("rgba"), async () => {
    when = Date.now();
    await sleep(30);
    return { ...picture("rgba", { paint: later }), timestampMs: when + 0.7 };
  });
  const events = await viewer.events("time", SESSION + lastView);
  assert.ok(events.some((event) => event.timestamp === when && imagesIn(event).length === 1), JSON.stringify(events.map(({ type, timestamp }) => [type, timestamp - when])));
  await sessionReplay.shutdown(5_000);

  await start("strict", { privacyConfig: { defaultMaskLevel: "conservative" } });
  assert.equal(sessionReplay.showFrame(1, picture("rgba")), "not-captured");
  assert.equal((await shown("strict", { ...picture("rgba"), masksKnown: true })).length, 1);
  const masks = [{ x: 0, y: 0, width: 1, height: 1 }];
  assert.equal(sessionReplay.showFrame(1, { ...picture("rgba"), masks }), "not-captured", "there may be others");
  assert.equal((await shown("strict", { ...picture("rgba"), masks, masksKnown: true })).length, 1);
});

test("a view says when it wants a frame", async () => {
  assert.equal(sessionReplay.nextFrameMs(1), 1_000, "before init");
  await start("when", { frameIntervalMs: 60_000 });
  assert.equal(sessionReplay.nextFrameMs(1), 0);
  assert.equal(sessionReplay.showFrame(1, { ...picture("rgba"), scale: 2 }), "ok");
  await imagesOf("when", SESSION, 1);
  const wait = sessionReplay.nextFrameMs(1);
  assert.ok(wait > 100 && wait <= 60_000, `${wait} ms`);
  sessionReplay.viewPointer(1, "click", 5, 5);
  assert.ok(sessionReplay.nextFrameMs(1) <= 100, "after input one is wanted soon");
  const first = (await viewer.events("when", SESSION)).find((event) => imagesIn(event).length === 1);
  assert.ok(/width:\s?32px/.test(JSON.stringify(first)), "64 pixels at scale 2");
  sessionReplay.setOptOut(true);
  assert.equal(sessionReplay.nextFrameMs(1), 1_000, "while nothing is captured");
  assert.equal(sessionReplay.showFrame(1, picture("rgba")), "not-captured");
  sessionReplay.setOptOut(false);
});

/** Noise takes the encoder a while; in two views, as many as may be under way. */
function showNoise() {
  const [width, height] = [512, 512];
  let state = 1;
  const pixels = Uint8Array.from({ length: width * height * 4 }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24);
  for (const view of [1, 2]) assert.equal(sessionReplay.showFrame(view, { pixels, format: "rgba", width, height }), "ok");
}

test("a frame that is shown right before flush or shutdown belongs to it", async () => {
  await start("last-flush");
  showNoise();
  assert.equal(sessionReplay.stats().waiting.frames, 2);
  assert.equal(await sessionReplay.flush(60_000), "ok");
  assert.ok(imagesIn(await viewer.events("last-flush", SESSION)).length >= 2, "flush");
  assert.equal(sessionReplay.stats().waiting.frames, 0);
  await sessionReplay.shutdown(5_000);
  await start("last-shutdown");
  showNoise();
  assert.equal(await sessionReplay.shutdown(60_000), "ok");
  assert.ok(imagesIn(await viewer.events("last-shutdown", SESSION)).length >= 2, "shutdown");
});

test("what is malformed is refused with a sentence that says what to do, before the library is called", async () => {
  await start("refused");
  const good = { pixels: Buffer.alloc(16), format: "rgba", width: 2, height: 2 };
  const detached = new Uint8Array(16);
  structuredClone(detached, { transfer: [detached.buffer] });
  const rows = [
    [undefined, /a frame must be an object/],
    [[], /a frame must be an object/],
    [{ ...good, mask: [] }, /there is no member "mask"/],
    [{ ...good, pixels: undefined }, /"pixels" must be a Buffer, a Uint8Array or a Uint8ClampedArray/],
    [{ ...good, pixels: "secret" }, /"pixels" must be a Buffer/],
    [{ ...good, pixels: Array(16).fill(0) }, /"pixels" must be a Buffer/],
    [{ ...good, pixels: new ArrayBuffer(16) }, /"pixels" must be a Buffer/],
    [{ ...good, pixels: new Uint32Array(4) }, /"pixels" must be a Buffer/],
    [{ ...good, pixels: new DataView(new ArrayBuffer(16)) }, /"pixels" must be a Buffer/],
    [{ ...good, pixels: Buffer.alloc(0) }, /"pixels" holds no bytes.*make a new view/],
    [{ ...good, pixels: detached }, /"pixels" holds no bytes.*transferred/],
    [{ ...good, format: undefined }, /"format" must be one of rgba, bgra/],
    [{ ...good, format: "RGBA" }, /"format" must be one of rgba.* but is "RGBA"/],
    [{ ...good, format: 1 }, /"format" must be one of rgba/],
    [{ ...good, format: "toString" }, /"format" must be one of rgba/],
    [{ ...good, width: -1 }, /"width" must be a whole number, 0 to 4294967295/],
    [{ ...good, width: 2.5 }, /"width" must be a whole number/],
    [{ ...good, width: 2 ** 32 + 2 }, /"width" must be a whole number/],
    [{ ...good, height: "2" }, /"height" must be a whole number/],
    [{ ...good, stride: NaN }, /"stride" must be a whole number/],
    [{ ...good, scale: "2" }, /"scale" must be a number/],
    [{ ...good, timestampMs: "now" }, /"timestampMs" must be milliseconds since 1970/],
    [{ ...good, timestampMs: Infinity }, /"timestampMs" must be milliseconds since 1970/],
    [{ ...good, masks: {} }, /"masks" must be a list of rectangles/],
    [{ ...good, masks: [null] }, /masks\[0\]: a rectangle must be an object/],
    [{ ...good, masks: [{ x: 0, y: 0, width: 1, height: 1, ontop: true }] }, /masks\[0\]: there is no member "ontop"/],
    [{ ...good, masks: [{ x: 0, y: 0, width: 1 }] }, /masks\[0\]: "height" must be a number/],
    [{ ...good, damage: { x: 0, y: 0, width: 1, height: 1 } }, /"damage" must be a list of rectangles/],
    [{ ...good, damage: [{ x: NaN, y: 0, width: 1, height: 1 }] }, /damage\[0\]: "x" must be a number that is neither NaN/],
    [{ ...good, damage: [{ x: 0, y: 0, width: 1, height: 1, onTop: true }] }, /damage\[0\]: there is no member "onTop"/],
  ];
  if ("resize" in ArrayBuffer.prototype) {
    const shrunk = new ArrayBuffer(16, { maxByteLength: 16 });
    const pixels = new Uint8Array(shrunk, 8);
    shrunk.resize(4);
    rows.push([{ ...good, pixels }, /"pixels" holds no bytes.*made smaller/]);
  }
  for (const [frame, message] of rows) {
    for (const call of [() => frameOf(1, frame), () => sessionReplay.showFrame(1, frame)]) {
      assert.throws(call, (error) => {
        assert.equal(error.status, "invalid-argument", error.stack);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      }, String(message));
    }
  }
  for (const view of [-1, 1.5, "1", undefined]) {
    assert.throws(() => sessionReplay.showFrame(view, good), /showFrame: the view must be a whole number/);
    assert.throws(() => sessionReplay.nextFrameMs(view), /nextFrameMs: the view must be a whole number/);
  }
  for (const [frame, message] of [
    [{ ...good, height: 3 }, /./],
    [{ ...good, width: 0 }, /each side must be/],
    [{ ...good, scale: 100 }, /scale/],
    [{ ...good, stride: 4 }, /stride/],
    [{ ...good, masks: Array(1_025).fill({ x: 0, y: 0, width: 1, height: 1 }) }, /1024/],
  ])
    assert.throws(() => sessionReplay.showFrame(1, frame), { status: "invalid-argument", message });
  assert.throws(() => sessionReplay.showFrame(0, good), { status: "invalid-argument" });
});

test("rectangles become whole pixels: masks and damage grow, what lies on top shrinks, and all fit 32 bits", () => {
  const frame = (more) => frameOf(1, { pixels: Buffer.alloc(16), format: "rgba", width: 2, height: 2, ...more });
  const far = 2 ** 30;
  for (const [area, grown, shrunk] of [
    [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]],
    [[1.5, 2.5, 3, 4], [1, 2, 4, 5], [2, 3, 2, 3]],
    [[-0.5, 0, 0.25, 1], [-1, 0, 1, 1], [0, 0, 0, 1]],
    [[10, 10, -4, -3.5], [6, 6, 4, 4], [6, 7, 4, 3]],
    [[-1e12, 0, 2e12, 1e300], [-far, 0, 2 * far, far], [-far, 0, 2 * far, far]],
  ]) {
    const [x, y, width, height] = area;
    const given = { x, y, width, height };
    const values = frame({ damage: [given], masks: [given, { ...given, onTop: true }] });
    const numbers = ({ x, y, width, height }) => [x, y, width, height].map((number) => number + 0);
    assert.deepEqual(values.damage.map(numbers), [grown]);
    assert.deepEqual(values.masks.map((mask) => [mask.size, mask.kind, ...numbers(mask)]), [[24, 0, ...grown], [24, 1, ...shrunk]]);
  }
  const { pixels, damage, masks, ...rest } = frame({ bottomUp: true, masksKnown: 1, scale: 1.5, stride: 8, timestampMs: 5.9 });
  assert.deepEqual([damage, masks, rest], [null, null, {
    ...{ size: 104, format: 1, view: 1, width: 2, height: 2, scale: 1.5, flags: 3, stride: 8, length: 16 },
    ...{ damage_count: 0, mask_count: 0, mime: null, timestamp_ms: 5 },
  }]);
  const file = frame({ format: "image/webp" });
  assert.deepEqual([file.format, file.mime], [8, "image/webp"]);
});

test("pixels are handed over where they are, without a copy", () => {
  const frame = (pixels) => frameOf(1, { pixels, format: "rgba", width: 2, height: 2 }).pixels;
  const memory = new ArrayBuffer(64);
  for (const pixels of [Buffer.from(memory, 16, 32), new Uint8Array(memory, 16, 32), new Uint8ClampedArray(memory, 16, 32)]) {
    const given = frame(pixels);
    assert.deepEqual([given.buffer === memory, given.byteOffset, given.byteLength], [true, 16, 32]);
  }
});
