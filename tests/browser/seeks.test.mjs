// A seek gives the player what the events on the way come to, and not each of them. What is shown is the same.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { duration, hostSessions, read } from "../support/recordings.mjs";
import { importPageModule } from "../support/typescript.mjs";
import { startViewer } from "../support/viewer.mjs";

const { compact, wantsVirtualDom } = await importPageModule("player/compact");
const web = join(project, "viewer/web");

let time = 0;
const of = (data) => ({ type: 3, timestamp: ++time, data });
const change = (texts = {}, attributes = {}, more = {}) =>
  of({ source: 0, adds: [], removes: [], texts: Object.entries(texts).map(([id, value]) => ({ id: Number(id), value })), attributes: Object.entries(attributes).map(([id, values]) => ({ id: Number(id), attributes: values })), ...more });
const add = (id) => change({}, {}, { adds: [{ parentId: 4, nextId: null, node: element("p", id) }] });
const scroll = (id, y) => of({ source: 3, id, x: 0, y });
const move = (x) => of({ source: 1, positions: [{ x, y: 0, id: 4, timeOffset: 0 }] });
const other = (source) => of({ source, id: 4 });
const custom = { type: 5, timestamp: 0, data: { tag: "a", payload: {} } };

/** What events come to: of changes the texts and attributes, of others their source, or the type. */
const seen = (events) => events.map(({ type, data }) => (type === 3 && data.source === 0 && data.adds.length === 0 ? [data.texts, data.attributes.map(({ id, attributes }) => ({ [id]: attributes }))] : type === 3 ? data.source : -type));

for (const [what, events, expected] of [
  ["nothing", [], []],
  ["one change is left as it is", [change({ 1: "a" })], [[[{ id: 1, value: "a" }], []]]],
  ["the last text of each node counts, and stands last", [change({ 1: "a", 2: "b" }), change({ 1: "c" }), change({ 3: "d" })], [[[{ id: 2, value: "b" }, { id: 1, value: "c" }, { id: 3, value: "d" }], []]]],
  ["of attributes each one's last value", [change({}, { 1: { a: "x", b: "y" } }), change({}, { 1: { b: null, c: "z" }, 2: { a: "w" } })], [[[], [{ 1: { a: "x", b: null, c: "z" } }, { 2: { a: "w" } }]]]],
  ["parts of a style come together", [change({}, { 1: { style: { color: "red", top: "1px" } } }), change({}, { 1: { style: { top: false } } })], [[[], [{ 1: { style: { color: "red", top: false } } }]]]],
  ["a part that is set again stands behind what may be a part of it", [change({}, { 1: { style: { border: "1px", "border-color": "red" } } }), change({}, { 1: { style: { border: "2px" } } })], [[[], [{ 1: { style: { "border-color": "red", border: "2px" } } }]]]],
  ["a whole style takes the place of its parts", [change({}, { 1: { style: { color: "red" } } }), change({}, { 1: { style: "top: 0" } })], [[[], [{ 1: { style: "top: 0" } }]]]],
  ["parts behind a whole style stay behind it", [change({}, { 1: { style: "top: 0" } }), change({}, { 1: { style: { color: "red" } } })], [[[], [{ 1: { style: "top: 0" } }]], [[], [{ 1: { style: { color: "red" } } }]]]],
  ["nodes that are added part what is before them from what is behind", [change({ 1: "a" }), add(9), change({ 1: "b" })], [[[{ id: 1, value: "a" }], []], 0, [[{ id: 1, value: "b" }], []]]],
  ["what depends on the document, too", [change({ 1: "a" }), other(8), change({ 1: "b" }), other(5), change({ 1: "c" })], [[[{ id: 1, value: "a" }], []], 8, [[{ id: 1, value: "b" }], []], 5, [[{ id: 1, value: "c" }], []]]],
  ["a click and a custom event do not", [change({ 1: "a" }), other(2), custom, change({ 1: "b" })], [[[{ id: 1, value: "b" }], []], 2, -5]],
  ["of scrolling and of the pointer the last, scrolling behind all else", [scroll(4, 1), move(1), scroll(5, 2), move(2), scroll(4, 3), add(9)], [1, 0, 3, 3]],
  ["attributes that stand for something else", [change({}, { 1: { _cssText: "a" } }), change({}, { 1: { _cssText: "b" } }), change({}, { 1: { rr_width: "1px" } })], [[[], [{ 1: { _cssText: "a" } }]], [[], [{ 1: { _cssText: "b" } }]], [[], [{ 1: { rr_width: "1px" } }]]]],
]) {
  test(`put together: ${what}`, () => {
    const before = JSON.stringify(events);
    assert.equal(JSON.stringify(seen(compact(events))), JSON.stringify(expected));
    assert.equal(JSON.stringify(events), before, "the events are what they were");
  });
}

