// What the tests of a file share while they run: a viewer, a browser, and a folder for what they store. Each file is a process.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { launch } from "../../../../../tests/support/chromium.mjs";
import { startViewer } from "../../../../../tests/support/viewer.mjs";

const sessionReplay = createRequire(import.meta.url)("session-replay-native");

export let folder, viewer, browser, context;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-electron-"));
  viewer = await startViewer("--data", join(folder, "viewer"));
  browser = await launch();
  context = await browser.newContext();
});

after(async () => {
  await sessionReplay.shutdown(0);
  await browser?.close();
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});
