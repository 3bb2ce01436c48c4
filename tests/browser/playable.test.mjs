// What makes rrweb's player throw is told of, and the rest of the session plays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";

const table = JSON.parse(readFileSync(join(project, "viewer/tests/playable.json"), "utf8"));
let viewer, browser;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
});

const send = (device, events) => viewer.send(device, SESSION, events);

const at = (ms, event) => ({ ...event, timestamp: SESSION + ms });
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
  await send("throws", [...pageWith([]), ...bad, last]);
  assert.deepEqual(await plays("throws"), ["unplayable_events"]);
});

test("what the player plays is not told of", { timeout: 90_000 }, async () => {
  const fine = table.plays.filter((event) => event.type !== 2 && event.type !== 4).map((event, index) => at(10 + index, event));
  await send("plays", [...pageWith([element("style", 50)]), ...fine, last]);
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
  await send("odd", [...pageWith(odd), last]);
  assert.deepEqual(await plays("odd"), []);
  const documents = [
    (root) => ({ type: 0, id: 1, compatMode: "BackCompat", childNodes: [{ type: 1, name: "a b", id: 30 }, { type: 3, textContent: "x", id: 31 }, root, element("html", 32, []), { type: 1, name: "html", id: 33 }] }),
    (root) => root,
  ];
  for (const [index, document] of documents.entries()) {
    await send(`document-${index}`, [...pageWith([], document), last]);
    assert.deepEqual(await plays(`document-${index}`), []);
  }
});
