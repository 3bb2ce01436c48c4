// What a replay may make the browser of its viewer load is nothing. Two walls stand before that, and each is tried alone: the
// page takes everything out of the events before it plays them, and the page's policy forbids what is left.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { attacks, escaped, hostilePage } from "./attacks.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION } from "../support/events.mjs";
import { serve } from "../support/servers.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

let viewer, browser, foreign, origin, recording;
/** What reached the foreign origin since it was last looked at: paths, and connections without any. */
let reached = [];

before(async () => {
  foreign = await serve((request, response) => {
    reached.push(request.url);
    response.writeHead(404, { "Access-Control-Allow-Origin": "*" }).end();
  });
  foreign.server.on("connection", () => reached.push("a connection"));
  origin = foreign.url;
  recording = attacks(origin);
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
  for (const batch of recording.batches) {
    await viewer.send("plain", SESSION, batch);
    await viewer.send("escaped", SESSION, batch.map(escaped));
  }
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
  await foreign?.stop();
});

function since() {
  const seen = reached;
  reached = [];
  return seen;
}

const inReplay = (page) => page.frameLocator(".replayer-wrapper iframe").locator("html > body").first();

/** Plays a session and says what was loaded meanwhile; `t` as in the page's address. */
async function play(device, t, options) {
  const { page, notes, close } = await open(browser, options);
  since();
  await page.goto(`${viewer.url}/sessions/${device}/${SESSION}?t=${t}`);
  await inReplay(page).waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector(".replayer-wrapper iframe").contentDocument.querySelectorAll("img").length > 20);
  await page.waitForTimeout(2_500);
  const loaded = since();
  return { page, notes, loaded, close };
}

assert.ok(attacks("http://x").count > 1_000);

// From the beginning, with what comes drawn as it comes; at the end at once; and live.
for (const device of ["plain", "escaped"]) {
  for (const [way, t] of [["replayed", 1], ["sought", 10_000], ["live", 0]]) {
    test(`${way}, a hostile recording (${device}) loads nothing`, { timeout: 120_000 }, async () => {
      const { loaded, close } = await play(device, t);
      assert.deepEqual(loaded, []);
      await close();
    });

    test(`${way}, a hostile recording (${device}) loads nothing where no policy forbids it`, { timeout: 120_000 }, async () => {
      const { page, loaded, close } = await play(device, t, { bypassCSP: true });
      assert.deepEqual(loaded, []);
      // There is no policy: what is put there past the page does load.
      await inReplay(page).evaluate((body, src) => body.append(Object.assign(body.ownerDocument.createElement("img"), { src })), `${origin}/control`);
      for (let i = 0; i < 50 && !reached.includes("/control"); i++) await page.waitForTimeout(100);
      assert.ok(since().includes("/control"));
      await close();
    });
  }
}

/** Writes a page into a frame like the player's, past all cleaning. */
async function write(page, html) {
  await page.evaluate((html) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-same-origin");
    document.body.append(frame);
    frame.contentDocument.open();
    frame.contentDocument.write(html);
    frame.contentDocument.close();
  }, html);
  await page.waitForTimeout(2_000);
}

test("the page's policy alone forbids what a frame in it would load", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser);
  await page.goto(viewer.url);
  since();
  await write(page, hostilePage(origin));
  assert.deepEqual(since(), []);
  await close();
  // The same page does load where there is no policy.
  const other = await open(browser, { bypassCSP: true });
  await other.page.goto(viewer.url);
  await write(other.page, hostilePage(origin));
  const loaded = new Set();
  await until(() => since().forEach((path) => loaded.add(path)) || loaded.size > 15, () => `and not only ${[...loaded].join()}`);
  await other.close();
});
