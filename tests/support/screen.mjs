// An X server without a screen, and a window manager for those who ask.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "./children.mjs";
import { screenshot } from "./screenshot.mjs";
import { until } from "./waiting.mjs";

/** Starts Xvfb on a display that is free; with `manager`, a window manager on it. `screenshot()` is a PNG of what it shows. */
export async function startScreen({ size = "1024x768", manager } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "session-replay-screen-"));
  const args = ["-displayfd", "1", "-screen", "0", `${size}x24`, "-nolisten", "tcp", "-fbdir", folder];
  const server = start("Xvfb", args, { stdio: ["ignore", "pipe", "ignore"] });
  const failed = server.ended.then(
    ({ status }) => Promise.reject(new Error(`Xvfb ended with status ${status}`)),
    (error) => Promise.reject(new Error(`Xvfb does not start (${error.message}): \`make tools\` installs it`)),
  );
  const number = await Promise.race([until(() => /(\d+)\n/.exec(server.output)?.[1], "Xvfb says its display"), failed]);
  failed.catch(() => {}); // It is ended later.
  const display = `:${number}`;
  const other = manager && start(manager, [], { env: { ...process.env, DISPLAY: display }, stdio: "ignore" });
  other?.ended.catch(() => {});
  return {
    display,
    screenshot: () => screenshot(join(folder, "Xvfb_screen0")),
    stop() {
      other?.child.kill();
      server.child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
