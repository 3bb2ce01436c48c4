// All that a test of a native app needs: a screen to run it on, the viewer to record into, Chromium to play the replay.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./chromium.mjs";
import { startScreen } from "./screen.mjs";
import { startViewer } from "./viewer.mjs";

/** Starts all of it, and makes a folder that is removed at its end. `size` and `manager` are those of `startScreen`. */
export async function startDesk({ size, manager = "openbox" } = {}) {
  const parts = await Promise.allSettled([startScreen({ size, manager }), startViewer(), launch()]);
  const [screen, viewer, browser] = parts.map(({ value }) => value);
  const folder = mkdtempSync(join(tmpdir(), "session-replay-desk-"));
  const stop = async () => {
    await browser?.close();
    await viewer?.stop();
    screen?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const failed = parts.find(({ status }) => status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  /** The environment of a program on that screen. */
  const environment = (more = {}) => ({ ...process.env, DISPLAY: screen.display, ...more });
  return { screen, viewer, browser, folder, environment, stop };
}