test("only a stretch with many pictures is played in rrweb's own document first", () => {
  const picture = (id) => change({}, {}, { adds: [{ parentId: 4, nextId: null, node: element("img", id) }] });
  for (const [events, expected] of [[[], false], [Array.from({ length: 500 }, (_, n) => add(n)), false], [Array.from({ length: 50 }, (_, n) => picture(n)), false], [Array.from({ length: 51 }, (_, n) => picture(n)), true]]) {
    assert.equal(wantsVirtualDom(events), expected);
  }
});

/** Numbers from 0 to 1 that are the same for each seed. */
function randoms(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A session in which everything happens that may be put together wrongly. */
function randomSession(seed, length) {
  const random = randoms(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const text = (id) => ({ type: 3, textContent: `text ${id}`, id });
  const block = (id) => [element("div", id, [], { attributes: { style: "height: 20px; overflow: auto" } }), text(id + 1)];
  const blocks = [];
  const nodes = Array.from({ length: 8 }, (_, n) => {
    const [box, inside] = block(100 + 2 * n);
    blocks.push(box.id);
    return { ...box, childNodes: [inside] };
  });
  const sheet = element("style", 90, [{ type: 3, textContent: "p { color: red }", id: 91, isStyle: true }]);
  // What is scrolled stays as large as it is: else it would depend on the way how far it can be.
  const scroller = element("div", 70, [element("p", 71, [text(72)], { attributes: { style: "height: 3000px" } })], { attributes: { style: "height: 50px; overflow: auto" } });
  const events = pageWith([scroller, element("input", 80, [], { attributes: { value: "" } }), sheet, ...nodes, element("p", 5, [text(6)], { attributes: { style: "height: 5000px" } })]);
  let next = 1_000;
  const value = () => pick(["a", "b", "", "c d"]);
  const style = () => pick([`color: rgb(${Math.floor(random() * 255)}, 0, 0)`, { color: `rgb(0, ${Math.floor(random() * 255)}, 0)` }, { top: "1px", color: false }, { width: ["9px", "important"] }]);
  const kinds = {
    texts: () => ({ source: 0, adds: [], removes: [], attributes: [], texts: [{ id: pick(blocks) + 1, value: value() }, { id: pick(blocks) + 1, value: value() }] }),
    attributes: () => ({ source: 0, adds: [], removes: [], texts: [], attributes: [{ id: pick(blocks), attributes: pick([{ style: style() }, { title: pick([value(), null]) }, { class: value(), hidden: pick(["", null]) }]) }] }),
    add: () => {
      const [box, inside] = block((next += 2));
      blocks.push(box.id);
      return { source: 0, texts: [], removes: [], attributes: [], adds: [{ parentId: 4, nextId: pick([null, ...blocks.slice(0, 3)]), node: box }, { parentId: box.id, nextId: null, node: inside }] };
    },
    remove: () => {
      const id = blocks.length > 3 ? blocks.splice(Math.floor(random() * blocks.length), 1)[0] : null;
      return { source: 0, texts: [], adds: [], attributes: [], removes: id === null ? [] : [{ parentId: 4, id }] };
    },
    scroll: () => ({ source: 3, id: pick([1, 70]), x: 0, y: Math.floor(random() * 2_000) }),
    input: () => ({ source: 5, id: 80, text: value(), isChecked: false }),
    rule: () => ({ source: 8, id: 90, adds: [{ rule: `p { width: ${Math.floor(random() * 90)}px }`, index: 0 }] }),
    move: () => ({ source: 1, positions: [{ x: Math.floor(random() * 500), y: 5, id: 4, timeOffset: 0 }] }),
    resize: () => ({ source: 4, width: 700 + Math.floor(random() * 100), height: 600 }),
  };
  const weights = Object.keys(kinds).flatMap((kind) => Array.from({ length: /texts|attributes/.test(kind) ? 8 : 1 }, () => kind));
  for (let n = 0; n < length; n++) events.push({ type: 3, timestamp: SESSION + 10 + n * 10, data: kinds[pick(weights)]() });
  return events;
}

/** Runs in a page: what a player shows. */
function look() {
  const frame = document.querySelector(".replayer-wrapper iframe");
  const { contentDocument: shown } = frame;
  return {
    // In which order the parts of a style are written does not matter to these.
    html: shown.documentElement.outerHTML.replace(/style="([^"]*)"/g, (_, style) => `style="${style.split(/;\s*/).filter(Boolean).sort().join("; ")}"`),
    scrolled: [...shown.querySelectorAll("*")].filter(({ scrollTop }) => scrollTop > 0).map((it) => [it.localName, it.textContent.slice(0, 20), it.scrollTop]),
    values: [...shown.querySelectorAll("input")].map(({ value, checked }) => [value, checked]),
    rules: [...shown.styleSheets].map((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText)),
    size: [frame.getAttribute("width"), frame.getAttribute("height")],
  };
}

let viewer, browser;
before(async () => ([viewer, browser] = await Promise.all([startViewer(), launch()])));
after(async () => {
  await browser?.close();
  await viewer?.stop();
});

/** What rrweb-player shows of events at a time, all of which it has; and what it shows of what they come to. */
async function bothAt(page, events, end) {
  return page.evaluate(
    async ([events, end, look]) => {
      const Player = window.rrwebPlayer.default ?? window.rrwebPlayer.Player ?? window.rrwebPlayer;
      const shows = async (events, useVirtualDom) => {
        document.body.replaceChildren();
        const player = new Player({ target: document.body, props: { events, autoPlay: false, showController: false, showWarning: false, useVirtualDom } });
        await new Promise((done) => setTimeout(done, 60));
        player.goto(end + 0.5, false);
        return new Function(`return (${look})()`)();
      };
      const [meta, snapshot, ...rest] = structuredClone(events);
      const until = meta.timestamp + end;
      const passed = rest.filter(({ timestamp }) => timestamp <= until);
      const came = [meta, snapshot, ...seeks.compact(passed), ...rest.filter(({ timestamp }) => timestamp > until)];
      return [await shows(structuredClone(events), true), await shows(came, seeks.wantsVirtualDom(passed)), passed.length, came.length - (rest.length - passed.length) - 2];
    },
    [events, end, String(look)],
  );
}

test("what events come to looks as rrweb-player shows all of them, at random", { timeout: 180_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1_400, height: 1_000 } });
  await page.setContent("<!doctype html><body>");
  await page.addStyleTag({ content: readFileSync(join(web, "node_modules/rrweb-player/dist/style.css"), "utf8") });
  await page.addScriptTag({ content: readFileSync(join(web, "node_modules/rrweb-player/dist/rrweb-player.umd.min.cjs"), "utf8") });
  await page.addScriptTag({ content: await bundle('export * from "./player/compact";', join(web, "src"), { loader: "ts", format: "iife", globalName: "seeks" }) });
  const seed = Number(process.env.SR_SEED ?? 20);
  for (let round = 0; round < 8; round++) {
    const events = randomSession(seed + round, 400);
    for (const share of [0.3, 0.9]) {
      const end = Math.floor(duration(events) * share);
      const [all, came, passed, given] = await bothAt(page, events, end);
      assert.deepEqual(came, all, `SR_SEED=${seed + round}, at ${end}`);
      assert.ok(given < passed, "something was put together");
    }
  }
  await close();
});

