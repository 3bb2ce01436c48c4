// What makes rrweb's player throw is told of, and the rest of the session plays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";

/** The tag of the event that a download has in the place of what is missing. */
const LEFT_OUT = "session-replay-viewer/left-out";
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

test("no element that could hold a script is made, however it is written", { timeout: 90_000 }, async () => {
  const inSvg = (tagName, id, children = []) => element(tagName, id, children, { isSVG: true });
  const scripts = ["SCRIPT", "script", "Script", "svg:script"].flatMap((name, n) => [element(name, 20 + n), inSvg("svg", 30 + n, [inSvg(name, 40 + n)])]);
  const added = scripts.map((node, n) => ({ parentId: 4, nextId: null, node: { ...node, childNodes: [], id: 60 + n } }));
  const styled = element("LINK", 80, [], { attributes: { _cssText: "body { color: rgb(1, 2, 3) }", rel: "stylesheet" } });
  const mutation = at(20, { type: 3, timestamp: 0, data: { source: 0, adds: added, removes: [], texts: [], attributes: [] } });
  await send("scripts", [...pageWith([...scripts, inSvg("svg", 50, [inSvg("linearGradient", 51)]), styled]), mutation, last]);
  for (const t of [1, 10_000, 0]) {
    const { page, close } = await open(browser);
    await page.goto(`${viewer.url}/sessions/scripts/${SESSION}?t=${t}`);
    const body = page.frameLocator(".replayer-wrapper iframe").locator("html > body");
    await body.getByText("the end").waitFor({ state: "attached", timeout: 15_000 });
    assert.deepEqual(await body.evaluate((body) => [...body.ownerDocument.querySelectorAll("*")].map(({ localName }) => localName).filter((name) => /script$/i.test(name) && name !== "noscript")), [], `t=${t}`);
    assert.equal(await body.locator("linearGradient").count(), 1, "names of SVG keep their capitals");
    assert.equal(await body.evaluate((body) => getComputedStyle(body).color), "rgb(1, 2, 3)", "a style sheet in capitals is one");
    await close();
  }
});

