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

test("the example delivers its recording in two sessions, the second with a full snapshot of its own", async () => {
  cpSync(join(project, "examples/node/replay.mjs"), join(folder, "replay.mjs"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(packageFolder, join(folder, "node_modules/session-replay-native"), "junction");
  const file = join(project, "tests/fixtures/recordings/rich-text.jsonl");
  const env = { ...process.env, SESSION_REPLAY_LIBRARY: libraryPath };
  const output = await command(process.execPath, ["replay.mjs", file, viewer.url], { cwd: folder, env });
  assert.match(output, /flushed: 'ok'/);
  const [first, second] = [...output.matchAll(/^session (\d+): /gm)].map(([, id]) => id);
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
