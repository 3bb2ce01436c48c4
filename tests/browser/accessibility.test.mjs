// Everybody can use the viewer's page: axe-core finds nothing on any of its pages, light or dark, wide or narrow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings } from "../support/axe.mjs";
import { launch, open } from "../support/chromium.mjs";
import { PAGES, go, startPages } from "./pages.mjs";

const WIDTHS = [1440, 1024, 390];
const SCHEMES = ["light", "dark"];

let pages, browser;
before(async () => ([pages, browser] = await Promise.all([startPages(), launch()])));
after(async () => {
  await browser?.close();
  await pages?.stop();
});

for (const entry of PAGES) {
  test(`axe finds nothing: ${entry.name}`, { timeout: 120_000 }, async () => {
    const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 } });
    await go(page, pages, entry);
    /** Each finding once, with where it was found. */
    const found = {};
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        for (const finding of await findings(page)) (found[finding] ??= []).push(`${width} ${colorScheme}`);
      }
    }
    assert.deepEqual(found, {});
    await close();
  });
}
