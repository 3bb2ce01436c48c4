// An app of several windows, nodes, pixels and a page in one scene, recorded through the C ABI, plays in a stock player as it
// looked at each moment.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { compile } from "../support/c-host.mjs";
import { command, start } from "../support/children.mjs";
import { launch, open, squeeze } from "../support/chromium.mjs";
import { element, SESSION } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { colorsAt, keepPicture, rmse } from "../support/pictures.mjs";
import { duration } from "../support/recordings.mjs";
import { replayedAt } from "../support/replayed.mjs";
import { stockPicture } from "../support/stock-player.mjs";
import { startViewer } from "../support/viewer.mjs";

/**
 * A recording of examples/c/views.c, to see that what was recorded once still plays: `SR_WRITE=1 npm test` makes it anew.
 * `SR_PICTURES=folder npm test` keeps what the players show; docs/images/views.png is `native-app-sign-in.png`.
 */
const FIXTURE = join(project, "tests/fixtures/scenes/native-app.jsonl");
const DEVICE = "native-app";
let viewer, browser, folder, recorded;

before(async () => {
  viewer = await startViewer();
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "session-replay-views-"));
  const program = compile(["examples/c/views.c"], join(folder, "views"));
  await command(program, [viewer.url, String(SESSION)]);
  recorded = await viewer.events(DEVICE, SESSION);
  if (process.env.SR_WRITE) writeFileSync(FIXTURE, recorded.map((event) => `${JSON.stringify(event)}\n`).join(""));
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
  await viewer?.stop();
});

const screen = (name) => (event) => event.type === 5 && event.data.payload?.name === name;
const key = (event) => event.type === 5 && event.data.tag === "key";

const HEAD = ["File", "Edit", "Search", "Paid only", "New order", "Order", "Customer", "Total"];
const row = (number, customer, total, state) => [String(number), customer, total, state];
const ADA = row(1041, "Ada Lovelace", "€ 120.00", "paid");
const GRACE = row(1042, "Grace Hopper", "€ 80.50", "open");
const OTHERS = [...row(1043, "Alan Turing", "€ 9.99", "paid"), ...row(1044, "Barbara Liskov", "€ 310.00", "open"), ...row(1045, "Edsger Dijkstra", "€ 45.25", "paid")];
const foot = (count, selected) => ["Revenue, live", `${count} orders, number ${selected} is selected`];

const titles = (windows) => windows.map(({ title, depth }) => [title, depth]);

