// The viewer's pages, for tests that look at each of them: what is there, and how one gets to it. A new page, dialog or panel is one line of `PAGES`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SESSION, element, pageWith } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";

const DEVICE = "device-1";
/** Long enough that it cannot be mistaken for a short one, and that rows have to cut it. */
const LONG = "a-device-whose-name-is-as-long-as-names-of-machines-in-a-large-company-get-to-be-0123456789";

const at = (ms, type, data) => ({ type, timestamp: SESSION + ms, data });
const text = (id, textContent) => ({ type: 3, textContent, id });
const line = (ms, level, said) => at(ms, 6, { plugin: "rrweb/console@1", payload: { level, trace: ["app.js:1:2"], payload: [JSON.stringify(said)] } });
const request = (ms, status, url) =>
  at(ms, 5, { tag: "fetch-request", payload: { timestamp: SESSION + ms - 100, type: "fetch", method: "GET", url, duration: 100, status } });

/** A page with text, a link and a field, that is used for a minute. */
export const USED = [
  ...pageWith([
    element("h1", 10, [text(11, "Orders of today")]),
    element("p", 12, [text(13, "Select me, please: order 4711.")]),
    element("p", 14, [element("a", 15, [text(16, "To the shop")], { attributes: { href: "https://example.com/shop", id: "link" } })]),
    element("input", 17, [], { attributes: { type: "text", value: "typed", id: "field" } }),
    element("button", 18, [text(19, "Save")]),
  ]),
  at(1_000, 3, { source: 1, positions: [{ x: 40, y: 40, id: 18, timeOffset: 0 }] }),
  at(1_500, 3, { source: 2, type: 2, id: 18, x: 40, y: 40, pointerType: 0 }),
  line(2_000, "info", "order 4711 is open"),
  line(3_000, "error", "TypeError: it is not a function"),
  request(4_000, 200, "https://example.com/orders"),
  request(5_000, 500, "https://example.com/orders/4711"),
  line(40_000, "warn", "half of the stock is left"),
  at(60_000, 5, { tag: "end", payload: 1 }),
];

const click = { viewportWidth: 800, viewportHeight: 600, pageUrl: "http://page/", timestamp: SESSION, type: "click", x: 40, y: 40, selector: "#save", count: 3 };
const scene = () => readFileSync(join(project, "tests/fixtures/scenes/native-app.jsonl"), "utf8").split("\n").filter(Boolean);

/** A viewer with one session of each kind, and one with nothing. */
export async function startPages() {
  const [viewer, fresh] = await Promise.all([startViewer(), startViewer()]);
  await viewer.send(DEVICE, SESSION, USED);
  await viewer.sendInteractions(DEVICE, SESSION, [click]);
  await viewer.send("scene", SESSION, scene());
  await viewer.send("broken", SESSION, [USED[0]]);
  await viewer.send(LONG, SESSION + 1, USED);
  await fetch(`${viewer.url}/sessions/v2/track?device_id=${DEVICE}&session_id=${SESSION}&type=replay`, { method: "POST", body: "{" });
  return { viewer, fresh, stop: () => Promise.all([viewer.stop(), fresh.stop()]) };
}

const session = (device, query = "?t=6000") => `/sessions/${device}/${SESSION}${query}`;
/** The replay stands at its moment. */
const isDrawn = (page) => page.frameLocator(".replayer-wrapper iframe").locator("body > *").first().waitFor({ state: "attached" });
const pause = async (page) => {
  await isDrawn(page);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
};

/** `path`: its address; `ready`: does what leads there, and waits for it; `isFresh`: of a viewer that nothing was sent to. */
export const PAGES = [
  { name: "waiting for the first batch", path: "/", isFresh: true, ready: (page) => page.getByRole("heading", { name: "Waiting for the first batch" }).waitFor() },
  { name: "the list, and a refused request", path: "/", ready: (page) => page.getByRole("article").first().waitFor() },
  { name: "a session that plays", path: session(DEVICE), ready: isDrawn },
  { name: "a session, paused", path: session(DEVICE), ready: pause },
  { name: "a session whose panels are folded", path: session(DEVICE), ready: foldAll },
  { name: "an entry of the console", path: session(DEVICE), ready: openEntry },
  { name: "the requests", path: session(DEVICE), ready: openRequests },
  { name: "a heatmap", path: session(DEVICE), ready: openHeatmap },
  { name: "live", path: session("live", ""), prepare: (viewer) => viewer.send("live", SESSION, USED), ready: isDrawn },
  { name: "a scene of native windows", path: session("scene"), ready: isDrawn },
  { name: "a session that can't be played", path: session("broken"), ready: (page) => page.locator(".note").first().waitFor() },
  { name: "a session nobody has heard of", path: session("nobody"), ready: (page) => page.locator(".note").first().waitFor() },
  { name: "long names", path: `/sessions/${LONG}/${SESSION + 1}?t=6000`, ready: pause },
  { name: "the help", path: "/", ready: openHelp },
  { name: "a search that finds nothing", path: "/?q=nobody-has-this", ready: (page) => page.getByText("No session matches.", { exact: true }).waitFor() },
  { name: "how to search", path: "/", ready: openSearchHelp },
  { name: "an event as JSON", path: session(DEVICE), ready: openJson },
  { name: "why is there no replay of a session", path: `/why/${DEVICE}/${SESSION}`, ready: (page) => page.getByRole("heading", { level: 1 }).waitFor() },
  { name: "why is there no replay of a device that nobody has heard of", path: "/why/nobody", ready: (page) => page.getByRole("heading", { level: 1 }).waitFor() },
  { name: "what to delete", path: session(DEVICE), ready: openDeletion },
];

async function foldAll(page) {
  await pause(page);
  const open = page.getByRole("group", { name: "Panels" }).getByRole("button", { expanded: true });
  while ((await open.count()) > 0) await open.first().press("Enter");
}

async function openEntry(page) {
  await pause(page);
  await page.locator(".entry", { hasText: "TypeError" }).click();
  await page.getByRole("button", { name: "Close the entry" }).waitFor();
}

async function openRequests(page) {
  await pause(page);
  await page.getByRole("tab", { name: "Network" }).click();
  await page.locator(".entry", { hasText: "example.com" }).first().waitFor();
}

async function openHeatmap(page) {
  await pause(page);
  await page.locator(".heatmap-pages button").first().click();
  await page.locator("canvas.heatmap").waitFor({ state: "attached" });
}

async function openDeletion(page) {
  await pause(page);
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).waitFor();
}

async function openSearchHelp(page) {
  await page.getByRole("button", { name: "How to search" }).click();
  await page.getByRole("button", { name: "How to search", expanded: true }).waitFor();
}

async function openJson(page) {
  await pause(page);
  await page.getByText("Event as JSON").click();
  await page.locator("details[open] pre").waitFor();
}

async function openHelp(page) {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
}

/** Opens a page of the table. */
export async function go(page, { viewer, fresh }, { path, isFresh = false, prepare, ready }) {
  await prepare?.(viewer);
  await page.goto((isFresh ? fresh : viewer).url + path);
  await ready(page);
}
