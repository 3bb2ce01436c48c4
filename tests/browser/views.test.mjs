// An app of several windows, recorded through the C ABI, plays in a stock player as it looked at each moment.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { compile } from "../support/c-host.mjs";
import { start } from "../support/children.mjs";
import { launch, open, squeeze } from "../support/chromium.mjs";
import { element, SESSION } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { duration } from "../support/recordings.mjs";
import { startViewer } from "../support/viewer.mjs";

/**
 * A recording of examples/c/views.c, to see that what was recorded once still plays: `SR_WRITE=1 npm test` makes it anew.
 * `SR_PICTURES=folder npm test` keeps what the player shows; docs/images/views.png is `native-app-sign-in.png`.
 */
const FIXTURE = join(project, "tests/fixtures/scenes/native-app.jsonl");
const DEVICE = "native-app";
let viewer, browser, folder, recorded;

before(async () => {
  viewer = await startViewer();
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "session-replay-views-"));
  const program = compile(["examples/c/views.c"], join(folder, "views"));
  const { status, output } = await start(program, [viewer.url, String(SESSION)], { stdio: ["ignore", "pipe", "inherit"] }).ended;
  assert.equal(status, 0, output);
  recorded = await viewer.events(DEVICE, SESSION);
  if (process.env.SR_WRITE) writeFileSync(FIXTURE, recorded.map((event) => `${JSON.stringify(event)}\n`).join(""));
  await viewer.send("fixture", SESSION, readFileSync(FIXTURE, "utf8").split("\n").filter(Boolean));
});

after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
  await viewer?.stop();
});

const screen = (name) => (event) => event.type === 5 && event.data.payload?.name === name;
const key = (event) => event.type === 5 && event.data.tag === "key";

/**
 * What the player shows at the end of a recording that ends with the meant event: texts and values of the windows from the
 * back to the front, and those of the page.
 */
async function shownAt(name, events, isMeant) {
  const until = events.slice(0, events.findIndex(isMeant) + 1);
  await viewer.send(name, SESSION, until);
  const { page, notes, close } = await open(browser);
  await page.goto(`${viewer.url}/sessions/${name}/${SESSION}?t=${duration(until)}`);
  const outer = page.frameLocator(".replayer-wrapper iframe");
  await outer.locator(".w").first().waitFor({ timeout: 30_000 });
  await page.waitForTimeout(500);
  const windows = await outer.locator("body").evaluate((body) =>
    [...body.querySelectorAll(".w")]
      .sort((a, b) => a.style.zIndex - b.style.zIndex)
      .map((window) => ({
        title: window.querySelector(".b").textContent,
        texts: [...window.querySelectorAll(".n")].map((node) => node.textContent).filter(Boolean),
        values: [...window.querySelectorAll("input")].map((input) => (input.type === "checkbox" ? input.checked : input.value)),
        place: ["left", "top", "width", "height"].map((side) => Math.round(window.getBoundingClientRect()[side])),
        selected: [...window.querySelectorAll(".s")].map((node) => node.textContent.slice(0, 4)),
      })),
  );
  const frames = outer.locator("iframe");
  const inside = outer.frameLocator("iframe").locator("body");
  const help = (await frames.count()) === 0 ? undefined : { text: squeeze(await inside.innerText()), value: await inside.locator("input").inputValue() };
  if (process.env.SR_PICTURES) await page.locator(".replayer-wrapper").screenshot({ path: join(process.env.SR_PICTURES, `${name}.png`) });
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
  return { windows, help };
}

const ORDERS = ["File", "Edit", "Search", "Paid only", "New order", "1041   Ada Lovelace        € 120.00", "1042   Grace Hopper        € 80.50", "1043   Alan Turing         € 9.99"];

for (const device of [DEVICE, "fixture"]) {
  test(`${device}: each moment shows the windows of then`, async () => {
    const events = await viewer.events(device, SESSION);
    const begin = await shownAt(`${device}-orders`, events, screen("orders"));
    assert.deepEqual(begin.windows, [
      { title: "Orders", texts: [...ORDERS, "3 orders, number 1 is selected"], values: ["", false], place: [60, 80, 560, 320], selected: ["1041"] },
    ]);
    assert.equal(begin.help, undefined);

    const signIn = await shownAt(`${device}-sign-in`, events, key);
    assert.deepEqual(signIn.windows.map((window) => window.title), ["Orders", "Help", "Sign in"]);
    const [orders, , dialog] = signIn.windows;
    assert.deepEqual([orders.values, orders.selected], [["******", true], ["1042"]]);
    assert.deepEqual([dialog.texts, dialog.values, dialog.place], [["Sign in to pay", "Password", "Sign in"], ["********"], [300, 200, 300, 140]]);
    assert.deepEqual(signIn.help, { text: "Help How to pay an order", value: "refunds" });

    const end = await shownAt(`${device}-end`, events, screen("end"));
    assert.deepEqual(end.windows.map(({ title, place }) => [title, place]), [
      ["Help", [640, 120, 320, 240]],
      ["Orders (1 paid)", [40, 60, 560, 320]],
    ]);
    assert.deepEqual(end.windows[1].selected, ["1043"]);
    assert.deepEqual(end.help, signIn.help);
  });
}

test("what is masked is in no event", () => {
  const all = JSON.stringify(recorded);
  for (const secret of ["correct horse", "correct", "Hopper\""]) assert.ok(!all.includes(secret), secret);
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

test("a page that navigates and reloads in its view shows each document as it was, and its neighbour stays", async () => {
  const begin = Date.now() + 5_000;
  const names = ["first", "reloaded", "elsewhere", "back"];
  const events = [
    ...documentOf("neighbour", begin).map((event) => [2, event]),
    ...names.flatMap((name, at) => documentOf(name, begin + 1_000 * (at + 1)).map((event) => [1, event])),
  ];
  const file = join(folder, "pages.txt");
  writeFileSync(file, events.map(([view, event]) => `${view} ${JSON.stringify(event)}\n`).join(""));
  const program = compile(["tests/c/pages.c"], join(folder, "pages"));
  const { status, output } = await start(program, [viewer.url, String(SESSION), file], { stdio: ["ignore", "pipe", "inherit"] }).ended;
  assert.equal(status, 0, output);
  const arrived = await viewer.events("pages", SESSION);
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