for (const source of [DEVICE, "kept"]) {
  test(`${source}: each moment shows the windows of then`, { timeout: 120_000 }, async () => {
    const kept = () => readFileSync(FIXTURE, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const events = source === "kept" ? kept() : recorded;
    const shownAt = async (moment, isMeant) => {
      const shown = await replayedAt({ viewer, browser }, `${source}-${moment}`, events, isMeant);
      const stock = await stockPicture(browser, events.slice(0, events.findIndex(isMeant) + 1));
      const apart = await rmse(shown.page, [shown.picture, stock], [0, 0, 1000, 600]);
      assert.ok(apart < 0.01, `${moment}: ${apart} between the viewer and the stock player`);
      keepPicture(`${source}-${moment}`, shown.picture);
      return shown;
    };

    const begin = await shownAt("orders", screen("orders"));
    assert.deepEqual(titles(begin.windows), [["Orders", 0], [null, 1]]);
    assert.deepEqual(begin.windows[0].texts, [...HEAD, ...ADA, ...GRACE, ...OTHERS, ...foot(5, 1041)]);
    assert.deepEqual(begin.windows[0].values, ["", false]);
    assert.deepEqual(begin.windows.map(({ place }) => place), [[40, 60, 560, 412], [56, 344, 528, 92]]);
    await begin.close();

    const signIn = await shownAt("sign-in", key);
    assert.deepEqual(titles(signIn.windows), [["Orders", 0], [null, 1], ["Help", 0], ["Sign in", 0]]);
    const [orders, , help, dialog] = signIn.windows;
    assert.deepEqual(orders.values, ["****** *", false]);
    assert.deepEqual([dialog.texts, dialog.values, dialog.place], [["Sign in to pay", "Password", "Sign in"], ["********"], [300, 200, 300, 142]]);
    assert.equal(help.page, "Help How to pay an order");
    // The plot's paper is white, the app's is not.
    assert.deepEqual(await colorsAt(signIn.page, signIn.picture, [[58, 346]]), [[255, 255, 255]]);
    await signIn.close();

    const end = await shownAt("end", screen("end"));
    assert.deepEqual(end.windows.map(({ title, place }) => [title, place]), [
      ["Help", [640, 90, 320, 240]],
      ["Orders (4 paid)", [60, 80, 560, 412]],
      [null, [76, 364, 528, 92]],
    ]);
    assert.deepEqual(end.windows[1].texts, [...HEAD, ...ADA, ...GRACE.with(3, "paid"), ...OTHERS, ...foot(5, 1042)]);
    assert.equal(end.windows[0].page, help.page);
    await end.close();
  });
}

test("what is masked is in no event", () => {
  const all = JSON.stringify(recorded);
  for (const secret of ["correct horse", "correct", '"Liskov', "Liskov B"]) assert.ok(!all.includes(secret), secret);
});

/**
 * A document as rrweb takes it down when a page begins: node ids count from 1, as in each document before, and each element is
 * the same but for what it says. Then a text changes, a line comes, one goes, and somebody types. At `time` it begins.
 */
function documentOf(name, time) {
  const text = (id, textContent) => ({ type: 3, textContent, id });
  const line = (id, says) => element("li", id, [text(id + 1, says)]);
  const nodes = [
    element("h1", 5, [text(6, `${name} title`)]),
    element("ul", 7, [line(8, `${name} first`), line(10, `${name} second`)]),
    element("input", 12, [], { attributes: { type: "text", value: `${name} typed` } }),
    element("p", 13, [text(14, `${name} loading`)]),
  ];
  const node = { type: 0, childNodes: [{ type: 1, name: "html", publicId: "", systemId: "", id: 15 }, element("html", 2, [element("head", 3), element("body", 4, nodes)])], id: 1 };
  const mutation = (changes) => ({ source: 0, texts: [], attributes: [], removes: [], adds: [], ...changes });
  const added = { ...line(16, ""), childNodes: [] };
  const data = [
    [4, { href: "https://page/", width: 380, height: 280 }],
    [2, { node, initialOffset: { left: 0, top: 0 } }],
    [3, mutation({ texts: [{ id: 14, value: `${name} done` }] })],
    [3, mutation({ adds: [{ parentId: 7, nextId: 10, node: added }, { parentId: 16, nextId: null, node: text(17, `${name} added`) }] })],
    [3, mutation({ removes: [{ parentId: 7, id: 8 }] })],
    [3, { source: 5, text: `${name} edited`, isChecked: false, id: 12 }],
  ];
  return data.map(([type, data], at) => ({ type, timestamp: time + 50 * at, data }));
}

/** What a page shows at the end of such a document. */
const atTheEndOf = (name) => ({ text: `${name} title ${name} added ${name} second ${name} done`, value: `${name} edited` });

/** Records events of pages, each with its view, in this session; what arrived of it. */
async function recordPages(session, events) {
  const file = join(folder, "pages.txt");
  writeFileSync(file, events.map(([view, event]) => `${view} ${JSON.stringify(event)}\n`).join(""));
  const program = compile(["tests/c/pages.c"], join(folder, "pages"));
  const { status, output } = await start(program, [viewer.url, String(session), file], { stdio: ["ignore", "pipe", "inherit"] }).ended;
  assert.equal(status, 0, output);
  return viewer.events("pages", session);
}

test("a page that navigates and reloads in its view shows each document as it was, and its neighbour stays", async () => {
  const begin = Date.now() + 5_000;
  const names = ["first", "reloaded", "elsewhere", "back"];
  const events = [
    ...documentOf("neighbour", begin).map((event) => [2, event]),
    ...names.flatMap((name, at) => documentOf(name, begin + 1_000 * (at + 1)).map((event) => [1, event])),
  ];
  const arrived = await recordPages(SESSION, events);
  assert.deepEqual((await viewer.get(`/api/sessions/pages/${SESSION}`)).problems, []);

  const { page, notes, close } = await open(browser);
  const outer = page.frameLocator(".replayer-wrapper iframe");
  const shownNow = async (place) => {
    const body = outer.locator(".w").nth(place).frameLocator("iframe").locator("body");
    const { text, value } = await body.evaluate((body) => ({ text: body.innerText, value: body.querySelector("input")?.value }));
    return { text: squeeze(text), value };
  };
  /** What the page in the window at this place shows, once it is what is expected, or else after a while; all of it on the way. */
  const shown = async (place, expected, seen = []) => {
    for (let left = 300; left > 0 && !isDeepStrictEqual(seen.at(-1), expected); left--) {
      // The frame is made anew with each document.
      seen.push(await shownNow(place).catch(() => seen.at(-1)));
      await page.waitForTimeout(20);
    }
    return seen.at(-1);
  };
  // Played from its beginning, then sought: a player builds a document in another way then.
  await page.goto(`${viewer.url}/sessions/pages/${SESSION}?t=0`);
  const seen = [];
  assert.deepEqual(await shown(1, atTheEndOf("back"), seen), atTheEndOf("back"));
  for (const { text } of seen.filter(Boolean)) assert.ok(names.filter((name) => text.includes(name)).length <= 1, `parts of two documents: ${text}`);
  for (const name of names) {
    const until = arrived.slice(0, arrived.findIndex((event) => event.data.text === `${name} edited`) + 1);
    await viewer.send(`pages-${name}`, SESSION, until);
    await page.goto(`${viewer.url}/sessions/pages-${name}/${SESSION}?t=${duration(until)}`);
    assert.deepEqual(await shown(1, atTheEndOf(name)), atTheEndOf(name), `${name}, sought`);
    assert.deepEqual(await shown(0, atTheEndOf("neighbour")), atTheEndOf("neighbour"), `${name}, sought`);
  }
  if (process.env.SR_PICTURES) await page.locator(".replayer-wrapper").screenshot({ path: join(process.env.SR_PICTURES, "pages.png") });
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("a page that adds a document to what is no iframe leaves its neighbour, and has those of its iframes", { timeout: 120_000 }, async () => {
  const session = SESSION + 1;
  const begin = Date.now() + 5_000;
  const mutation = (changes) => ({ source: 0, texts: [], attributes: [], removes: [], adds: [], ...changes });
  const added = (parentId, node) => mutation({ adds: [{ parentId, nextId: null, node }] });
  const inside = element("html", 42, [element("head", 43, [], { rootId: 41 }), element("body", 44, [{ type: 3, textContent: "inside", id: 45, rootId: 41 }], { rootId: 41 })], { rootId: 41 });
  // To a player, a document without a root that is added to a body is the one that it plays in.
  const data = [
    added(4, element("iframe", 40)),
    { ...added(40, { type: 0, childNodes: [inside], id: 41 }), isAttachIframe: true },
    added(4, { type: 0, childNodes: [], id: 50 }),
    { ...added(4, { type: 0, childNodes: [], id: 51, rootId: null }), isAttachIframe: true },
    mutation({ texts: [{ id: 14, value: "hostile is through" }, { id: 45, value: "inside, still" }] }),
  ];
  const attack = data.map((data, at) => ({ type: 3, timestamp: begin + 1_000 + 50 * at, data }));
  const arrived = await recordPages(session, [
    ...documentOf("neighbour", begin).map((event) => [2, event]),
    ...[...documentOf("hostile", begin), ...attack].map((event) => [1, event]),
  ]);
  // A player that jumps builds a document in another way than one that plays.
  for (const t of [0, duration(arrived)]) {
    const { page, notes, close } = await open(browser);
    await page.goto(`${viewer.url}/sessions/pages/${session}?t=${t}`);
    const window = (place) => page.frameLocator(".replayer-wrapper iframe").locator(".w").nth(place).frameLocator("iframe");
    await window(1).getByText("hostile is through").waitFor();
    await window(1).frameLocator("iframe").getByText("inside, still").waitFor();
    await window(0).getByText("neighbour done").waitFor();
    assert.deepEqual(notes, { elsewhere: [], errors: [] }, `t=${t}`);
    await close();
  }
});
