// `make demo`: the C host replays real recordings into the library, the viewer receives and plays them. In a
// terminal it stays until Ctrl-C; elsewhere it ends, with a status that says whether every event arrived.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(process.env.CARGO_TARGET_DIR ?? join(project, "target"), "release");
const recordings = join(project, "tests/fixtures/recordings");
const META = 4;
const FULL_SNAPSHOT = 2;

const children = new Set();

function start(program, args, options) {
  const child = spawn(program, args, options);
  children.add(child);
  child.on("exit", () => children.delete(child));
  return child;
}

function stop(status) {
  for (const child of children) child.kill();
  process.exit(status);
}

function build() {
  execFileSync("cargo", ["build", "--release", "--workspace"], { cwd: project, stdio: "inherit" });
  const host = join(project, "build", "replay");
  mkdirSync(dirname(host), { recursive: true });
  const sources = ["replay.c", "recording.c"].map((file) => join(project, "examples/c", file));
  const library = ["-I", join(project, "include"), `-L${built}`, "-lsession_replay", `-Wl,-rpath,${built}`];
  execFileSync(process.env.CC ?? "cc", ["-std=c99", "-pthread", ...sources, ...library, "-o", host], { stdio: "inherit" });
  return host;
}

/** Starts the viewer on a free port; its address. */
function startViewer() {
  const viewer = start(join(built, "session-replay-viewer"), ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    viewer.on("error", reject);
    viewer.on("exit", (status) => reject(new Error(`the viewer ended with status ${status}`)));
    viewer.stdout.on("data", (text) => {
      const address = /listening on (\S+)/.exec(text);
      if (address) resolve(address[1]);
    });
  });
}

/** Replays a recording through the C host; what sr_stats() said at the end. */
function replay(host, recording, server, device, session) {
  const args = [recording, "--server", server, "--device", device, "--session", String(session)];
  const child = start(host, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) =>
      status === 0 ? resolve(JSON.parse(said)) : reject(new Error(`replaying ${basename(recording)} ended with status ${status}\n${said}`)),
    );
  });
}

/** What the host records in each of its two sessions: the second one begins with the page's last snapshot. */
function expectedSessions(recording) {
  const events = readFileSync(recording, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const half = Math.floor(events.length / 2);
  const last = (type) => events.slice(0, half).filter((event) => event.type === type).slice(-1);
  return [events.slice(0, half), [...last(META), ...last(FULL_SNAPSHOT), ...events.slice(half)]];
}

/** How many of the events arrived, if all that arrived is right; otherwise 0. */
async function arrived(server, device, session, expected) {
  const answer = await fetch(`${server}/api/sessions/${device}/${session}/events`);
  if (!answer.ok) return 0;
  const events = await answer.json();
  return isDeepStrictEqual(events, expected.slice(0, events.length)) ? events.length : 0;
}

function summary(rows) {
  const sum = (value) => rows.reduce((total, row) => total + value(row), 0);
  const missing = sum((row) => row.expected - row.arrived);
  const before = sum((row) => row.stats.bytes.beforeGzip);
  const after = sum((row) => row.stats.bytes.onTheWire);
  const lines = [
    ["sessions", sum((row) => row.sessions)],
    ["events", `${sum((row) => row.arrived)} of ${sum((row) => row.expected)} arrived as they were recorded`],
    ["batches", sum((row) => row.stats.batches.sent)],
    ["bytes", `${before.toLocaleString("en")} before gzip, ${after.toLocaleString("en")} on the wire (${(before / after).toFixed(1)} : 1)`],
  ];
  for (const [name, value] of lines) console.log(`  ${name.padEnd(9)} ${value}`);
  return missing;
}

async function main() {
  const host = build();
  const server = await startViewer();
  const names = readdirSync(recordings).filter((file) => file.endsWith(".jsonl"));
  const session = Date.now();
  console.log(`\nReplaying ${names.length} recordings at their own pace. Watch them live:\n\n  ${server}\n`);
  const rows = await Promise.all(
    names.map(async (name) => {
      const recording = join(recordings, name);
      const device = basename(name, ".jsonl");
      const stats = await replay(host, recording, server, device, session);
      const sessions = expectedSessions(recording);
      const counts = await Promise.all(sessions.map((events, i) => arrived(server, device, session + i, events)));
      return {
        stats,
        sessions: sessions.length,
        expected: sessions.reduce((total, events) => total + events.length, 0),
        arrived: counts.reduce((total, count) => total + count, 0),
      };
    }),
  );
  const missing = summary(rows);
  if (missing > 0) throw new Error(`${missing} events are missing or not as they were recorded`);
  if (!process.stdout.isTTY) return stop(0);
  console.log(`\nAll of it can be watched at ${server} until you press Ctrl-C.`);
}

process.on("SIGINT", () => stop(0));
process.on("SIGTERM", () => stop(1));
main().catch((error) => {
  console.error(`demo: ${error.message}`);
  stop(1);
});
