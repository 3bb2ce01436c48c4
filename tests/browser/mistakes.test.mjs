// Mistakes of a recording that players pass over without a word are told of; and what is none is not.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { recording, recordingNames } from "../support/recordings.mjs";
import { startViewer } from "../support/viewer.mjs";

const web = join(project, "viewer/web/src");
let diagnosed;

before(async () => {
  const source = 'export { diagnose } from "./session/diagnosis"; export { Recording } from "./recording/recording";';
  const code = await bundle(source, web, { loader: "ts", platform: "node" });
  const { diagnose, Recording } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  /** What the page tells of a session whose batches these are. */
  diagnosed = (...batches) => {
    const session = new Recording();
    return batches.map((events) => {
      session.add({ sequence: "", meta: { arrived: 0 }, events: events.map((event) => (typeof event === "string" ? event : JSON.stringify(event))) });
      return diagnose(session);
    }).at(-1);
  };
});

const at = (n, data) => ({ type: 3, timestamp: SESSION + 10 + n, data: { source: 0, texts: [], attributes: [], removes: [], adds: [], ...data } });
const add = (parentId, node, nextId = null) => ({ parentId, nextId, node });
const adds = (...list) => at(0, { adds: list });
const text = (id) => ({ type: 3, textContent: "text", id });
const div = (id, ...children) => element("div", id, children);
const frameDocument = (id, ...children) => ({ type: 0, id, childNodes: [element("html", id + 1, [element("body", id + 2, children)])] });
const image = (src) => at(0, { attributes: [{ id: 5, attributes: { src } }] });
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Behind a page whose body has the id 4 and an image the id 5, these events are told of as this code, and so many nodes and events. */
const MISTAKES = [
  ["a child in an add", [adds(add(4, div(10, text(11))))], "nested_adds", "1 node lies", "in event 2 "],
  ["children of children, in two events", [adds(add(4, div(10, div(11, text(12), text(13))))), at(1, { adds: [add(4, div(20, text(21)))] })], "nested_adds", "4 nodes lie", "in 2 events, first in event 2 "],
  ["what lies in what was dropped is not told of as something else", [adds(add(4, div(10, div(11)))), at(1, { adds: [add(11, text(12))] })], "nested_adds", "2 nodes lie", "in 2 events"],
  ["two nodes of one id in a snapshot", pageWith([div(10), div(10, text(2))]).slice(1), "duplicate_ids", "2 nodes have", "in event 2 "],
  ["two nodes of one id in a frame's document", [adds(add(4, element("iframe", 10)), add(10, frameDocument(20, div(21))))], "duplicate_ids", "1 node has", "in event 2 "],
  ["a parent that was never there", [adds(add(99, div(10)), add(4, div(11)))], "unknown_places", "1 node is", "in event 2 "],
  ["a parent of before the full snapshot", [adds(add(4, div(10))), ...pageWith([]).map((event) => ({ ...event, timestamp: SESSION + 20 })), at(20, { adds: [add(10, text(11))] })], "unknown_places", "1 node is", "in event 5 "],
  ["a next node that was never there", [adds(add(4, div(10), 99))], "unknown_places", "1 node is", "in event 2 "],
  ["an image that is text", [image(`data:image/png;base64,${Buffer.from("<html>").toString("base64")}`)], "broken_images", "1 image is", "in event 2 "],
  ["an image without bytes", [image("data:image/webp;base64,")], "broken_images", "1 image is", "in event 2 "],
  ["an image in no base64", [adds(add(4, element("img", 10, [], { attributes: { src: "data:image/jpeg;base64,<>" } })))], "broken_images", "1 image is", "in event 2 "],
];

for (const [what, events, code, ...says] of MISTAKES) {
  test(`is told of: ${what}`, () => {
    const problems = diagnosed([...pageWith([element("img", 5)]), ...events]);
    assert.deepEqual(problems.map((problem) => problem.code), [code]);
    for (const part of says) assert.ok(problems[0].message.includes(part), problems[0].message);
  });
}

const sized = (n, width, height) => ({ type: 3, timestamp: SESSION + 10 + n, data: { source: 4, width, height } });
const metaOf = (width, height) => ({ ...pageWith([])[0], data: { href: "", width, height } });

