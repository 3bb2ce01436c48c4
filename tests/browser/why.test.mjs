// "Why is there no replay?": reached from everywhere, in the words that help, also for what no server can see.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, custom, element, fullSnapshot, meta, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";

let viewer, browser;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
});

/** Opens a page, looks at it, and says that nothing of it failed or led elsewhere. */
async function visit(path, look, allowed = () => false) {
  const { page, notes, close } = await open(browser);
  await page.goto(viewer.url + path);
  await look(page);
  assert.deepEqual({ ...notes, errors: notes.errors.filter((error) => !allowed(error)) }, { elsewhere: [], errors: [] });
  await close();
}

const checkOf = (page, title) => page.getByRole("list", { name: "Checks" }).getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

test("a session that nobody has heard of says why, in place of loading for ever", async () => {
  await visit(
    `/sessions/nobody/${SESSION}`,
    async (page) => {
      await checkOf(page, "Accepted batches").getByText("No batch was accepted.").waitFor();
      assert.equal(await page.getByText("Loading…").filter({ visible: true }).count(), 0);
      await viewer.send("nobody", SESSION, pageWith([element("p", 10, [{ type: 3, textContent: "here it is", id: 11 }])]));
      await page.frameLocator(".replayer-wrapper iframe").getByText("here it is").waitFor();
      assert.equal(await page.getByRole("list", { name: "Checks" }).count(), 0);
    },
    (error) => error.includes("404"),
  );
});

test("each session and the first page lead to the checks", async () => {
  await viewer.send("device one", SESSION, [meta()]).catch(() => {});
  await viewer.send("linked", SESSION, [meta(), fullSnapshot(1), custom(1, 900)]);
  await visit(`/sessions/linked/${SESSION}`, async (page) => {
    await page.getByRole("link", { name: "Why is there no replay?" }).click();
    await page.getByRole("heading", { name: "Why is there no replay?", level: 1 }).waitFor();
    await checkOf(page, "Accepted batches").getByText("One batch with 3 events arrived.").waitFor();
    await page.getByRole("link", { name: "The device" }).click();
    await page.waitForURL("**/why/linked");
  });
  await visit("/", async (page) => {
    await page.getByRole("textbox", { name: "Device id" }).fill("device one");
    await page.getByRole("button", { name: "Look into it" }).click();
    await checkOf(page, "The ids").getByText("device_id holds ' '").waitFor();
    await page.getByRole("region", { name: "Requests without a batch" }).getByText("400").waitFor();
  });
});

