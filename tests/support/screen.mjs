// An X server without a screen, and a window manager for those who ask.
import { start } from "./children.mjs";
import { until } from "./waiting.mjs";

/** Starts Xvfb on a display that is free; with `manager`, a window manager on it. */
export async function startScreen({ size = "1024x768", manager } = {}) {
  const args = ["-displayfd", "1", "-screen", "0", `${size}x24`, "-nolisten", "tcp"];
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
    stop() {
      other?.child.kill();
      server.child.kill();
    },
  };
}
