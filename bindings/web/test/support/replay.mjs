// rrweb's own player, of the recorder's version: what a recording shows in the end.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const player = readFileSync(require.resolve("rrweb").replace(/dist\/.*/, "dist/rrweb.umd.cjs"), "utf8");

/**
 * Plays the events to their end; `look` runs in the player's page and is given the document of the replay. `inSteps`: one after
 * the other, not as the player jumps to a time; the rest are options of the player.
 */
export async function replay(browser, events, look, { inSteps = false, ...options } = {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/*", (route) =>
    route.request().url() === "https://replay.example/"
      ? route.fulfill({ contentType: "text/html", body: "<!doctype html><body></body>" })
      : route.abort(),
  );
  await page.goto("https://replay.example/");
  await page.addScriptTag({ content: player });
  const play = async ({ events, inSteps, options }) => {
    const settings = { root: document.body, mouseTail: false, showWarning: false, ...options };
    const replayer = new rrweb.Replayer(events, settings);
    const times = events.map(({ timestamp }) => timestamp - events[0].timestamp + 1);
    for (const time of inSteps ? times : times.slice(-1)) replayer.pause(time);
    await new Promise((resolve) => setTimeout(resolve, 300));
  };
  await page.evaluate(play, { events, inSteps, options });
  const seen = await page.evaluate(`(${look})(document.querySelector("iframe").contentDocument)`);
  await context.close();
  return seen;
}
