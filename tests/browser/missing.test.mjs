// What a recording does not hold is said and drawn as such; pictures of canvases that it does hold are drawn.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { bundle } from "../support/bundle.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, custom, element, pageWith } from "../support/events.mjs";
import { keepPicture } from "../support/pictures.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

let viewer, browser, unit;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
  const source = 'export { pictureIn } from "./missing/picture"; export { pictureDrawn } from "./missing/drawing"; export { CanvasFrames } from "./missing/frames"; export { fileName } from "./offline/image-marks"; export { sheetFor } from "./missing/sheet"; export { diagnose } from "./session/diagnosis"; export { Recording } from "./recording/recording";';
  const code = await bundle(source, join(project, "viewer/web/src"), { loader: "ts", platform: "node" });
  unit = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
});

const attributes = (attributes) => ({ attributes });
const at = (n, data) => ({ type: 3, timestamp: SESSION + n, data });
const changed = (n, id, attributes) => at(n, { source: 0, texts: [], removes: [], adds: [], attributes: [{ id, attributes }] });

/** A PNG of one colour. */
function png([red, green, blue], width = 4, height = 4) {
  const chunk = (name, data) => {
    const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([length, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array(width).fill([red, green, blue]).flat())]);
  const data = deflateSync(Buffer.concat(Array(height).fill(row)));
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]).toString("base64");
}
const [RED, BLUE] = [png([255, 0, 0]), png([0, 0, 255])];

/** A picture of a whole canvas, as recorders that sample canvases make it. */
const drawn = (n, id, base64, width = 200, height = 100) =>
  at(n, { source: 9, id, type: 0, commands: [{ property: "clearRect", args: [0, 0, width, height] }, { property: "drawImage", args: [{ rr_type: "ImageBitmap", args: [{ rr_type: "Blob", data: [{ rr_type: "ArrayBuffer", base64 }], type: "image/png" }] }, 0, 0, width, height] }] });

async function play(device, events, t) {
  await viewer.send(device, SESSION, events);
  const { page, notes, close } = await open(browser);
  // A minute in which nothing happens would be jumped over.
  await page.addInitScript(() => {
    // The replay's frame has none.
    if (globalThis.origin !== "null") globalThis.localStorage.setItem("session-replay.skips-idle", "no");
  });
  await page.goto(`${viewer.url}/sessions/${device}/${SESSION}?t=${t}`);
  const replay = page.frameLocator(".replayer-wrapper iframe");
  await replay.locator("body").waitFor({ state: "attached" });
  return { page, replay, notes, close, note: page.locator('[data-code="missing_picture"]') };
}

/** Without the complaints that the test itself causes: it may look into the replay's frame just when its document is made anew. */
const ofReplay = ({ elsewhere, errors }) => ({ elsewhere, errors: errors.filter((error) => !error.startsWith("Blocked script execution")) });

/** The colour in the middle of what is shown of an element. */
async function colourOf(page, locator) {
  const clip = await locator.boundingBox();
  // The replay is being laid out.
  if (!clip || clip.width < 1 || clip.height < 1) return "";
  const picture = (await page.screenshot({ clip, animations: "allow", caret: "initial" })).toString("base64");
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    return [...context.getImageData(image.width / 2, image.height / 2, 1, 1).data].slice(0, 3).join();
  }, picture);
}

/** Waits until an element shows this colour. */
const shows = (page, locator, colour) => until(async () => (await colourOf(page, locator)) === colour, `the colour ${colour}`);

const canvas = (id, more = {}) => element("canvas", id, [], attributes({ width: "200", height: "100", id: `c${id}`, ...more }));

test("pictures of a canvas are drawn, each at its time", async () => {
  const events = [...pageWith([canvas(10), canvas(11)]), drawn(100, 10, RED), drawn(60_000, 10, BLUE), custom(1, 120_000)];
  const { page, replay, notes, note, close } = await play("frames", events, 1_000);
  await shows(page, replay.locator("#c10"), "255,0,0");
  const { width, height } = await replay.locator("#c10").evaluate((canvas) => ({ width: canvas.clientWidth, height: canvas.clientHeight }));
  assert.deepEqual([width, height], [200, 100]);
  keepPicture("canvas", await page.screenshot());
  await page.goto(`${viewer.url}/sessions/frames/${SESSION}?t=61000`);
  await shows(page, replay.locator("#c10"), "0,0,255");
  // And back, and on again.
  await page.keyboard.press("ArrowLeft");
  await shows(page, replay.locator("#c10"), "255,0,0");
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
  await shows(page, replay.locator("#c10"), "0,0,255");
  for (let i = 0; i < 16; i++) await page.keyboard.press("ArrowLeft");
  await shows(page, replay.locator("#c10"), "255,0,0");
  await note.getByText("1 canvas (first in event 1): record with recordCanvas").waitFor();
  assert.match(await replay.locator("#c11").evaluate((canvas) => getComputedStyle(canvas, "::after").content), /canvas not recorded/);
  assert.match(await replay.locator("#c10").evaluate((canvas) => getComputedStyle(canvas, "::after").content), /none/);
  assert.deepEqual(ofReplay(notes), { elsewhere: [], errors: [] });
  await close();
});

