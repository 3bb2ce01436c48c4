// `make demo`: the C host replays real recordings into the library, native apps record themselves, and the viewer receives and
// plays all of it. In a terminal it stays until Ctrl-C; elsewhere it ends, with a status that says whether every event arrived.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { buildHost } from "../tests/support/c-host.mjs";
import { killAll } from "../tests/support/children.mjs";
import { builtWith, project } from "../tests/support/paths.mjs";
import { hostSessions, read, recordingNames } from "../tests/support/recordings.mjs";
import { startViewerFrom } from "../tests/support/viewer.mjs";
import { cApp, qtApp } from "./demo-apps.mjs";

function stop(status) {
  killAll();
  process.exit(status);
}

const library = builtWith("release");

function build() {
  execFileSync("cargo", ["build", "--release", "--workspace"], { cwd: project, stdio: "inherit" });
  return { host: buildHost({ into: join(project, "build"), library }), app: cApp(library) };
}

const address = (viewer, device, session) => `${viewer.url}/sessions/${device}/${session}`;

/** Runs a native app to its end; all it said is recorded then. */
async function show({ name, device, run }, viewer, session) {
  console.log(`  a native app ${name}:\n    ${address(viewer, device, session)}`);
  await run(viewer, session);
  const events = await viewer.events(device, session);
  if (!events.some(({ type }) => type === 2)) throw new Error(`the app ${name} recorded no full snapshot`);
}

/** The app with a toolkit, where it can be built and shown. It is more than was promised: without it, all is well. */
async function showQt(viewer, session) {
  const app = qtApp(library);
  if (app.missing) return console.log(`  no app with Qt: ${app.missing} not found here`);
  await show(app, viewer, session).catch((error) => console.log(`  the app ${app.name} does not run here: ${error.message.split("\n")[0]}`));
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
  const { host, app } = build();
  const viewer = await startViewerFrom(library);
  const session = Date.now();
  console.log(`\nReplaying ${recordingNames.length} recordings at their own pace, and using native apps. Watch all of it live:\n\n  ${viewer.url}\n`);
  for (const name of recordingNames) console.log(`  a page, ${name}:\n    ${address(viewer, name, session)}`);
  const apps = Promise.all([show(app, viewer, session), showQt(viewer, session)]);
  apps.catch(() => {}); // It is waited for later.
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
  await apps;
  console.log("");
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
