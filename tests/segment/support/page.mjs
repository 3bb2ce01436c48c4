// A page of an Electron app, in the real Chromium: the package's preload script and main module, the packages from npm.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../../support/bundle.mjs";
import { App, IpcMain, openWindow } from "../../../bindings/node/test/electron/support/electron.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");

/** Bundles a module as an app does: a bundler that builds for the browser takes the package's browser side. */
const bundleForPage = (contents) =>
  bundle(contents, fileURLToPath(new URL("..", import.meta.url)), {
    platform: "browser",
    target: "es2022",
    // As bundlers that Segment's and Amplitude's libraries know define it.
    define: { "process.env.NODE_ENV": '"production"', global: "window" },
    logLevel: "error",
  });

/** What a page has before the snippet: `cookie`, and what else the document takes for granted. */
export const GLOBALS = 'import cookie from "js-cookie"; window.cookie = cookie;';

/** Opens a window of an app that captures everything for `viewer`, with these modules one after the other. */
export async function openApp(t, { browser, viewer, modules, options = {} }) {
  const folder = mkdtempSync(join(tmpdir(), "session-replay-segment-"));
  const [app, ipcMain] = [new App(folder), new IpcMain()];
  const wishes = viewer.options({ flushIntervalConfig: { minIntervalMs: 20, maxIntervalMs: 50 }, ...options });
  const attached = attach({ ipcMain, app, options: wishes });
  const context = await browser.newContext();
  // Chromium lets no page but a local one reach this machine; the test's servers stand for others.
  await context.route(/^http:\/\/127\.0\.0\.1:/, async (route) => route.fulfill({ response: await route.fetch() }));
  t.after(async () => {
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await context.close();
    attached.detach();
    await sessionReplay.shutdown(5_000);
    rmSync(folder, { recursive: true, force: true });
  });
  const scripts = await Promise.all(modules.map(bundleForPage));
  const html = `<!doctype html><title>Shop</title><h1>Shop</h1>${scripts.map((text) => `<script type="module">${text}</script>`).join("")}`;
  const window = await openWindow(context, ipcMain, app, { html });
  /** Another window of the app, of a partition of its own: it shares no storage with the first. */
  const openPartition = async () => {
    const partition = await browser.newContext();
    t.after(() => partition.close());
    await partition.route(/^http:\/\/127\.0\.0\.1:/, async (route) => route.fulfill({ response: await route.fetch() }));
    return openWindow(partition, ipcMain, app, { html });
  };
  const elsewhere = [];
  window.page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && !["127.0.0.1", "app.test"].includes(hostname)) elsewhere.push(request.url());
  });
  return { ...window, elsewhere, openPartition };
}
