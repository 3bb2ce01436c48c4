// One feed for all windows of a browser: what becomes of it where a window, or the worker that holds it, crashes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, custom, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

let viewer, browser;

before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
  await viewer.send("before", SESSION, [...pageWith([]), custom("end", 1_000)]);
});

after(async () => {
  await browser?.close();
  await viewer?.stop();
});

test("a window that crashed does not keep the feed open, and one that was only held up goes on", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser);
  await page.clock.install();
  await page.goto(`${viewer.url}/api/sessions`);
  const code = await bundle('export { FeedHub } from "./api/feed-hub"; export * from "./api/feed-message";', join(project, "viewer/web/src"), { loader: "ts", format: "iife", globalName: "feed" });
  await page.addScriptTag({ content: code });
  await page.evaluate(() => {
    window.sources = [];
    const Real = EventSource;
    window.EventSource = class extends Real {
      constructor(address) {
        super(address);
        window.sources.push(this);
      }
    };
    const hub = new feed.FeedHub();
    window.heard = { steady: [], crashed: [] };
    window.say = { steady: hub.join((news) => heard.steady.push(news)), crashed: hub.join((news) => heard.crashed.push(news)) };
    say.steady({ isVisible: false });
    say.crashed({ isVisible: true });
  });
  const states = () => page.evaluate(() => sources.map(({ readyState }) => readyState));
  const messages = (window) => page.evaluate((window) => heard[window].filter((news) => "message" in news).length, window);
  await until(async () => (await messages("crashed")) === 1, "what is seen is told");
  const { SAY_MS, GONE_MS } = await page.evaluate(() => ({ ...feed }));
  await page.clock.runFor(GONE_MS - SAY_MS);
  assert.deepEqual(await states(), [1], "it may only be slow");
  await page.clock.runFor(2 * SAY_MS);
  assert.deepEqual(await states(), [2], "nobody is left who sees it");
  await page.evaluate(() => say.crashed({ isVisible: true }));
  await until(async () => (await messages("crashed")) >= 2, "it was held up, and hears to ask again");
  assert.equal(await page.evaluate(() => heard.crashed.filter((news) => "message" in news)[1].message.reset), true);
  // Who says so stays, however long.
  for (let times = 0; times < 8; times++) {
    await page.evaluate(() => say.crashed({ isVisible: true }));
    await page.clock.runFor(SAY_MS);
  }
  assert.deepEqual(await states(), [2, 1]);
  assert.equal(await messages("steady"), 0);
  await close();
});

test("where the worker that holds the feed has crashed, its windows get another one", { timeout: 120_000 }, async () => {
  const { page, close } = await open(browser);
  await page.clock.install();
  await page.goto(viewer.url);
  const row = (text) => page.getByRole("navigation", { name: "Sessions" }).getByRole("link").filter({ hasText: text });
  await row("before").waitFor();
  // What the list looks up by itself after its first answer is behind it.
  await page.clock.runFor(15_000);
  await endWorkers();
  await viewer.send("after", SESSION, [...pageWith([]), custom("end", 1_000)]);
  await until(async () => {
    await page.clock.runFor(20_000);
    return (await row("after").count()) > 0;
  }, "what is new is told again", 20_000);
  await close();
});

/** Ends all shared workers, as a crash does: without a word. */
async function endWorkers() {
  const session = await browser.newBrowserCDPSession();
  const workers = async () => (await session.send("Target.getTargets")).targetInfos.filter(({ type }) => type === "shared_worker");
  const found = await workers();
  assert.ok(found.length > 0, "there is one");
  for (const { targetId } of found) {
    const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression: "close()" } }) });
  }
  await until(async () => (await workers()).length === 0, "they are gone");
  await session.detach();
}