test("seeking back and forth shows each moment as it is shown to who comes there first", { timeout: 180_000 }, async () => {
  const events = randomSession(7, 600);
  await viewer.send("seeks", SESSION, events);
  const moments = [5_500, 300, 4_000, 3_990, 5_990, 10, 2_000, 2_500];
  const until = async (page, ms) => {
    await page.locator("input[aria-label=Time]").evaluate((slider, ms) => {
      slider.value = String(ms);
      slider.dispatchEvent(new Event("input"));
    }, ms);
    const seen = await page.evaluate(look);
    // Browsers hold on to what is read while something comes in above it, on each way otherwise.
    return { ...seen, scrolled: seen.scrolled.filter(([name]) => name !== "html") };
  };
  const begin = async () => {
    const opened = await open(browser);
    await opened.page.goto(`${viewer.url}/sessions/seeks/${SESSION}?t=1`);
    await opened.page.frameLocator(".replayer-wrapper iframe").locator("p").first().waitFor();
    await opened.page.getByRole("button", { name: "Pause", exact: true }).click();
    // How far it has played until then depends on the machine; and a scroll that it plays goes on smoothly for a while.
    await until(opened.page, 0);
    return opened;
  };
  const { page, notes, close } = await begin();
  const seen = [];
  for (const ms of moments) seen.push(await until(page, ms));
  for (const [n, ms] of moments.entries()) {
    const other = await begin();
    assert.deepEqual(seen[n], await until(other.page, ms), `at ${ms}`);
    await other.close();
  }
  assert.equal(new Set(seen.map(({ html }) => html)).size, moments.length, "each looks otherwise");
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("recordings of real pages come to the same, too", { timeout: 180_000 }, async () => {
  const { page, close } = await open(browser, { viewport: { width: 1_400, height: 1_000 } });
  await page.setContent("<!doctype html><body>");
  await page.addScriptTag({ content: readFileSync(join(web, "node_modules/rrweb-player/dist/rrweb-player.umd.min.cjs"), "utf8") });
  await page.addScriptTag({ content: await bundle('export * from "./player/compact";', join(web, "src"), { loader: "ts", format: "iife", globalName: "seeks" }) });
  for (const name of ["form-unicode", "live-table", "rich-text"]) {
    const [events] = hostSessions(read(name));
    for (const share of [0.5, 0.99]) {
      const [all, came] = await bothAt(page, events, Math.floor(duration(events) * share));
      assert.deepEqual(came, all, `${name} at ${share}`);
    }
  }
  await close();
});