test("what the player throws is told with its event", { timeout: 90_000 }, async () => {
  // As text: what is so deep is more than JSON.stringify can do, too.
  const [deep, levels] = [JSON.stringify(at(500, pageWith(["deep"])[1])), Array.from({ length: 20_000 }, (_, n) => n)];
  const nested = `${levels.map((n) => `{"type":2,"tagName":"div","attributes":{},"id":${100 + n},"childNodes":[`).join("")}${"]}".repeat(levels.length)}`;
  await send("deep", [...pageWith([]), deep.replace('"deep"', nested), at(700, pageWith([])[1]), last]);
  const { page, close } = await open(browser);
  await page.goto(`${viewer.url}/sessions/deep/${SESSION}?t=600`);
  const note = page.locator('[data-code="player_failed"]');
  await note.waitFor();
  assert.match(await note.textContent(), /^Event 2 \(counted from 0 as they arrived\) can't be drawn: .*(call stack|recursion)/i);
  await page.keyboard.press("9");
  await page.keyboard.press("End");
  await page.frameLocator(".replayer-wrapper iframe").locator("html > body").getByText("the end").waitFor({ state: "attached", timeout: 15_000 });
  await close();
});

test("a batch that the viewer can't read is told of, and the others play", { timeout: 90_000 }, async () => {
  await send("damaged", [...pageWith([]), last]);
  const { page, close } = await open(browser);
  await page.route("**/api/sessions/damaged/*/batches*", async (route) => {
    const response = await route.fetch();
    const lines = (await response.text()).split("\n");
    const foreign = [{ sequence: "0-damaged", problem: "the object ends too early", count: 7 }, { sequence: "0-other", meta: [], events: [] }, "what?"];
    await route.fulfill({ response, body: [...foreign.map((line) => JSON.stringify(line)), ...lines].join("\n") });
  });
  await page.goto(`${viewer.url}/sessions/damaged/${SESSION}?t=10000`);
  await page.frameLocator(".replayer-wrapper iframe").getByText("the end").waitFor({ state: "attached" });
  const told = await page.locator('[data-code="damaged_requests"]').textContent();
  assert.match(told, /^3 batches of this session can't be read, or not whole, first 0-damaged: the object ends too early\. .* all the rest is played\./);
  assert.equal(await page.locator("#connection").textContent(), "");
  await close();
});

/** A viewer with a store of its own, its folder, and the files of a session's batches. */
async function withStore(context) {
  const folder = await mkdtemp(join(tmpdir(), "session-replay-store-"));
  const own = await startViewer("--data", folder);
  const { page, close } = await open(browser);
  context.after(async () => {
    await close();
    await own.stop();
    await rm(folder, { recursive: true });
  });
  const files = async (device) => (await readdir(join(folder, "v1/sequences", device, String(SESSION)))).sort().map((name) => join(folder, "v1/sequences", device, String(SESSION), name));
  return { own, page, files };
}

test("what is damaged in the store is told once, and events keep their numbers", { timeout: 90_000 }, async (context) => {
  const { own, page, files } = await withStore(context);
  const note = at(100, { type: 5, timestamp: 0, data: { tag: "first", payload: {} } });
  await own.send("d", SESSION, [note, note, pageWith([])[0]]);
  await own.send("d", SESSION, [pageWith([])[0], at(50, note), pageWith([])[1]]);
  await own.send("d", SESSION, [last]);
  const [first, second] = await files("d");
  await writeFile(first, "");
  const body = await readFile(second, "utf8");
  await writeFile(second, body.replace(JSON.stringify(JSON.stringify(at(50, note))), "{}"));
  for (const visit of ["which finds it", "which is told by the server, too"]) {
    await page.goto(`${own.url}/sessions/d/${SESSION}?t=1`);
    await page.frameLocator(".replayer-wrapper iframe").locator("html > body").getByText("the end").waitFor({ state: "attached" });
    const codes = await page.locator("[data-code]").evaluateAll((notes) => notes.map((note) => note.dataset.code));
    assert.deepEqual(codes, ["damaged_requests"], visit);
    assert.match(await page.locator("[data-code]").textContent(), /^2 batches of this session can't be read, or not whole/);
  }
  assert.match((await own.get(`/api/sessions/d/${SESSION}`)).problems.find(({ code }) => code === "damaged_requests").message, /event 1 of it, counted from 0, is not a string/);
  const download = await (await fetch(`${own.url}/api/sessions/d/${SESSION}/events.jsonl`)).text();
  assert.deepEqual(download.trim().split("\n").map((line) => JSON.parse(line)).map(({ type, data }) => data.tag ?? type), [LEFT_OUT, 4, 2, LEFT_OUT, 3]);
  const imported = await (await fetch(`${own.url}/api/import?name=again`, { method: "POST", body: download, headers: { "content-type": "application/octet-stream" } })).json();
  await page.goto(`${own.url}/sessions/imported/${imported.session_id}?t=1`);
  await page.getByRole("region", { name: "Story" }).getByText("A request is missing from the file").first().waitFor();
});

test("a batch that the store does not give is asked for again until it does", { timeout: 90_000, skip: process.platform !== "linux" }, async (context) => {
  const { own, page, files } = await withStore(context);
  for (const event of pageWith([])) await own.send("d", SESSION, [event]);
  await own.send("d", SESSION, [last]);
  await own.send("d", SESSION, [at(950, { type: 5, timestamp: 0, data: { tag: "behind it", payload: {} } })]);
  const [, , withheld] = await files("d");
  await rename(withheld, `${withheld}.whole`);
  // A file that can only be written, by whoever it be.
  await symlink("/proc/sys/vm/compact_memory", withheld);
  await page.goto(`${own.url}/sessions/d/${SESSION}?t=1`);
  const note = page.locator('[data-code="unread_requests"]');
  await note.filter({ hasText: "The store does not give the batch" }).waitFor();
  await unlink(withheld);
  await rename(`${withheld}.whole`, withheld);
  await page.frameLocator(".replayer-wrapper iframe").locator("html > body").getByText("the end").waitFor({ state: "attached" });
  await note.waitFor({ state: "detached" });
});

test("no script of the page looks behind in a regular expression: Safari before 16.4 would load none of it", async () => {
  for (const script of ["app.js", "feed.js"]) {
    const text = await (await fetch(`${viewer.url}/assets/${script}`)).text();
    assert.ok(text.length > 1_000);
    assert.deepEqual(text.match(/.{0,40}\(\?<[=!].{0,40}/g), null, script);
  }
});

test("what the player threw is found without a look at every event", async () => {
  const exported = ["session/failures", "player/drawing-error", "recording/recording"].map((name) => `export * from "./${name}";`);
  const code = await bundle(exported.join("\n"), join(project, "viewer/web/src"), { loader: "ts", platform: "node" });
  const { Failures, DrawingError, Recording } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  const recording = new Recording();
  const texts = [...pageWith([]), last].map((event) => JSON.stringify(event));
  recording.addEvents(texts, SESSION);
  const [, , third] = recording.events;
  Object.defineProperty(recording, "events", { get: () => assert.fail("every event is looked at") });
  const failures = new Failures(recording);
  assert.ok(failures.add(new DrawingError(new Error("no"), { data: third.data }), "no"));
  assert.match(failures.problems()[0].message, /^Event 2 \(counted from 0 as they arrived\) can't be drawn: no$/);
});

test("where the viewer refuses a session it is not said that it does not answer", { timeout: 90_000 }, async () => {
  await send("refused", [...pageWith([]), last]);
  const { page, close } = await open(browser);
  let isRefused = true;
  await page.route("**/api/sessions/refused/*/batches*", (route) => (isRefused ? route.fulfill({ status: 500, json: { error: "the store says no" } }) : route.continue()));
  await page.goto(`${viewer.url}/sessions/refused/${SESSION}?t=1`);
  await page.locator(".note").filter({ hasText: "The viewer can't read this session: the store says no" }).waitFor();
  assert.equal(await page.locator("#connection").textContent(), "");
  isRefused = false;
  await page.frameLocator(".replayer-wrapper iframe").locator("html > body").waitFor({ state: "attached" });
  await page.locator(".note").filter({ hasText: "can't read this session" }).waitFor({ state: "detached" });
  await close();
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
