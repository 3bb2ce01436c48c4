// What makes rrweb's player throw is told of, and the rest of the session plays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./chromium.mjs";
import { project, startViewer } from "./programs.mjs";

const SESSION = 1732300000000;
const table = JSON.parse(readFileSync(join(project, "viewer/tests/playable.json"), "utf8"));
let viewer, browser;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
});

after(async () => {
  await browser?.close();
  viewer?.stop();
});

async function send(device, events) {
  const query = `device_id=${device}&session_id=${SESSION}&type=replay`;
  const headers = { "Content-Type": "application/json", Accept: "*/*", Authorization: "Bearer key", "X-Client-Library": "standalone/1.0.0", "X-Client-Version": "1.0.0", "X-Client-Sample-Rate": "1", "X-Sampling-Hash-Alg": "xxhash32" };
  const body = JSON.stringify({ version: 1, events: events.map((event) => JSON.stringify(event)) });
  const answer = await fetch(`${viewer.url}/sessions/v2/track?${query}`, { method: "POST", headers, body });
  assert.equal(answer.status, 200, await answer.text());
}

const at = (ms, event) => ({ ...event, timestamp: SESSION + ms });
const element = (tagName, id, childNodes, more = {}) => ({ type: 2, tagName, attributes: {}, childNodes, id, ...more });
const meta = at(0, { type: 4, timestamp: 0, data: { href: "http://page/", width: 800, height: 600 } });
const snapshot = (nodes, document = (root) => ({ type: 0, childNodes: [root], id: 1 })) =>
  at(1, { type: 2, timestamp: 0, data: { node: document(element("html", 2, [element("head", 3, []), element("body", 4, nodes)])), initialOffset: { left: 0, top: 0 } } });
/** A change that is seen. */
const last = at(900, { type: 3, timestamp: 0, data: { source: 0, adds: [{ parentId: 4, nextId: null, node: { type: 3, textContent: "the end", id: 999 } }], removes: [], texts: [], attributes: [] } });

/** The session is drawn to its end in each way of playing it; returns the codes of its problems. */
async function plays(device) {
  let codes;
  for (const t of [1, 10_000, 0]) {
    const { page, notes, close } = await open(browser);
    await page.goto(`${viewer.url}/sessions/${device}/${SESSION}?t=${t}`);
    await page.frameLocator(".replayer-wrapper iframe").locator("html > body").getByText("the end").waitFor({ state: "attached", timeout: 15_000 });
    codes = await page.locator("[data-code]").evaluateAll((notes) => notes.map((note) => note.dataset.code));
    assert.deepEqual(notes, { elsewhere: [], errors: [] }, `t=${t}`);
    await close();
  }
  return codes;
}

test("a session plays although events in it make the player throw", { timeout: 90_000 }, async () => {
  const bad = table.throws.map(([, event], index) => at(10 + index, event));
  await send("throws", [meta, snapshot([]), ...bad, last]);
  assert.deepEqual(await plays("throws"), ["unplayable_events"]);
});

test("what the player plays is not told of", { timeout: 90_000 }, async () => {
  const fine = table.plays.filter((event) => event.type !== 2 && event.type !== 4).map((event, index) => at(10 + index, event));
  await send("plays", [meta, snapshot([element("style", 50, [])]), ...fine, last]);
  assert.deepEqual(await plays("plays"), []);
});

test("nodes that no browser can build do not keep the rest from being drawn", { timeout: 90_000 }, async () => {
  const odd = [
    null,
    5,
    {},
    { type: 9, id: 10 },
    { type: 0, id: 31, childNodes: [] },
    { type: 3, id: 11 },
    { type: 4, id: 12, textContent: "]]>" },
    { type: 2, id: 13 },
    element("", 14, []),
    element("<b>", 15, []),
    element("constructor", 16, []),
    element("a b", 17, []),
    element("not a name", 18, [], { isCustom: true }),
    element("font-face", 19, [], { isCustom: true }),
    element("input", 20, [], { isShadowHost: true }),
    element("p", 21, {}, {}),
    element("p", 22, [], { attributes: null }),
    element("link", 23, [], { attributes: 5 }),
    element("p", 24, [], { attributes: { rr_mediaState: "played", rr_mediaVolume: 1 } }),
    element("video", 25, [], { attributes: { rr_mediaPlaybackRate: 1e9, rr_mediaVolume: -5 } }),
  ];
  await send("odd", [meta, snapshot(odd), last]);
  assert.deepEqual(await plays("odd"), []);
  const documents = [
    (root) => ({ type: 0, id: 1, compatMode: "BackCompat", childNodes: [{ type: 1, name: "a b", id: 30 }, { type: 3, textContent: "x", id: 31 }, root, element("html", 32, []), { type: 1, name: "html", id: 33 }] }),
    (root) => root,
  ];
  for (const [index, document] of documents.entries()) {
    await send(`document-${index}`, [meta, snapshot([], document), last]);
    assert.deepEqual(await plays(`document-${index}`), []);
  }
});
