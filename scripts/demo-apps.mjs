// What `make demo` shows beside pages: native apps, used by a script, each recorded while it runs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../tests/support/c-host.mjs";
import { command } from "../tests/support/children.mjs";
import { buildWithCMake, hasPackages } from "../tests/support/cmake.mjs";
import { onPath, project } from "../tests/support/paths.mjs";
import { startScreen } from "../tests/support/screen.mjs";

/** Milliseconds that each step of the C app takes: as a person would use it. */
const PACE = 700;

/** The app of examples/c/views.c: its own renderer, pixels and a web view. It needs nothing but a C compiler. */
export function cApp(library) {
  const program = compile(["examples/c/views.c"], join(project, "build/views"), { library });
  return {
    name: "in C, with a renderer of its own",
    device: "native-app",
    run: (viewer, session) => command(program, [viewer.url, String(session), String(PACE)]),
  };
}

/** The app of examples/qt, on a screen of its own or on that of this machine; or why there is none. */
export function qtApp(library) {
  const version = [6, 5].find((version) => hasPackages(`Qt${version}Widgets`, `Qt${version}Test`));
  const hasXvfb = onPath("Xvfb") && onPath("openbox");
  const missing = [
    version ? null : "Qt's development packages",
    onPath("cmake") ? null : "CMake",
    hasXvfb || process.env.DISPLAY ? null : "a screen or Xvfb with openbox",
  ].filter(Boolean);
  if (missing.length > 0) return { missing: missing.join(", ") };
  return {
    name: `with Qt ${version}'s widgets`,
    device: "qt-app",
    async run(viewer, session) {
      const options = ["-DSR_SANITIZE=OFF", `-DSESSION_REPLAY_QT=Qt${version}`];
      const programs = await buildWithCMake("tests/qt", `demo-qt${version}`, options, library);
      const screen = hasXvfb ? await startScreen({ manager: "openbox" }) : { display: process.env.DISPLAY, stop() {} };
      const folder = mkdtempSync(join(tmpdir(), "session-replay-demo-"));
      try {
        const env = { ...process.env, DISPLAY: screen.display, QT_QPA_PLATFORM: "xcb", QT_QPA_PLATFORMTHEME: "" };
        await command(join(programs, "drive"), [viewer.url, String(session), folder, "correct-horse-battery"], { env });
      } finally {
        screen.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
