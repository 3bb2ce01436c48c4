// An app's own preload script that imports ours, built by each tool as docs/guide/electron.md says: one file that a sandboxed
// window can load, in which both scripts run. It runs in the real Chromium, and what it records reaches the real viewer.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, IpcMain, openWindow } from "../../../bindings/node/test/electron/support/electron.mjs";
import { launch } from "../../support/chromium.mjs";
import { project } from "../../support/paths.mjs";
import { startViewer } from "../../support/viewer.mjs";
import { until } from "../../support/waiting.mjs";
import { SCRIPTS, makeApp, packPackage } from "./support/app.mjs";
import { problemOf } from "./support/check.mjs";
import { ROWS } from "./support/tools.mjs";

const require = createRequire(join(project, "bindings/node/package.json"));
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const SESSION = 1732500000000;
const results = [];
let folder, viewer, browser, context, app, ipcMain, attached;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-preload-"));
  await packPackage();
  viewer = await startViewer("--data", join(folder, "viewer"));
  browser = await launch();
  context = await browser.newContext();
  app = new App(join(folder, "user-data"));
  ipcMain = new IpcMain();
  const flushIntervalConfig = { minIntervalMs: 50, maxIntervalMs: 200 };
  const options = viewer.options({ deviceId: "preload", sessionId: SESSION, flushIntervalConfig });
  attached = attach({ ipcMain, app, apiKey: "key", options, ownPreload: true });
});

after(async () => {
  attached?.detach();
  await sessionReplay.shutdown(0);
  await browser?.close();
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
  console.table(results);
});

/** What a sandboxed window makes of a preload script: "ok", once the app's own part works and what ours recorded arrived. */
async function resultInWindow(text, mark) {
  const html = `<!doctype html><title>Shop</title><p>${mark}</p>`;
  const { page, errors, close } = await openWindow(context, ipcMain, app, { html, preloads: [text] });
  const isRecorded = async () => JSON.stringify(await viewer.events("preload", SESSION)).includes(mark);
  try {
    await until(async () => errors.length > 0 || (await isRecorded()), `${mark} arrives`);
    if (errors.length > 0) return /can't (require [\w/-]+)/.exec(errors[0])?.[1].replace("require", "requires") ?? errors[0];
    return (await page.evaluate(() => window.shop.name())) === "My Shop" ? "ok" : "the app's own part does not run";
  } finally {
    await close();
  }
}

async function resultOf(row, kind, mark) {
  const folder = makeApp(row.files(SCRIPTS[kind]), row.manifest);
  await row.build(folder);
  const problem = problemOf(join(folder, row.folder), row.outputs);
  if (problem) return problem;
  for (const [index, name] of row.outputs.entries()) {
    const result = await resultInWindow(readFileSync(join(folder, row.folder, name), "utf8"), `${mark}-${index}`);
    if (result !== "ok") return result;
  }
  return "ok";
}

for (const [index, row] of ROWS.entries()) {
  for (const kind of row.kinds ?? ["import", "require"]) {
    test(`${row.tool}, config: ${row.config}, ${kind}`, async () => {
      const result = await resultOf(row, kind, `row-${index}-${kind}`).catch((error) => `fails: ${error.message}`);
      results.push({ tool: row.tool, config: row.config, script: kind, result });
      const expected = (kind === "require" ? row.expectedOfRequire : undefined) ?? row.expected;
      assert.equal(result.startsWith("several files") ? "several files" : result, expected);
    });
  }
}
