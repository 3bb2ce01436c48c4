// What a stock player shows of a scene at one moment of it.
import assert from "node:assert/strict";
import { open } from "./chromium.mjs";
import { SESSION } from "./events.mjs";
import { duration } from "./recordings.mjs";

/** The player's document as large as it was, whatever room there is, and without its pointer. */
export const AS_LARGE_AS_IT_WAS = `
  .replayer-wrapper { position: fixed !important; inset: 0 auto auto 0 !important; transform: none !important; z-index: 1000000; background: #fff }
  .replayer-mouse, .replayer-mouse-tail { display: none !important }
  .rr-player, .rr-player__frame { overflow: visible !important; transform: none !important }`;

/** Whether an event is the custom one that says this moment's name: `sr_record_custom("moment", "\"start\"")`. */
export const isMoment = (name) => (event) => event.type === 5 && event.data.payload === name;

/** Until the viewer's page, opened at a session's end or behind it, has sought that end. More may be recorded meanwhile. */
export const untilItsEnd = (page) =>
  page.waitForFunction(() => {
    const [shown, end] = (document.querySelector(".controls .time")?.textContent ?? "").split(" / ");
    const isSought = end !== undefined && (shown === end || shown !== "0:00.0");
    return isSought && document.querySelector(".controls .said").textContent === "";
  }, undefined, { timeout: 60_000 });

/**
 * Plays a recording up to the meant event, as the viewer's device `name`, and answers with
 * - `windows`, from the back to the front; those in another come behind it, with `depth` 1 and more:
 *   - `title`, `null` without a title bar; `place`: `[x, y, width, height]` on the desk; `isShown`
 *   - `texts` of nodes that are no fields; `values` of those that are; `covered`: texts that something else lies over
 *   - `page`: what is read in its page, if it has one
 * - `picture`: a PNG of the desk, pixel by pixel
 * - `page`: Chromium's, for more questions; `close()` closes it.
 * What the player complains about, or loads from elsewhere, fails the test.
 */
export async function replayedAt({ viewer, browser }, name, events, isMeant) {
  const soFar = events.slice(0, events.findIndex(isMeant) + 1);
  assert.notEqual(soFar.length, 0, `${name}: the moment was recorded`);
  await viewer.send(name, SESSION, soFar);
  const { width, height } = soFar.findLast(({ type }) => type === 4).data;
  const viewport = { width: Math.max(1280, Math.ceil(width)), height: Math.max(800, Math.ceil(height)) };
  const { page, notes, close } = await open(browser, { viewport });
  await page.goto(`${viewer.url}/sessions/${name}/${SESSION}?t=${duration(soFar)}`);
  const outer = page.frameLocator(".replayer-wrapper iframe");
  await outer.locator(".w").first().waitFor({ state: "attached", timeout: 30_000 });
  await untilItsEnd(page);
  await page.waitForTimeout(500);
  await page.addStyleTag({ content: AS_LARGE_AS_IT_WAS });
  const decode = (body) => Promise.all([...body.querySelectorAll("img")].map((image) => image.decode()));
  await outer.locator("body").evaluate(decode);
  const windows = await outer.locator("body").evaluate(look);
  const picture = await page.locator(".replayer-wrapper").screenshot();
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  return { windows, picture, page, close };
}

/** Runs in the page: what is seen of each window. */
function look(body) {
  const text = (element) => element.textContent;
  /** Those of a window, and not of one that lies in it. */
  const own = (window, selector) => [...window.querySelectorAll(selector)].filter((node) => node.closest(".w") === window);
  /** Whether another node of its window that is not transparent lies over a node's text. */
  const isCovered = (node) => {
    if (!node.textContent || node.style.clipPath || node.style.display === "none") return false;
    const { left, top, width, height } = node.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    return hit && !node.contains(hit) && node.closest(".w").contains(hit) && getComputedStyle(hit).backgroundColor !== "rgba(0, 0, 0, 0)";
  };
  const describe = (window, depth) => {
    const [bar] = own(window, ".b");
    const texts = own(window, ".c > :not(input, textarea, iframe)");
    const box = window.getBoundingClientRect();
    const seen = {
      title: bar.style.display === "none" ? null : bar.textContent,
      depth,
      isShown: window.style.display !== "none",
      texts: texts.map(text).filter(Boolean),
      values: own(window, "input, textarea").map((input) => (/^(checkbox|radio)$/.test(input.type) ? input.checked : input.value)),
      selected: own(window, ".c > .s").map(text),
      place: [box.left, box.top, box.width, box.height].map(Math.round),
      covered: texts.filter(isCovered).map(text),
      page: own(window, "iframe").map((frame) => frame.contentDocument.body.innerText.replace(/\s+/g, " ").trim())[0],
    };
    return [seen, ...inside(window, depth + 1)];
  };
  const inside = (parent, depth) =>
    [...parent.querySelectorAll(".w")]
      .filter((window) => window.parentElement.closest(".w, body") === parent)
      .sort((a, b) => a.style.zIndex - b.style.zIndex)
      .flatMap((window) => describe(window, depth));
  return inside(body, 0);
}
