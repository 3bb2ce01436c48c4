// A page of Electron with `nodeIntegration`, whose `require` gives it the main process's side: it says what to import, and a
// second recorder never starts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { run } from "./support/programs.mjs";

const loaded = (name) => `process.report.getReport().sharedObjects.filter((file) => file.endsWith(${JSON.stringify(name)})).length`;

/** What a process of this type, as Electron has it, says and does. */
async function inProcess(type) {
  const { status, output } = await run(
    `Object.defineProperty(process, "type", { value: ${JSON.stringify(type)} });
    await start();
    const recorded = sessionReplay.record(event(1));
    const { state, advice } = sessionReplay.stats();
    console.log(JSON.stringify({ recorded, state, advice, libraries: ${loaded("session_replay.so")} }));
    await sessionReplay.shutdown();`,
    { libraryPath, deviceId: "d", sessionId: 1732300000000, sampleRate: 1, enableRemoteConfig: false, trackServerUrl: "http://127.0.0.1:9/" },
  );
  assert.equal(status, 0, output);
  return { ...JSON.parse(output.split("\n").find((line) => line.startsWith("{"))), output };
}

for (const type of ["renderer", "worker"]) {
  test(`in a process of the type ${type} nothing starts, and one error says what to import`, async () => {
    const { recorded, state, advice, libraries, output } = await inProcess(type);
    assert.deepEqual([recorded, state, libraries], ["not-captured", "not-initialized", 0], output);
    assert.match(advice, /^init failed: this is a page of Electron.* session-replay-native\/electron\/renderer in pages/);
    const lines = output.split("\n").filter((line) => line.startsWith("session-replay: "));
    assert.deepEqual(lines, [`session-replay: ${advice}`]);
  });
}

test("the main process and utility processes record", async () => {
  for (const type of ["browser", "utility"]) {
    const { state, libraries, output } = await inProcess(type);
    assert.equal(state, "capturing", output);
    if (process.platform === "linux") assert.equal(libraries, 1);
  }
});