test("the picture that a snapshot holds of a canvas is drawn, and in a shadow tree and a frame, too", async () => {
  const held = { rr_dataURL: `data:image/png;base64,${BLUE}` };
  const host = { ...element("div", 20, [{ ...canvas(21, held), isShadow: true }]), isShadowHost: true };
  const frame = { type: 0, id: 40, childNodes: [element("html", 41, [element("head", 42), element("body", 43, [canvas(44, held)])])] };
  const attach = at(5, { source: 0, texts: [], removes: [], attributes: [], adds: [{ parentId: 30, nextId: null, node: frame }], isAttachIframe: true });
  const events = [...pageWith([canvas(10, held), host, element("iframe", 30, [], attributes({ width: "300", height: "200", id: "inner" }))]), attach, custom(1, 900)];
  const { page, replay, note, close } = await play("held", events, 900);
  await shows(page, replay.locator("#c10"), "0,0,255");
  await shows(page, replay.locator("#c21"), "0,0,255");
  await shows(page, replay.frameLocator("#inner").locator("#c44"), "0,0,255");
  assert.equal(await note.count(), 0);
  await close();
});

test("what is drawn on a canvas and is no picture of pixels is not shown, and pictures are let go of", async () => {
  const huge = Buffer.from(RED, "base64");
  huge.writeUInt32BE(30_000, 16);
  huge.writeUInt32BE(30_000, 20);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#0f0"/></svg>';
  const bad = [Buffer.from(svg), huge, Buffer.from("<html><script>alert(1)</script>"), Buffer.from(RED, "base64").subarray(0, 20), Buffer.alloc(0)].map((bytes) => bytes.toString("base64"));
  const canvases = [...bad, "no base64 \u0000 <>", RED].map((base64, index) => [canvas(10 + index), drawn(100, 10 + index, base64)]);
  const named = { rr_dataURL: `data:image/svg+xml;base64,${bad[0]}` };
  const many = Array.from({ length: 2_000 }, (_, index) => drawn(200 + index, 16, index % 2 ? RED : BLUE));
  const events = [...pageWith([...canvases.map(([node]) => node), canvas(30, named)]), ...canvases.map(([, event]) => event), ...many, custom(1, 60_000)];
  await viewer.send("bad", SESSION, events);
  const { page, notes, close } = await open(browser);
  await page.addInitScript(() => {
    const { createObjectURL, revokeObjectURL } = URL;
    window.pictures = { made: 0, held: 0 };
    URL.createObjectURL = (blob) => (window.pictures.made++, window.pictures.held++, createObjectURL.call(URL, blob));
    URL.revokeObjectURL = (url) => (window.pictures.held--, revokeObjectURL.call(URL, url));
  });
  await page.goto(`${viewer.url}/sessions/bad/${SESSION}?t=1`);
  const replay = page.frameLocator(".replayer-wrapper iframe");
  await until(() => page.evaluate(() => window.pictures.made > 5), "some pictures");
  await shows(page, replay.locator("#c16"), "255,0,0");
  assert.deepEqual(await page.evaluate(() => window.pictures.held), 1);
  const backgrounds = await replay.locator("canvas").evaluateAll((all) => all.map((canvas) => getComputedStyle(canvas).backgroundImage.slice(0, 5)));
  assert.deepEqual(backgrounds, [...Array(6).fill("repea"), "url(\"", "repea"]);
  assert.deepEqual(ofReplay(notes), { elsewhere: [], errors: [] });
  await close();
});

test("a million pictures, and ever more canvases, are only noted", () => {
  const frames = new unit.CanvasFrames();
  for (let time = 0; time < 1_000_000; time++) frames.add(1, time, "");
  assert.equal(frames.at(1, 999_998.5).timestamp, 999_998);
  for (let id = 0; id < 5_000; id++) frames.add(id, 0, "");
  assert.equal([...frames.ids].length, 1_000);
});

