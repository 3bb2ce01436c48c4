// The short selection for Windows: a C program with the library built for it (SR_WINDOWS is its folder) records, is killed, starts again,
// and delivers what was accepted, each event once. Under Wine, where this is not Windows.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command, run } from "../support/children.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";

const LIBRARY = process.env.SR_WINDOWS;
const COMPILER = "x86_64-w64-mingw32-gcc";
const NOBODY = "http://127.0.0.1:9";
const LIVES = 5;
const EVENTS = 400;
/** What a process gives itself as it ends by TerminateProcess: tests/c/portable.h. */
const KILLED = 9;

let folder, viewer, program;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-windows-"));
  viewer = await startViewer();
  program = join(folder, "life.exe");
  const args = ["-std=c11", `-I${join(project, "include")}`, join(project, "tests/c/life.c"), join(LIBRARY, "libsession_replay.dll.a")];
  await command(COMPILER, [...args, "-o", program]);
  // Wine 8 lacks the second one.
  for (const file of ["session_replay.dll", "bcryptprimitives.dll"]) copyFileSync(join(LIBRARY, file), join(folder, file));
});

after(async () => {
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One life of the program on a storage directory, and what it said of itself. */
async function live(server, events, end) {
  const options = `, "storageDir": "Z:${join(folder, "storage")}", "flushMaxRetries": 1`;
  const { status, output } = await run("wine", [program, server, options, String(events), end]);
  assert.equal(status, end === "kill" ? KILLED : 0, output);
  return JSON.parse(output);
}

test("what was accepted before a kill arrives, once", async () => {
  for (let life = 0; life < LIVES; life++) {
    const stats = await live(NOBODY, EVENTS, "kill");
    assert.equal(stats.storage.kind, "disk", JSON.stringify(stats.storage));
  }
  const stats = await live(viewer.url, 0, "deliver");
  const accepted = LIVES * (EVENTS + 1);
  const arrived = await viewer.events("device-1", "1732300000000");
  console.log(`${LIVES} kills: ${accepted} events accepted, ${accepted - stats.adopted} lost, ${arrived.length - stats.adopted} twice`);
  assert.equal(stats.adopted, accepted);
  assert.equal(arrived.length, accepted);
  const next = await live(viewer.url, 0, "deliver");
  assert.equal(next.adopted, 0, "nothing is left");
});
