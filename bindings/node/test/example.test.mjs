// examples/node, as a newcomer runs it.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command } from "../../../tests/support/children.mjs";
import { wire } from "../../../tests/support/events.mjs";
import { libraryPath, project } from "../../../tests/support/paths.mjs";
import { recording } from "../../../tests/support/recordings.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { packageFolder } from "./support/package.mjs";

let viewer, folder;
before(async () => {
  viewer = await startViewer();
  folder = mkdtempSync(join(tmpdir(), "session-replay-example-"));
});
after(async () => {
  await viewer.stop();
  rmSync(folder, { recursive: true });
});

/** Runs a file of the example, beside the package as it is installed; answers with what it prints. */
function run(file, ...given) {
  const own = mkdtempSync(join(folder, "run-"));
  cpSync(join(project, "examples/node", file), join(own, file));
  mkdirSync(join(own, "node_modules"));
  symlinkSync(packageFolder, join(own, "node_modules/session-replay-native"), "junction");
  const env = { ...process.env, SESSION_REPLAY_LIBRARY: libraryPath };
  return command(process.execPath, [file, ...given], { cwd: own, env });
}
const sessionsIn = (output) => [...output.matchAll(/^session (\d+): /gm)].map(([, id]) => id);

test("the example delivers its recording in two sessions, the second with a full snapshot of its own", async () => {
  const output = await run("replay.mjs", join(project, "tests/fixtures/recordings/rich-text.jsonl"), viewer.url);
  assert.match(output, /flushed: 'ok'/);
  const [first, second] = sessionsIn(output);
  const events = recording("rich-text").map(wire);
  const half = Math.floor(events.length / 2);
  assert.deepEqual(await viewer.events("node-example", first), events.slice(0, half));
  const arrived = await viewer.events("node-example", second);
  assert.deepEqual(arrived.slice(-(events.length - half)), events.slice(half));
  assert.deepEqual(
    arrived.slice(0, 2).map(({ type }) => type),
    [4, 2],
  );
});

test("the example that paints by itself shows its chart as it grows", async () => {
  const output = await run("frames.mjs", viewer.url);
  assert.match(output, /flushed: 'ok'/);
  assert.doesNotMatch(output, /^(error|warn):/m);
  const [session] = sessionsIn(output);
  const events = await viewer.events("node-frames-example", session);
  const withImages = events.filter((event) => JSON.stringify(event).includes("data:image/webp"));
  assert.ok(withImages.length >= 3, `${withImages.length} of ${events.length}`);
  assert.ok(JSON.stringify(events).includes("Load"), "its title");
});
