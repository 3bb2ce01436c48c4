// What all parts of the bench share: where things are, a server that takes everything, C programs, medians and tables.

import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const project = join(import.meta.dirname, "..");
export const release = join(process.env.CARGO_TARGET_DIR ?? join(project, "target"), "release");
export const quick = process.argv.includes("--quick");
export const folder = mkdtempSync(join(tmpdir(), "session-replay-bench-"));
export const recordings = join(project, "tests/fixtures/recordings");
export const recordingNames = readdirSync(recordings).filter((file) => file.endsWith(".jsonl"));

/** Takes every body and keeps none. */
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.end("{}"));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
export const alive = `http://127.0.0.1:${server.address().port}/`;
export const dead = "http://127.0.0.1:9/";

export function cleanUp() {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}

/** Compiles one of the programs in benches/c; its path. */
export function build(source, libraries = ["-lsession_replay"]) {
  const program = join(folder, source.replace(/\.[a-z]+$/, ""));
  const isCpp = source.endsWith(".cpp");
  const [compiler, standard] = isCpp ? [process.env.CXX ?? "c++", "-std=c++17"] : [process.env.CC ?? "cc", "-std=gnu11"];
  const flags = ["-O2", standard, "-Iinclude", `benches/c/${source}`, "-o", program, "-L", release, `-Wl,-rpath,${release}`];
  execFileSync(compiler, [...flags, ...libraries, "-pthread"], { cwd: project, stdio: "inherit" });
  return program;
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

export const npm = (folder, ...args) => execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });

/** One of the project's packages, with what it needs; its path. */
export function installed(name) {
  const folder = join(project, name);
  if (!existsSync(join(folder, "node_modules"))) npm(folder, "ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts");
  return folder;
}

const execute = promisify(execFile);

/** Runs a program; the lines it printed, each split into its words. */
export async function run(program, ...args) {
  const { stdout } = await execute(program, args.map(String), { maxBuffer: 1 << 26 });
  return stdout.split("\n").filter(Boolean).map((line) => line.split(" "));
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
