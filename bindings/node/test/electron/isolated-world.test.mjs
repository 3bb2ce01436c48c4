// The preload script's world sees nothing of what the page's scripts call. What they do to shadow roots, style sheets and custom
// elements is recorded all the same: each page is played in Chromium as the preload script recorded it, and as the recorder of
// web views did, which runs in the page's own world. Both are to show what the page shows, in its document and its styles.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../../../../tests/support/bundle.mjs";
import { launch } from "../../../../tests/support/chromium.mjs";
import { startViewer } from "../../../../tests/support/viewer.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { open as openInWebView, script as webViewScript, withOptions } from "../../../web/test/support/page.mjs";
import { replay } from "../../../web/test/support/replay.mjs";
import { App, IpcMain, openWindow } from "./support/electron.mjs";
import { PAGES } from "./pages/page-world.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const SESSION = 1732500000000;
let folder, viewer, browser, context, litApp;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-worlds-"));
  viewer = await startViewer("--data", join(folder, "viewer"));
  browser = await launch();
  context = await browser.newContext();
  litApp = await bundle(`export * from "lit"`, new URL(".", import.meta.url).pathname, { format: "iife", globalName: "lit" });
});

after(async () => {
  await sessionReplay.shutdown(0);
  await browser?.close();
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const htmlOf = ({ html = "" }) => `<!doctype html><title>Worlds</title>${html}`;

/** Runs the page's steps, one after the other, and then a text that is the last thing to arrive. */
async function use(page, { act, usesLit }) {
  if (usesLit) await page.evaluate(`${litApp}; globalThis.lit = lit`);
  await page.evaluate(act);
  await page.waitForTimeout(300);
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("p"), { textContent: "the end" })));
}

/** Runs in the page, or in its replay: what is shown, with the styles of each element. */
function look(shown) {
  const STYLES = ["color", "backgroundColor", "display", "visibility", "fontSize", "width", "borderTopWidth"];
  const UNSEEN = ["script", "style", "link", "meta", "title", "noscript"];
  const describe = (node) => {
    if (node.nodeType === 3) return node.data.trim() || [];
    if (node.nodeType !== 1 || UNSEEN.includes(node.localName)) return [];
    const styles = node.ownerDocument.defaultView.getComputedStyle(node);
    const modal = node.localName === "dialog" && node.matches(":modal") ? " modal" : "";
    const framed = node.contentDocument?.body;
    return [
      [
        `${node.localName}${modal}: ${STYLES.map((name) => styles[name]).join(" ")}`,
        ...(framed ? [["#frame", ...children(framed)]] : []),
        ...(node.shadowRoot ? [["#shadow", ...children(node.shadowRoot)]] : []),
        ...children(node),
      ],
    ];
  };
  const children = (node) => [...node.childNodes].flatMap(describe);
  return children(shown.body);
}

/** Plays the events one after the other. The player's way of passing over many at once mixes up the order of sheets. */
const played = (events) => replay(browser, events.map((event, i) => ({ ...event, timestamp: SESSION + i * 20 })), look, { inSteps: true });

/** What the page shows, and its replay, recorded in a world of our own. */
async function inElectron(t, name, scene) {
  const app = new App(join(folder, name));
  const ipcMain = new IpcMain();
  const options = viewer.options({ deviceId: name, sessionId: SESSION, flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 } });
  const attached = attach({ ipcMain, app, apiKey: "key", options });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  const { page, errors, close } = await openWindow(context, ipcMain, app, { html: htmlOf(scene) });
  const arrived = (test) => until(async () => {
    const events = await viewer.events(name, SESSION);
    return test(events) && events;
  }, `the events of ${name} arrive`);
  await arrived((events) => events.some(({ type }) => type === 2));
  await use(page, scene);
  const events = await arrived((events) => JSON.stringify(events).includes("the end"));
  const seen = await page.evaluate(`(${look})(document)`);
  assert.deepEqual(errors, []);
  await close();
  return { events, seen, replayed: await played(events) };
}

/** The replay, recorded in the page's world. */
async function inWebView(scene) {
  const view = await openInWebView(browser, htmlOf(scene), [withOptions({}), webViewScript]);
  await until(() => view.events().some(({ type }) => type === 2), "the first full snapshot");
  await use(view.page, scene);
  await until(() => JSON.stringify(view.events()).includes("the end"), "the end");
  const events = view.events();
  await view.close();
  return { events, replayed: await played(events) };
}

for (const [name, scene] of Object.entries(PAGES)) {
  test(`recorded in a world of its own: ${name}`, { timeout: 120_000 }, async (t) => {
    const { events, seen, replayed } = await inElectron(t, name.replace(/\W+/g, "-"), scene);
    assert.deepEqual(replayed, seen);
    const web = await inWebView(scene);
    if (scene.onlyHere) assert.notDeepEqual(web.replayed, seen);
    else assert.deepEqual(web.replayed, seen);
    const snapshots = events.filter(({ type }) => type === 2).length;
    assert.equal(snapshots, scene.snapshots ?? 1);
  });
}
