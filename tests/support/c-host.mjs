// C and C++ programs against the library that cargo built, and the C host of examples/c.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { start } from "./children.mjs";
import { built, project } from "./paths.mjs";
import { recordingPath } from "./recordings.mjs";

/**
 * Compiles sources, given relative to the project, to `program`, and links them with the library in the folder `library`.
 * `flags` go before the sources, `libraries` after them.
 */
export function compile(sources, program, { library = built, flags = [], libraries = ["-lsession_replay"] } = {}) {
  const [compiler, standard] = sources.some((source) => source.endsWith(".cpp")) ? [process.env.CXX ?? "c++", "-std=c++17"] : [process.env.CC ?? "cc", "-std=c99"];
  mkdirSync(dirname(program), { recursive: true });
  const args = [standard, "-pthread", ...flags, "-Iinclude", ...sources, "-o", program, "-L", library, `-Wl,-rpath,${library}`, ...libraries];
  execFileSync(compiler, args, { cwd: project, stdio: "inherit" });
  return program;
}

/** Builds the C host, by default into a folder of its own; `remove` removes what was made. */
export function buildHost({ into, library = built } = {}) {
  const folder = into ?? mkdtempSync(join(tmpdir(), "session-replay-host-"));
  const program = compile(["examples/c/replay.c", "examples/c/recording.c"], join(folder, "replay"), { library });
  return {
    /** Replays a recording into the viewer as `device`, from this session on; what sr_stats() said at the end. */
    async replay(name, { viewer, device = name, session, more = [] }) {
      const args = [recordingPath(name), "--server", viewer.url, "--device", device, "--session", String(session), ...more];
      const { status, output } = await start(program, args, { stdio: ["ignore", "pipe", "inherit"] }).ended;
      if (status !== 0) throw new Error(`replaying ${name} ended with status ${status}\n${output}`);
      return JSON.parse(output);
    },
    remove: () => rmSync(into ? program : folder, { recursive: true }),
  };
}
