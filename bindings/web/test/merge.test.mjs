// Changes that are joined make the same document in rrweb's player as each by itself: random changes, recorded by rrweb.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { bundle, launch, open, script, until, withOptions } from "./support/page.mjs";
import { replay } from "./support/replay.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const module = await bundle(`export { mergeMutations } from "../src/record/merge-mutations.ts";`, { format: "esm" });
const { mergeMutations } = await import(`data:text/javascript;base64,${Buffer.from(module).toString("base64")}`);

/** Runs in the page: so many random changes, those of a step without a pause. Numbers come from `seed` alone. */
const changeAtRandom = async ([seed, steps]) => {
  const random = (count) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * count);
  };
  const root = document.getElementById("root");
  const any = (elements) => elements[random(elements.length)];
  const elements = () => [root, ...root.querySelectorAll("*")];
  const spot = (parent) => (random(2) ? null : (any([...parent.childNodes]) ?? null));
  let made = 0;
  const make = () => {
    const element = document.createElement(any(["p", "div", "span", "b", "ul", "li"]));
    element.dataset.n = String(++made);
    if (random(2)) element.append(`text ${made}`);
    if (random(3) === 0) element.append(make());
    return element;
  };
  const changes = [
    () => { const parent = any(elements()); parent.insertBefore(make(), spot(parent)); },
    () => { const parent = any(elements()); parent.insertBefore(document.createTextNode(`added ${++made}`), spot(parent)); },
    () => { const node = any([...any(elements()).childNodes]); node?.remove(); },
    () => { const [node, parent] = [any(elements()), any(elements())]; if (node !== root && !node.contains(parent)) { const at = spot(parent); if (at !== node) parent.insertBefore(node, at); } },
    () => { any(elements()).className = any(["a", "b", "c", ""]); },
    () => { any(elements()).toggleAttribute("data-on"); },
    () => { any(elements()).style.setProperty(any(["color", "border", "border-color", "margin", "margin-top"]), any(["red", "1px solid blue", "4px", "5px"])); },
    () => { any(elements()).style.removeProperty(any(["color", "border-color"])); },
    () => { any(elements()).style.cssText = any(["", "color: green", "border: 2px solid red; margin: 1px"]); },
    () => { const text = any([...any(elements()).childNodes].filter(({ nodeType }) => nodeType === 3)); if (text) text.data = `changed ${++made}`; },
    () => { const element = any(elements()); if (element !== root) element.textContent = `whole ${++made}`; },
    () => { const element = any(elements()); if (element !== root) element.replaceChildren(make(), `and ${++made}`, make()); },
    () => { const element = any(elements()); element.append(...[...element.childNodes].reverse()); },
    () => { const element = any(elements()); if (!element.shadowRoot && ["div", "p", "span"].includes(element.localName) && random(4) === 0) element.attachShadow({ mode: "open" }).append(make()); else element.shadowRoot?.append(make()); },
  ];
  for (let step = 0; step < steps; step++) {
    for (let count = 1 + random(4); count > 0; count--) any(changes)();
    await new Promise((done) => setTimeout(done, random(3) ? 0 : 2));
    // Few elements, so that several changes meet in one.
    while (root.querySelectorAll("*").length > 14) any([...root.querySelectorAll("*")]).remove();
  }
  await new Promise((done) => setTimeout(done, 100));
};

const outline = (events, isLive) =>
  replay(browser, events, (document) => {
    const describe = (node) => {
      if (node.nodeType === 3) return node.data;
      const attributes = [...node.attributes].map(({ name, value }) => `${name}=${name === "style" ? [...node.style].map((key) => `${key}:${node.style.getPropertyValue(key)}`).sort() : value}`).sort();
      const children = [...node.childNodes].map(describe);
      return [node.localName, attributes, ...(node.shadowRoot ? [["#shadow", ...[...node.shadowRoot.childNodes].map(describe)]] : []), ...children];
    };
    return describe(document.getElementById("root"));
  }, isLive ? { useVirtualDom: false } : {});

async function recorded(seed, steps, performanceConfig) {
  const opened = await open(browser, `<div id="root"><p>one</p><p>two</p></div>`, [withOptions({ pageOptions: { performanceConfig } }), script]);
  await until(() => opened.events().some(({ type }) => type === 2), "a full snapshot");
  await opened.page.evaluate(changeAtRandom, [seed, steps]);
  await opened.page.evaluate(() => sessionReplayRecorder.flush());
  const events = opened.events();
  const shown = await opened.page.evaluate(() => document.getElementById("root").textContent);
  await opened.close();
  return { events, shown };
}

const isMutation = ({ type, data }) => type === 3 && data.source === 0;

