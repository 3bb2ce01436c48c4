// Makes the README's picture: `npm run picture`.
import { join } from "node:path";
import { buildHost } from "../support/c-host.mjs";
import { launch, open } from "../support/chromium.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";

const viewer = await startViewer();
const host = buildHost();
const browser = await launch();
try {
  const session = Date.now();
  for (const device of ["form-unicode", "rich-text", "live-table"]) {
    await host.replay(device, { viewer, session, more: ["--speed", "0"] });
  }
  const { page } = await open(browser, { deviceScaleFactor: 1.5, viewport: { width: 1280, height: 760 } });
  await page.goto(`${viewer.url}/sessions/live-table/${session}?t=3000`);
  await page.getByRole("slider", { name: "Time" }).waitFor();
  await page.waitForTimeout(1_000);
  await page.screenshot({ path: join(project, "docs/images/replay.png") });
} finally {
  await browser.close();
  host.remove();
  await viewer.stop();
}
