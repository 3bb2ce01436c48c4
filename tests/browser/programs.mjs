// The real viewer and the real C host.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const built = join(process.env.CARGO_TARGET_DIR ?? join(project, "target"), process.env.SR_PROFILE ?? "debug");

/** Starts the viewer on a free port. */
export async function startViewer() {
  const program = join(built, "session-replay-viewer");
  if (!existsSync(program)) throw new Error(`${program} is not there: run \`cargo build --workspace\``);
  const child = spawn(program, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (status) => reject(new Error(`the viewer ended with status ${status}`)));
    child.stdout.on("data", (text) => {
      const address = /listening on (\S+)/.exec(text);
      if (address) resolve(address[1]);
    });
  });
  return { url, stop: () => child.kill() };
}

/** Builds the C host, and runs it with the arguments it is given. */
export function buildHost() {
  const folder = mkdtempSync(join(tmpdir(), "session-replay-host-"));
  const program = join(folder, "replay");
  const sources = ["replay.c", "recording.c"].map((file) => join(project, "examples/c", file));
  const library = ["-I", join(project, "include"), `-L${built}`, "-lsession_replay", `-Wl,-rpath,${built}`];
  execFileSync(process.env.CC ?? "cc", ["-std=c99", "-pthread", ...sources, ...library, "-o", program], { stdio: "inherit" });
  return {
    run: (args) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
        child.on("error", reject);
        child.on("exit", (status) => (status === 0 ? resolve() : reject(new Error(`the C host ended with status ${status}`))));
      }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
