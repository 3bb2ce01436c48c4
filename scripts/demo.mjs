// `make demo`: the C host replays real recordings into the library, the viewer receives and plays them. In a
// terminal it stays until Ctrl-C; elsewhere it ends, with a status that says whether every event arrived.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { buildHost } from "../tests/support/c-host.mjs";
import { killAll } from "../tests/support/children.mjs";
import { builtWith, project } from "../tests/support/paths.mjs";
import { hostSessions, read, recordingNames } from "../tests/support/recordings.mjs";
import { startViewerFrom } from "../tests/support/viewer.mjs";

function stop(status) {
  killAll();
  process.exit(status);
}

function build() {
  execFileSync("cargo", ["build", "--release", "--workspace"], { cwd: project, stdio: "inherit" });
  return buildHost({ into: join(project, "build"), library: builtWith("release") });
}

/** How many of the events arrived, if all that arrived is right; otherwise 0. */
async function arrived(viewer, device, session, expected) {
  const events = await viewer.events(device, session);
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
  const viewer = await startViewerFrom(builtWith("release"));
  const session = Date.now();
  console.log(`\nReplaying ${recordingNames.length} recordings at their own pace. Watch them live:\n\n  ${viewer.url}\n`);
  const rows = await Promise.all(
    recordingNames.map(async (name) => {
      const stats = await host.replay(name, { viewer, session });
      const sessions = hostSessions(read(name));
      const counts = await Promise.all(sessions.map((events, i) => arrived(viewer, name, session + i, events)));
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
  console.log(`\nAll of it can be watched at ${viewer.url} until you press Ctrl-C.`);
}

process.on("SIGINT", () => stop(0));
process.on("SIGTERM", () => stop(1));
main().catch((error) => {
  console.error(`demo: ${error.message}`);
  stop(1);
});
