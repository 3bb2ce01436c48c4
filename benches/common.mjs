// What all parts of the bench share: where things are, a server that takes everything, C programs, medians and tables.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../tests/support/c-host.mjs";
import { start } from "../tests/support/children.mjs";
import { builtWith, project } from "../tests/support/paths.mjs";
import { serve } from "../tests/support/servers.mjs";

export { project };
export const release = builtWith("release");
export const quick = process.argv.includes("--quick");
export const folder = mkdtempSync(join(tmpdir(), "session-replay-bench-"));

/** Takes every body and keeps none. */
const server = await serve((request, response) => {
  request.resume();
  request.on("end", () => response.end("{}"));
});
export const alive = `${server.url}/`;
/** Takes every body and never answers: what waits stays as it is. */
const silentServer = await serve((request) => request.resume());
export const silent = `${silentServer.url}/`;
export const dead = "http://127.0.0.1:9/";

export function cleanUp() {
  void server.stop();
  void silentServer.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Compiles one of the programs in benches/c; its path. */
export function build(source, libraries = ["-lsession_replay"]) {
  const program = join(folder, source.replace(/\.[a-z]+$/, ""));
  const flags = source.endsWith(".cpp") ? ["-O2"] : ["-O2", "-std=gnu11"];
  return compile([`benches/c/${source}`], program, { library: release, flags, libraries });
}

/** Compiles a shared library of one source; its path. */
export function buildShared(source) {
  const library = join(folder, source.replace(/\.c$/, ".so"));
  execFileSync(process.env.CC ?? "cc", ["-O2", "-shared", "-fPIC", `benches/c/${source}`, "-o", library], { cwd: project, stdio: "inherit" });
  return library;
}

/** Compiles one of the programs in benches/rust; its path. */
export function buildRust(name) {
  const target = join(release, "..", "bench");
  const manifest = join(project, "benches/rust/Cargo.toml");
  const args = ["build", "--release", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", target, "--bin", name];
  execFileSync("cargo", args, { stdio: "inherit" });
  return join(target, "release", name);
}

/** Builds the viewer for `startViewerFrom(release)`. */
export const buildViewer = () => execFileSync("cargo", ["build", "--release", "--quiet", "--locked", "-p", "session-replay-viewer"], { cwd: project, stdio: "inherit" });

export const npm = (folder, ...args) => execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });

/** One of the project's packages, with what it needs; its path. */
export function installed(name) {
  const folder = join(project, name);
  if (!existsSync(join(folder, "node_modules"))) npm(folder, "ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts");
  return folder;
}

/** Runs a program; the lines it printed, each split into its words. */
export async function run(program, ...args) {
  const { status, signal, output } = await start(program, args.map(String), { stdio: ["ignore", "pipe", "inherit"] }).ended;
  if (status !== 0) throw Object.assign(new Error(`${program} ended with ${signal ?? status}`), { signal });
  return output.split("\n").filter(Boolean).map((line) => line.split(" "));
}

/** The options of every measured run: everything is captured, in a directory of its own unless `storage` is false. */
export function optionsFor(scratch, url, storage = true) {
  return {
    deviceId: "bench",
    sessionId: 1_732_300_000_000,
    sampleRate: 1,
    enableRemoteConfig: false,
    trackServerUrl: url,
    storageLimitBytes: 4_000_000_000,
    ...(storage ? { storageDir: join(scratch, "storage") } : {}),
  };
}

/** Calls `body` with a directory of its own, which is removed afterwards. */
export async function inScratch(body) {
  const scratch = mkdtempSync(join(folder, "run-"));
  try {
    return await body(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** A Markdown table; all columns but the first hold numbers. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log(line(heads));
  console.log(line(heads.map((_, column) => (column === 0 ? "---" : "---:"))));
  for (const row of rows) console.log(line(row));
}