test("images and style sheets that are only named are counted, and told of in their place", async () => {
  const nodes = [
    element("img", 10, [], attributes({ src: "http://127.0.0.1:1/shop/a%20shoe.png?size=3", alt: "A shoe", width: "200", height: "60", id: "shoe" })),
    element("img", 11, [], attributes({ src: `data:image/png;base64,${RED}`, alt: "here", id: "here" })),
    element("img", 12, [], attributes({ src: "http://127.0.0.1:1/b.png", rr_dataURL: `data:image/png;base64,${RED}`, alt: "inlined", id: "inlined" })),
    element("link", 13, [], attributes({ rel: "stylesheet", href: "http://127.0.0.1:1/page.css" })),
    element("link", 14, [], attributes({ rel: "stylesheet", _cssText: "p{color:red}" })),
    element("link", 15, [], attributes({ rel: "icon", href: "http://127.0.0.1:1/i.png" })),
  ];
  const events = [...pageWith(nodes), changed(20_000, 10, { src: `data:image/png;base64,${BLUE}` }), changed(40_000, 10, { src: "http://127.0.0.1:1/c.gif" }), custom(1, 60_000)];
  const { page, replay, notes, note, close } = await play("images", events, 1);
  await replay.getByRole("img", { name: "image not recorded: a shoe.png" }).waitFor();
  assert.match(await replay.locator("#shoe").evaluate((image) => getComputedStyle(image).backgroundImage), /gradient/);
  keepPicture("images", await page.screenshot());
  await page.goto(`${viewer.url}/sessions/images/${SESSION}?t=25000`);
  await replay.getByRole("img", { name: "A shoe" }).waitFor();
  await page.goto(`${viewer.url}/sessions/images/${SESSION}?t=45000`);
  await replay.getByRole("img", { name: "image not recorded: c.gif" }).waitFor();
  await note.getByText("2 images (first in event 1): record with inlineImages").waitFor();
  await note.getByText("1 style sheet (first in event 1): record with shouldInlineStylesheet").waitFor();
  assert.deepEqual([await replay.getByAltText("here", { exact: true }).count(), await replay.getByAltText("inlined").count()], [1, 1]);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

/** What the page tells of these events, and the recording. */
function told(...events) {
  const recording = new unit.Recording();
  recording.add({ sequence: "", meta: { arrived: 0 }, events: events.map((event) => JSON.stringify(event)) });
  return { recording, problems: unit.diagnose(recording) };
}

test("an image's text comes back with its picture", () => {
  const { recording } = told(
    ...pageWith([element("img", 10, [], attributes({ src: "http://x/a.png", alt: "mine" }))]),
    changed(10, 10, { alt: "newer" }),
    changed(20, 10, { src: "data:image/png;base64,AAAA" }),
    changed(30, 10, { src: "//x/b.png" }),
    changed(40, 10, { src: null }),
  );
  const [, snapshot, ...changes] = recording.events;
  const mark = "data-session-replay-not-recorded";
  assert.deepEqual(snapshot.data.node.childNodes[0].childNodes[1].childNodes[0].attributes, { alt: "image not recorded: a.png", [mark]: "a.png" });
  assert.deepEqual(
    changes.map(({ data }) => data.attributes[0].attributes),
    [
      {},
      { src: "data:image/png;base64,AAAA", alt: "newer", [mark]: null },
      { [mark]: "b.png", alt: "image not recorded: b.png" },
      { src: null, alt: "newer", [mark]: null },
    ],
  );
});

test("commands that draw are told of, and no picture of a part is taken for the whole", () => {
  const parts = [
    { property: "fillRect", args: [0, 0, 9, 9] },
    { commands: [{ property: "drawImage", args: [{ rr_type: "ImageBitmap", args: [] }, 0, 0] }] },
    drawn(0, 10, RED).data.commands[1],
    { commands: [drawn(0, 10, RED).data.commands[0], { ...drawn(0, 10, RED).data.commands[1], args: [drawn(0, 10, RED).data.commands[1].args[0], 5, 5] }] },
    { commands: [drawn(0, 10, RED).data.commands[0], { ...drawn(0, 10, RED).data.commands[1], args: [drawn(0, 10, RED).data.commands[1].args[0], 0, 0, 9, 9, 0, 0, 9, 9] }] },
    { commands: [...drawn(0, 10, RED).data.commands, { property: "fillRect", args: [] }] },
    { commands: {} },
    { commands: [null, 5, []] },
    { args: 7, property: "drawImage" },
  ];
  for (const part of parts) assert.equal(unit.pictureDrawn(part), null, JSON.stringify(part));
  assert.equal(unit.pictureDrawn(drawn(0, 10, RED).data), RED);
  const image = { rr_type: "HTMLImageElement", src: `data:image/png;base64,${RED}` };
  const byUrl = (image) => ({ commands: [{ property: "clearRect", args: [0, 0, 9, 9] }, { property: "drawImage", args: [image, 0, 0] }] });
  assert.equal(unit.pictureDrawn(byUrl(image)), RED);
  for (const src of ["data:image/svg+xml;base64,AAAA", "data:text/html;base64,AAAA", "data:image/png,AAAA", "http://x/a.png", "DATA:image/png;base64,AA", 5, null, `data:image/png;base64,${"A".repeat(12_000_001)}`]) {
    assert.equal(unit.pictureDrawn(byUrl({ ...image, src })), null, String(src).slice(0, 50));
  }
  const { problems, recording } = told(...pageWith([canvas(10)]), at(10, { source: 9, id: 10, type: 0, ...parts[0] }));
  assert.match(problems[0].message, /1 canvas \(first in event 1\).*commands are never run/);
  assert.deepEqual(recording.events[2].data.args, []);
});

test("what is no picture of pixels, or is too large, is none", () => {
  const bytes = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
  const sized = (width, height) => {
    const picture = bytes(RED);
    new DataView(picture.buffer).setUint32(16, width);
    new DataView(picture.buffer).setUint32(20, height);
    return picture;
  };
  const text = (string) => new Uint8Array(Buffer.from(string, "latin1"));
  const webp = (kind, ...rest) => text(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0${String.fromCharCode(...rest)}`);
  assert.deepEqual(unit.pictureIn(bytes(RED)), { type: "image/png", width: 4, height: 4 });
  assert.deepEqual(unit.pictureIn(text("GIF89a\x02\x01\x03\x00")), { type: "image/gif", width: 258, height: 3 });
  assert.deepEqual(unit.pictureIn(webp("VP8X", 0, 0, 0, 0, 1, 0, 0, 2, 0, 0)), { type: "image/webp", width: 2, height: 3 });
  assert.deepEqual(unit.pictureIn(webp("VP8L", 0x2f, 1, 0x80, 0, 0)), { type: "image/webp", width: 2, height: 3 });
  assert.deepEqual(unit.pictureIn(webp("VP8 ", 0, 0, 0, 0x9d, 0x01, 0x2a, 7, 0, 9, 0)), { type: "image/webp", width: 7, height: 9 });
  assert.deepEqual(unit.pictureIn(text("\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x05\x00\x06")), { type: "image/jpeg", width: 6, height: 5 });
  for (const none of [[], "", "\x89PNG", "GIF8", "RIFF....WEBPVP8X", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<html>", "BM", "\xff\xd8\xff\xc4\x00\x00", "\xff\xd8", "\xff\xd8ab"].map((it) => text(String(it)))) assert.equal(unit.pictureIn(none), null);
  for (const [width, height] of [[0, 4], [4, 0], [100_000, 1], [1, 0xffffffff], [16_384, 16_384]]) assert.equal(unit.pictureIn(sized(width, height)), null, `${width}`);
});

test("a canvas shows the last picture since its document began, in whatever order they arrive", () => {
  const frames = new unit.CanvasFrames();
  for (const [time, picture] of [[30, "c"], [10, "a"], [20, "b"], [50, "e"]]) frames.add(7, time, picture);
  const at = (time) => frames.at(7, time)?.base64 ?? null;
  assert.deepEqual([5, 10, 19, 20, 45, 60].map(at), [null, "a", "a", "b", "c", "e"]);
  frames.reset(40);
  frames.reset(0);
  assert.deepEqual([10, 39, 40, 49, 50].map(at), ["a", "c", null, null, "e"]);
  assert.equal(frames.at(8, 50), null);
});

test("a full snapshot begins with canvases that show nothing", () => {
  const { frames } = told(...pageWith([canvas(10)]), drawn(10, 10, RED), { ...pageWith([canvas(10)])[1], timestamp: SESSION + 50 }).recording.missing;
  assert.deepEqual([20, 60].map((time) => frames.at(10, SESSION + time)?.base64 ?? null), [RED, null]);
});

test("names of files are read, and rules have nothing of a recording in them but what is escaped", () => {
  for (const [url, name] of [["http://x/a/b.png?c=d#e", "b.png"], ["//x/%F0%9F%91%9F.png", "👟.png"], ["a%ZZ.png", "a%ZZ.png"], ["blob:http://x/1", "a blob"], ["http://x/", "x"], ["", "no name"], ["\u202e\u0000gpj.exe", "gpj.exe"], [`/${"x".repeat(500)}`, "x".repeat(60)]]) {
    assert.equal(unit.fileName(url), name, url);
  }
  globalThis.CSS ??= { escape: (text) => text.replace(/[^\w-]/g, (char) => `\\${char}`) };
  const sheet = unit.sheetFor([['1"]{}body{background:url(http://x)}', "-5"], [null, null], ["1e9", "99999999"]], new Map());
  assert.ok(!/[^\\]"\]\{\}body/.test(sheet), sheet);
  assert.match(sheet, /width:1px;aspect-ratio:1\/150/);
  assert.match(sheet, /aspect-ratio:1\/32767/);
});

test("a recording that lacks nothing is not told of", () => {
  assert.deepEqual(told(...pageWith([element("img", 10), element("link", 11, [], attributes({ rel: "stylesheet", href: "" }))])).problems, []);
});
