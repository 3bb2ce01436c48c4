// What a user gets: the packed package in an empty folder, with koffi, and without a script of either having run.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command } from "../../../tests/support/children.mjs";
import { SESSION, payloads } from "../../../tests/support/events.mjs";
import { install, pack } from "../../../tests/support/npm-package.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

let viewer, folder;
before(async () => {
  viewer = await startViewer();
  folder = mkdtempSync(join(tmpdir(), "session-replay-package-"));
  await install(await pack(folder), folder);
});
after(async () => {
  await viewer.stop();
  rmSync(folder, { recursive: true });
});

for (const [kind, file, load] of [
  ["an ES module", "run.mjs", 'import * as sessionReplay from "session-replay-native";'],
  ["CommonJS", "run.cjs", 'const sessionReplay = require("session-replay-native");'],
]) {
  test(`the packed package records from ${kind} in an empty folder, with its own library`, async () => {
    const { libraryPath: _path, ...options } = viewer.options({ deviceId: file, sessionId: SESSION });
    writeFileSync(
      join(folder, file),
      `${load}
      (async () => {
        await sessionReplay.init("key", ${JSON.stringify(options)}).promise;
        sessionReplay.record({ type: 5, timestamp: 1, data: { tag: "test", payload: "packed" } });
        console.log(await sessionReplay.shutdown(20_000));
      })();`,
    );
    const env = { ...process.env, SESSION_REPLAY_LIBRARY: "", SESSION_REPLAY_BACKEND: "" };
    assert.equal(await command(process.execPath, [file], { cwd: folder, env }), "ok\n");
    assert.deepEqual(payloads(await viewer.events(file, SESSION)), ["packed"]);
  });
}
