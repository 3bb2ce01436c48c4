// Makes the pictures of docs/guide/viewer.md: `npm run guide-pictures`, all of them or those that are named. They are WebP, which Chromium itself writes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launch, open } from "../support/chromium.mjs";
import { project } from "../support/paths.mjs";
import { read } from "../support/recordings.mjs";
import { startViewer } from "../support/viewer.mjs";

const MAX_BYTES = 120_000;
const MINUTE = 60_000;
const now = Date.now();

/** Letters that machines without more fonts draw as boxes. */
const NO_FONT = /( · )?[\u0600-\u06ff\u3000-\u9fff\uac00-\ud7af]+|\p{Emoji_Presentation}/gu;
/** Only what was sent so lately is live. */
const LIVE_MS = 16_000;

/** A recording as if it had begun so long ago, with what its page's console and network said. */
function recorded(name, ago, more = []) {
  const events = JSON.parse(JSON.stringify(read(name)).replace(NO_FONT, ""));
  const shift = now - ago - events[0].timestamp;
  const said = more.map(([ms, type, data]) => ({ type, timestamp: now - ago + ms, data }));
  return [...events.map(({ type, timestamp, data }) => ({ type, timestamp: timestamp + shift, data })), ...said].sort((a, b) => a.timestamp - b.timestamp);
}
const error = (ms, said) => [ms, 6, { plugin: "rrweb/console@1", payload: { level: "error", trace: ["settings.js:41:9"], payload: [JSON.stringify(said)] } }];
const request = (ms, status, url) => [ms, 5, { tag: "fetch-request", payload: { timestamp: now - 90 * MINUTE + ms - 180, type: "fetch", method: "PUT", url, duration: 180, status } }];

const FAILED = [request(4_800, 503, "https://api.example.com/settings"), error(5_000, "TypeError: settings is undefined")];
const STORY = ["anna-laptop", now - 90 * MINUTE];

/** Each: its file's name, what leads there, and what waits until it stands. */
const PICTURES = {
  "viewer-list": async (page, url) => {
    await page.goto(url);
    await page.getByRole("searchbox", { name: /search/i }).fill("has:errors");
    await page.getByText("ben-desktop").waitFor({ state: "detached" });
  },
  "viewer-story": async (page, url) => {
    await page.goto(`${url}/sessions/${STORY.join("/")}?t=5200`);
    await drawn(page);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
  },
  "viewer-live": async (page, url, viewer) => {
    const session = now + 1;
    await viewer.send("kiosk-3", session, recorded("live-table", 9_000));
    await page.goto(`${url}/sessions/kiosk-3/${session}`);
    await drawn(page);
  },
  "viewer-share": async (page, url) => {
    await page.goto(`${url}/sessions/${STORY.join("/")}?t=5200`);
    await drawn(page);
    await page.keyboard.press(" ");
    await page.keyboard.press("s");
    await page.getByRole("button", { name: "Copy link to this moment" }).waitFor();
  },
  "viewer-why": async (page, url) => {
    await page.goto(`${url}/why/ben-desktop`);
    await page.getByRole("list", { name: "Checks" }).waitFor();
  },
};

const drawn = async (page) => {
  await page.frameLocator(".replayer-wrapper iframe").locator("body > *").first().waitFor({ state: "attached" });
  await page.waitForTimeout(400);
};

/** As small as it has to be. */
async function webp(page, png) {
  for (const quality of [0.9, 0.8, 0.7, 0.6, 0.5]) {
    const address = await page.evaluate(
      async ([source, quality]) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.width, image.height];
        canvas.getContext("2d").drawImage(image, 0, 0);
        return canvas.toDataURL("image/webp", quality);
      },
      [`data:image/png;base64,${png.toString("base64")}`, quality],
    );
    const picture = Buffer.from(address.slice(address.indexOf(",") + 1), "base64");
    if (picture.length <= MAX_BYTES) return picture;
  }
  throw new Error("it does not fit");
}

const viewer = await startViewer();
const browser = await launch();
try {
  await viewer.send("ben-desktop", now - 26 * 60 * MINUTE, recorded("rich-text", 26 * 60 * MINUTE).slice(0, 1));
  await viewer.send("clara-phone", now - 200 * MINUTE, recorded("rich-text", 200 * MINUTE));
  await viewer.send(...STORY, recorded("form-unicode", 90 * MINUTE, FAILED));
  await viewer.send("kiosk-3", now - 30 * MINUTE, recorded("live-table", 30 * MINUTE));
  await sleep(LIVE_MS);
  const wanted = process.argv.slice(2);
  for (const [name, make] of Object.entries(PICTURES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const { page, close } = await open(browser, { viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
    await make(page, viewer.url, viewer);
    await page.waitForTimeout(600);
    const picture = await webp(page, await page.screenshot());
    writeFileSync(join(project, `docs/images/${name}.webp`), picture);
    console.log(`docs/images/${name}.webp: ${picture.length} bytes`);
    await close();
  }
} finally {
  await browser.close();
  await viewer.stop();
}
