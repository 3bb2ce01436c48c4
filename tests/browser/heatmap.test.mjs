// The viewer's page draws clicks over the replay, where the page was clicked, and how far down it was seen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "../support/chromium.mjs";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";

const DEVICE = "device-1";
const PAGE = { viewportWidth: 800, viewportHeight: 600, pageUrl: "http://page/", timestamp: SESSION };
const click = (x, y, count = 1, more = {}) => ({ x, y, selector: "#a", ...PAGE, type: "click", count, ...more });
const scroll = (depth) => ({ maxScrollX: 0, maxScrollY: depth - 600, maxScrollWidth: 800, maxScrollHeight: depth, ...PAGE, type: "scroll" });

let viewer, browser;
before(async () => {
  [viewer, browser] = await Promise.all([startViewer(), launch()]);
});
after(async () => {
  await browser?.close();
  await viewer?.stop();
});

async function show(session) {
  const opened = await open(browser, { viewport: { width: 1500, height: 900 } });
  await opened.page.goto(`${viewer.url}/sessions/${DEVICE}/${session}?t=900`);
  await opened.page.locator(".replayer-wrapper iframe").waitFor({ state: "attached" });
  return opened;
}

/** The alpha that is drawn at a place of the replayed page's window. */
const alphaAt = (page, x, y) =>
  page.evaluate(([x, y]) => {
    const canvas = document.querySelector("canvas.heatmap");
    return canvas?.width > x ? canvas.getContext("2d").getImageData(x, y, 1, 1).data[3] : -1;
  }, [x, y]);

const change = (n, data) => ({ type: 3, timestamp: SESSION + n, data });

test("clicks are drawn where they were made, wherever the page is scrolled to", async () => {
  // A page of 3,000 pixels, scrolled by 400 at its end.
  const events = [
    ...pageWith([element("div", 5, [], { attributes: { style: "height:3000px" } })]),
    change(500, { source: 3, id: 1, x: 0, y: 400 }),
    change(1_000, { source: 1, positions: [] }),
  ];
  await viewer.send(DEVICE, SESSION, events);
  await viewer.sendInteractions(DEVICE, SESSION, [
    click(100, 500, 5),
    click(300, 450),
    click(9, 9, 1, { pageUrl: "http://other/" }),
    scroll(700),
    scroll(900),
    scroll(2_000),
  ]);
  const { page, notes, close } = await show(SESSION);
  const rows = page.locator(".heatmap-pages button");
  await rows.first().waitFor();
  assert.deepEqual(await rows.allTextContents(), [
    "http://page/6 clicks · seen to 900 px · 800 × 600",
    "http://other/1 click · 800 × 600",
  ]);
  assert.equal(await page.locator("canvas.heatmap").count(), 0, "nothing before it is asked for");
  await rows.first().click();
  await until(async () => (await alphaAt(page, 100, 100)) > 0, "the click at 500 is 100 below the top", 15_000);
  assert.ok((await alphaAt(page, 300, 50)) > 0, "a single click is seen beside many");
  assert.equal(await alphaAt(page, 600, 300), 0, "nothing where nobody clicked");
  assert.equal(await page.locator(".heatmap-fold").evaluate((fold) => fold.style.top), "500px");
  // Its page is not in the replay: it is drawn over whatever there is.
  await rows.nth(1).click();
  await until(async () => (await alphaAt(page, 100, 100)) <= 0, "the other page's", 15_000);
  await rows.nth(1).click();
  await until(async () => (await page.locator("canvas.heatmap").count()) === 0, "nothing again", 15_000);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
});

test("another page of the replay is not drawn over, and a session without clicks has no heatmap", async () => {
  const session = SESSION + 1;
  const events = [
    ...pageWith([]),
    { type: 4, timestamp: SESSION + 600, data: { href: "http://second/", width: 800, height: 600 } },
    change(1_000, { source: 1, positions: [] }),
  ];
  await viewer.send(DEVICE, session, events);
  const opened = await show(session);
  await opened.page.locator(".facts").waitFor();
  assert.equal(await opened.page.locator(".heatmaps").isVisible(), false);
  // It is found when something else of the session arrives.
  await viewer.sendInteractions(DEVICE, session, [click(100, 100), click(50, 50, 1, { pageUrl: "http://second/" })]);
  await opened.page.locator(".heatmap-pages button").first().waitFor();
  await opened.page.locator('button[data-page$="http://page/"]').click();
  await opened.page.waitForTimeout(500);
  assert.equal(await opened.page.locator("canvas.heatmap").count(), 0, "the second page is shown now");
  await opened.page.locator('button[data-page$="http://second/"]').click();
  await until(async () => (await alphaAt(opened.page, 50, 50)) > 0, "its own", 15_000);
  await opened.page.getByLabel("of all sessions").check();
  await until(async () => (await opened.page.locator(".heatmap-pages button").count()) === 3, "those of the other session too", 15_000);
  await opened.close();
});
