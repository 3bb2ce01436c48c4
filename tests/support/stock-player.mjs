// rrweb-player as npm has it, without anything of this project around it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "./chromium.mjs";
import { project } from "./paths.mjs";
import { duration } from "./recordings.mjs";
import { AS_LARGE_AS_IT_WAS } from "./replayed.mjs";

const dist = join(project, "viewer/web/node_modules/rrweb-player/dist");

/** A picture of the end of a recording as the stock player shows it, pixel by pixel. Its warnings fail the test. */
export async function stockPicture(browser, events) {
  const { page, notes, close } = await open(browser, { viewport: { width: 1600, height: 1100 } });
  const warnings = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  await page.setContent(`<!doctype html><style>${readFileSync(join(dist, "style.css"), "utf8")}</style><body>`);
  await page.addScriptTag({ content: readFileSync(join(dist, "rrweb-player.umd.min.cjs"), "utf8") });
  await page.evaluate(
    async ([events, end]) => {
      const Player = window.rrwebPlayer.default ?? window.rrwebPlayer.Player ?? window.rrwebPlayer;
      const player = new Player({ target: document.body, props: { events, autoPlay: false, showController: false, width: 1200, height: 800 } });
      // It draws its first snapshot a moment later.
      await new Promise((done) => setTimeout(done, 100));
      player.goto(end, false);
    },
    [events, duration(events)],
  );
  await page.addStyleTag({ content: AS_LARGE_AS_IT_WAS });
  const outer = page.frameLocator(".replayer-wrapper iframe");
  await outer.locator(".w").first().waitFor({ state: "attached", timeout: 30_000 });
  await outer.locator("body").evaluate((body) => Promise.all([...body.querySelectorAll("img")].map((image) => image.decode())));
  await page.waitForTimeout(300);
  const picture = await page.locator(".replayer-wrapper").screenshot();
  assert.deepEqual({ ...notes, warnings }, { elsewhere: [], errors: [], warnings: [] });
  await close();
  return picture;
}