test("joined changes end with the same document as each by itself", async () => {
  let [before, after] = [0, 0];
  for (let seed = 1; seed <= Number(process.env.MERGE_SEEDS ?? 3); seed++) {
    const { events } = await recorded(seed, 150, { enabled: false });
    const all = mergeMutations(structuredClone(events), Infinity);
    // Joined piece by piece, and the pieces again, as a queue does that is emptied now and then.
    const pieces = [];
    for (let at = 0, size = 1; at < events.length; at += size, size = 1 + ((size * 7 + seed) % 11)) pieces.push(...mergeMutations(structuredClone(events.slice(at, at + size)), Infinity));
    const twice = mergeMutations(structuredClone(pieces), Infinity);
    before += events.filter(isMutation).length;
    after += all.filter(isMutation).length;
    for (const isLive of [false, true]) {
      const wanted = await outline(events, isLive);
      for (const [name, joined] of Object.entries({ all, twice })) {
        try {
          assert.deepEqual(await outline(joined, isLive), wanted);
        } catch (error) {
          if (process.env.MERGE_DUMP) writeFileSync(process.env.MERGE_DUMP, JSON.stringify({ events, joined }));
          throw new Error(`seed ${seed}, ${name}, ${isLive ? "live" : "at once"}: ${error.message}`);
        }
      }
    }
  }
  // Most are; a test that joins nothing would prove nothing.
  assert.ok(after < before / 3, `${before} changes became ${after}`);
});

const element = (id, parentId, nextId = null) => ({ parentId, nextId, node: { type: 2, id, tagName: "p", attributes: {}, childNodes: [] } });
const changes = (given, timestamp = 0) => ({ type: 3, timestamp, data: { source: 0, adds: [], removes: [], texts: [], attributes: [], ...given } });
const remove = (id, parentId) => ({ id, parentId });
const style = (id, value) => ({ id, attributes: { style: value } });

for (const [what, events, expected] of [
  ["nothing of one", [changes({ texts: [{ id: 1, value: "a" }] })], 1],
  ["changes within a moment", [changes({ adds: [element(5, 1)] }, 0), changes({ adds: [element(6, 1)] }, 50)], { adds: [5, 6] }],
  ["no changes further apart", [changes({ adds: [element(5, 1)] }, 0), changes({ adds: [element(6, 1)] }, 51)], 2],
  ["none across another event", [changes({}), { type: 3, timestamp: 0, data: { source: 2, id: 1 } }, changes({})], 3],
  ["no document of a frame", [changes({}), { ...changes({}), data: { ...changes({}).data, isAttachIframe: true } }], 2],
  ["no sheet that a player makes an element of", [changes({}), changes({ attributes: [{ id: 1, attributes: { _cssText: "" } }] })], 2],
  ["what comes and goes is not there", [changes({ removes: [remove(4, 1)], adds: [element(5, 1), element(6, 5)] }), changes({ removes: [remove(5, 1)], adds: [element(7, 1)] })], { removes: [4], adds: [7] }],
  ["nothing where a node stood before one that is gone", [changes({ adds: [element(6, 1, 5)] }), changes({ removes: [remove(5, 1)] })], 2],
  ["nothing after nodes that a player can't add in order", [changes({ adds: [element(5, 1, 6), element(6, 1)] }), changes({ adds: [element(7, 1, 6)] })], 2],
  ["nothing where a node is added twice", [changes({ adds: [element(5, 1)] }), changes({ adds: [element(5, 1)] })], 2],
  ["no old attributes of a node that moved", [changes({ attributes: [{ id: 5, attributes: { class: "old" } }], texts: [{ id: 6, value: "old" }] }), changes({ removes: [remove(5, 1)], adds: [element(5, 2), element(6, 5)] })], { removes: [5], adds: [5, 6] }],
  ["the last of texts and attributes", [changes({ texts: [{ id: 1, value: "a" }], attributes: [{ id: 2, attributes: { a: "1", b: "1" } }] }), changes({ texts: [{ id: 1, value: "b" }], attributes: [{ id: 2, attributes: { a: "2" } }] })], { texts: [{ id: 1, value: "b" }], attributes: [{ id: 2, attributes: { b: "1", a: "2" } }] }],
  ["styles, the last of them last", [changes({ attributes: [style(2, { "border-color": "red", margin: "1px" })] }), changes({ attributes: [style(2, { border: "0", "border-color": false })] })], { attributes: [style(2, { margin: "1px", border: "0", "border-color": false })] }],
  ["no style set as a whole with one that is changed after it", [changes({ attributes: [style(2, "color: red")] }), changes({ attributes: [style(2, { margin: "1px" })] }), changes({ attributes: [style(2, { margin: "2px" })] })], { attributes: [style(2, "color: red"), style(2, { margin: "2px" })] }],
]) {
  test(`joined is ${what}`, () => {
    const copy = structuredClone(events);
    const joined = mergeMutations(events);
    assert.deepEqual(events, copy, "what was given is as it was");
    if (typeof expected === "number") return assert.equal(joined.length, expected);
    assert.equal(joined.length, 1);
    const { adds, removes, texts, attributes } = joined[0].data;
    const found = { adds: adds.map(({ node }) => node.id), removes: removes.map(({ id }) => id), texts, attributes };
    assert.deepEqual(found, { adds: [], removes: [], texts: [], attributes: [], ...expected });
    assert.equal(JSON.stringify(found.attributes), JSON.stringify(expected.attributes ?? []), "in this order");
  });
}