for (const [what, events, number, others] of [
  ["a page of a thousand million pixels", [metaOf(1e9, 720), ...pageWith([]).slice(1)], 0, false],
  ["a page without a size", [metaOf(0, 0), ...pageWith([]).slice(1)], 0, false],
  ["a window that becomes impossible, twice", [...pageWith([]), sized(0, 10, 32_768), sized(1, -1, 10)], 2, true],
]) {
  test(`is told of: ${what}`, () => {
    const problems = diagnosed(events);
    assert.deepEqual(problems.map(({ code }) => code), ["odd_size"]);
    assert.match(problems[0].message, new RegExp(`^Event ${number} .* pixels large${others ? " \\(and so 1 later event says\\)" : ""}, as no screen is`));
  });
}

test("a window of no size, and one as large as a system knows, are none", () => {
  assert.deepEqual(diagnosed([...pageWith([]), sized(0, 0, 0), sized(1, 32_767, 32_767)]), []);
});

const FINE = [
  ["nodes in an event in any order", [adds(add(11, text(12)), add(10, div(11)), add(4, div(10), 13), add(4, div(13)))]],
  ["the document of a frame, whole", [at(0, { adds: [add(4, element("iframe", 10))] }), at(1, { adds: [add(10, frameDocument(20, div(30, text(31))))], isAttachIframe: true })]],
  ["the document of a frame before the frame", [at(0, { adds: [add(10, frameDocument(20))], isAttachIframe: true }), at(1, { adds: [add(4, element("iframe", 10))] })]],
  ["an id that comes again in a later event", [adds(add(4, div(10))), at(1, { removes: [{ parentId: 4, id: 10 }], adds: [add(4, div(10))] })]],
  ["nodes of no interest", pageWith([{ ...text(-2) }, { ...text(-2) }]).slice(1)],
  ["a next node that rrweb does not name", [adds(add(4, div(10), -1), { parentId: 4, node: div(11) })]],
  ["an image", [image(`data:image/png;base64,${PNG}`), image(`data:image/webp;base64,${PNG}`), image(`data:image/png;base64,${PNG.slice(0, 4)}\n\n\n${PNG.slice(4)}`)]],
  ["an image that is escaped, drawn, or none of pixels", [image(`data:image/png;base64,%69${PNG.slice(1)}`), image("data:image/svg+xml,<svg/>"), image("")]],
];

for (const [what, events] of FINE) {
  test(`is not told of: ${what}`, () => assert.deepEqual(diagnosed([...pageWith([element("img", 5)]), ...events]), []));
}

test("what arrives late is put in its place before anything is told", () => {
  const [late, early] = [at(5, { adds: [add(10, text(11))] }), adds(add(4, div(10)))];
  assert.deepEqual(diagnosed([...pageWith([]), late]).map(({ code }) => code), ["unknown_places"]);
  assert.deepEqual(diagnosed([...pageWith([]), late], [early]), []);
});

test("recordings of real pages and apps have none", () => {
  const scenes = join(project, "tests/fixtures/scenes");
  const lines = (file) => readFileSync(join(scenes, file), "utf8").split("\n").filter(Boolean);
  for (const name of recordingNames) assert.deepEqual(diagnosed(recording(name)), [], name);
  for (const file of readdirSync(scenes).filter((file) => file.endsWith(".jsonl"))) assert.deepEqual(diagnosed(lines(file)), [], file);
});

test("a player does leave out what is told of, and the page says so", { timeout: 120_000 }, async (context) => {
  const [viewer, browser] = await Promise.all([startViewer(), launch()]);
  context.after(async () => {
    await browser.close();
    await viewer.stop();
  });
  const told = adds(add(4, div(10, text(11))), add(99, div(12)), add(4, element("p", 13)), add(13, { type: 3, textContent: "drawn", id: 14 }));
  await viewer.send("nested", SESSION, [...pageWith([]), told, at(900, {})]);
  const { problems } = await viewer.get(`/api/sessions/nested/${SESSION}`);
  assert.deepEqual(problems.map(({ code }) => code), ["nested_adds"]);
  const [{ meta }] = await viewer.get(`/api/sessions/nested/${SESSION}/sequences`);
  assert.deepEqual(meta.problems, ["event 2 has one entry in data.adds with children inside the node, which players drop: give each node an entry of its own"]);
  const { page, close } = await open(browser);
  await page.goto(`${viewer.url}/sessions/nested/${SESSION}?t=900`);
  const body = page.frameLocator(".replayer-wrapper iframe").locator("body");
  await body.getByText("drawn").waitFor();
  assert.deepEqual(await body.evaluate((body) => [body.innerHTML.replace(/ class="[^"]*"/g, "")]), ["<div></div><p>drawn</p>"]);
  const notes = await page.locator("[data-code]").evaluateAll((notes) => notes.map((note) => note.dataset.code));
  assert.deepEqual(notes, ["nested_adds", "unknown_places"]);
  await close();
});