test("a check has its state, its fix and its documentation, and follows what happens", async () => {
  await visit("/why/followed/1", async (page) => {
    const accepted = checkOf(page, "Accepted batches");
    await accepted.getByText("problem", { exact: true }).waitFor();
    assert.match(await accepted.textContent(), /What to do: /);
    assert.match(await accepted.getByRole("link", { name: "Documentation: Accepted batches" }).getAttribute("href"), /docs\/guide\/delivery\.md#when$/);
    await viewer.send("followed", "1", [meta(), fullSnapshot(1)]);
    await accepted.getByText("fine", { exact: true }).waitFor();
    await viewer.fault({ skip: 4005, device_id: "followed" });
    await page.getByRole("button", { name: "Look again" }).click();
    await checkOf(page, "Armed faults").getByText("skip code 4005").waitFor();
    await viewer.clearFaults();
  });
});

test("what the picture lacks is a check of its session", async () => {
  await viewer.send("picture", "1", [...pageWith([element("img", 10, [], { attributes: { src: "http://127.0.0.1:1/a.png" } })]), custom(1, 900)]);
  await viewer.send("picture", "2", [...pageWith([element("p", 10)]), custom(1, 900)]);
  await visit("/why/picture/1", (page) => checkOf(page, "The picture").getByText("1 image (first in event 1): record with inlineImages").waitFor());
  await visit("/why/picture/2", (page) => checkOf(page, "The picture").getByText("fine", { exact: true }).waitFor());
  await visit("/why/picture", (page) => checkOf(page, "The picture").getByText("not known", { exact: true }).waitFor());
});

test("what sr_stats() says is explained in the page, and sent nowhere", async () => {
  const { page, notes, close } = await open(browser);
  await page.goto(`${viewer.url}/why/pasted`);
  await checkOf(page, "The recorder").waitFor();
  const sent = [];
  page.on("request", (request) => sent.push([request.method(), request.postData() ?? ""].join(" ") + request.url()));
  const said = page.getByRole("status", { name: "What it means" });
  const field = page.getByRole("textbox", { name: "Output of sr_stats()" });
  await field.fill(JSON.stringify({ state: "opted-out", advice: "<img src=x onerror=alert(1)>", recorded: { events: 3 }, dropped: { rejectedByServer: 2 }, lastError: { message: "secret-words" } }));
  await said.getByText("The user has opted out").waitFor();
  await said.getByText("dropped.rejectedByServer is 2").waitFor();
  await said.getByText("advice: <img src=x").waitFor();
  assert.equal(await said.locator("img").count(), 0);
  await field.fill("{");
  await said.getByText("That is no JSON").waitFor();
  assert.deepEqual(sent.filter((request) => /secret|opted/.test(request) || !request.startsWith("GET")), []);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("ids of a path are shown as text, and other addresses are not taken for it", async () => {
  await visit(`/why/${encodeURIComponent("<img src=x>")}/${encodeURIComponent("a/b")}`, async (page) => {
    await checkOf(page, "The ids").getByText("device_id holds '<'").waitFor();
    await page.getByText("<img src=x>/a/b", { exact: true }).waitFor();
  });
});

test("a broken snapshot is one sentence that names the event, also in place of the picture", async () => {
  const broken = { type: 2, timestamp: SESSION + 1, data: { initialOffset: { left: 0, top: 0 } } };
  await viewer.send("broken", SESSION, [meta(), broken, custom(1, 900)]);
  await visit(`/sessions/broken/${SESSION}`, async (page) => {
    const sentence = "Event 1 (counted from 0 as they arrived, as in …/events) is a full snapshot that can't be built, since it has no object `data.node`, the document: nothing can be drawn at all.";
    await page.locator('[data-code="unplayable_events"]').getByText(sentence, { exact: true }).waitFor();
    assert.equal(await page.locator("[data-code]").count(), 1);
    await page.locator("#stage").getByText(sentence, { exact: true }).waitFor();
  });
  const events = await viewer.events("broken", SESSION);
  assert.equal(events[1].type, 2, "that is its number in …/events");
});

test("where nothing can be drawn, the reason stands there", async () => {
  await viewer.send("changes", SESSION, [meta(), custom(1, 5)]);
  await visit(`/sessions/changes/${SESSION}`, (page) => page.locator("#stage").getByText("there is no full snapshot (rrweb event type 2), only 2 events of other types").waitFor());
  await viewer.send("one", SESSION, [fullSnapshot()]);
  await visit(`/sessions/one/${SESSION}?t=1`, (page) => page.locator("#stage").getByText("there is only one event, and a player needs two").waitFor());
});

test("each word and counter of sr_stats() that is documented is explained", async () => {
  const source = 'export { explain } from "./why/stats";';
  const code = await bundle(source, join(project, "viewer/web/src"), { loader: "ts", platform: "node" });
  const { explain } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  const { readFileSync } = await import("node:fs");
  const page = readFileSync(join(project, "docs/guide/c-api.md"), "utf8");
  const [, row] = /^\| `state` \|(.*)$/m.exec(page);
  const states = [...row.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word);
  assert.ok(states.length > 10);
  for (const state of states) assert.doesNotMatch(explain(JSON.stringify({ state }))[0].text, /does not know/, state);
  assert.match(explain('{"state":"new-word"}')[0].text, /does not know/);
  const counters = [...page.matchAll(/^\| `((?:dropped|refused)\.\w+)` \|/gm)].map(([, path]) => path);
  assert.ok(counters.length > 10);
  const panel = readFileSync(join(project, "viewer/web/src/why/why-panel.ts"), "utf8");
  const [, file, section] = /blob\/main\/([^#"]+)#([^"]+)"/.exec(panel);
  const anchors = readFileSync(join(project, file), "utf8").match(/^#+ .*$/gm).map((heading) => heading.replace(/^#+ /, "").toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-"));
  assert.ok(anchors.includes(section), section);
  for (const path of counters) {
    const [group, name] = path.split(".");
    assert.ok(explain(JSON.stringify({ state: "capturing", [group]: { [name]: 7 } })).some(({ text, isProblem }) => isProblem && text.startsWith(`${path} is 7`)), path);
  }
  for (const [text, says] of [["", /no JSON/], ["[]", /no `state`/], ["null", /no `state`/], ['{"state":5}', /no `state`/], ["x".repeat(200_000), /too long/], ['{"state":"capturing","recorded":7,"dropped":[],"lastError":null,"delivered":1e999}', /captured/]]) {
    assert.match(explain(text)[0].text, says);
  }
});
