// What the user and the host chose before recording begins holds, and an `init` that is refused changes nothing.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { install } from "./support/installed.mjs";
import { toldBy } from "./support/told.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-choices-"));
after(() => rmSync(folder, { recursive: true }));
const home = install(join(folder, "home"));

/** What the program told, where it ended well. */
async function told(body) {
  const { end, told, said, output } = await toldBy(home, `${body} process.exit(0);`);
  assert.deepEqual(end, [0, null], output);
  return { told: told.flat(), said, output };
}

const FAILS = 'await sessionReplay.init("key", { ...GOOD, storageDir: 5 }).promise;';
const INIT = 'await sessionReplay.init("key", GOOD).promise;';
const OTHER = 'await sessionReplay.init("key", { ...GOOD, sampleRate: 0.9999999 }).promise;';
const OPTION = 'await sessionReplay.init("key", { ...GOOD, optOut: true }).promise;';
const [OUT, IN] = ["sessionReplay.setOptOut(true);", "sessionReplay.setOptOut(false);"];
const [STOP, START] = ["sessionReplay.stop();", "await sessionReplay.start().promise;"];
const END = "await sessionReplay.shutdown(0);";
for (const [name, body, expected] of [
  ["opted out before init", OUT + INIT, "opted-out"],
  ["opted out after an init that failed", FAILS + OUT + INIT, "opted-out"],
  ["opted out before an init that fails", OUT + FAILS + INIT, "opted-out"],
  ["opted out, and in again, before init", OUT + IN + INIT, "capturing"],
  ["the option counts where the call said no", IN + OPTION, "opted-out"],
  ["a later call overrules the option", OPTION + IN, "capturing"],
  ["opted out, and init with other options", INIT + OUT + OTHER, "opted-out"],
  ["opted out, and the next recording", INIT + OUT + END + INIT, "opted-out"],
  ["opted out in between", INIT + END + OUT + INIT, "opted-out"],
  ["the option holds for its recording alone", OPTION + END + INIT, "capturing"],
  ["opted out, and opted in while recording", OUT + INIT + IN, "capturing"],
  ["stopped before init", STOP + INIT, "paused"],
  ["stopped and started before init", STOP + START + INIT, "capturing"],
  ["stopped before init, and started after it", STOP + INIT + START, "capturing"],
  ["stopped and opted out before init, then started", STOP + OUT + INIT + START, "opted-out"],
  ["paused and resumed are stopped and started", INIT + "sessionReplay.pause();", "paused"],
  ["paused twice, and resumed", INIT + "sessionReplay.pause(); sessionReplay.pause(); sessionReplay.resume();", "capturing"],
  ["a start ends no opt-out of the option", OPTION + STOP + START, "opted-out"],
  ["an opt-in ends no pause", OPTION + STOP + IN, "paused"],
  ["a stop ends with its recording", INIT + STOP + END + INIT, "capturing"],
]) {
  test(`the choice holds: ${name}`, async () => {
    const { told: [state, recorded], output } = await told(`${body} tell(state(), sessionReplay.record(event()));`);
    assert.equal(state, expected, output);
    assert.equal(recorded === "not-captured", expected !== "capturing", output);
  });
}

test("an opt-out in a worker thread holds where that joins the recorder", async () => {
  const worker = `const sessionReplay = require("session-replay-native"); sessionReplay.setOptOut(true);
    sessionReplay.init("key", {}).promise.then(() => require("node:worker_threads").parentPort.postMessage(sessionReplay.stats().state));`;
  const { told: [before, state], output } = await told(`
    ${INIT}
    tell(state());
    const { Worker } = require("node:worker_threads");
    await require("node:events").once(new Worker(${JSON.stringify(worker)}, { eval: true }), "message");
    tell(state());`);
  assert.equal(before, "capturing", output);
  assert.equal(state, "opted-out", output);
});

const REFUSED = [
  ["a bad URL", "key", 'trackServerUrl: "no url"'],
  ["an empty storage directory", "key", 'storageDir: ""'],
  ["a bad mode of segment", "key", 'segment: { mode: "no mode" }'],
  ["an empty key", "", ""],
  ["a key with a space", "a b", ""],
  ["a bad path of the library", "key", 'libraryPath: "/none/of/this.so"'],
  ["an option that can't be read", "key", 'get deviceId() { throw new Error("no") }'],
];
for (const [name, key, option] of REFUSED) {
  test(`an init that is refused changes nothing: ${name}`, async () => {
    const { told: found, said } = await told(`
      ${INIT}
      sessionReplay.record(event());
      const id = sessionReplay.getSessionReplayId();
      const { promise } = sessionReplay.init(${JSON.stringify(key)}, { ...GOOD, sessionId: 1732300000001, ${option} });
      tell(sessionReplay.record(event()));
      await promise;
      const { state, recorded, advice } = sessionReplay.stats();
      tell(state, recorded.events, advice, sessionReplay.getSessionReplayId() === id);
      await sessionReplay.shutdown(0);
      tell(sessionReplay.stats().advice);`);
    assert.deepEqual(found, ["needs-full-snapshot", "capturing", 2, null, true, "call init"], said.join("\n"));
    assert.equal(said.filter((line) => line.startsWith("init failed: ")).length, 1, said.join("\n"));
  });

  test(`an init that is refused does not end the one before it: ${name}`, async () => {
    const { told: found, said } = await told(`
      ${INIT}
      const other = sessionReplay.init("key", { ...GOOD, sampleRate: 0.9999999 }).promise;
      await sessionReplay.init(${JSON.stringify(key)}, { ...GOOD, ${option} }).promise;
      await other;
      tell(state());`);
    assert.deepEqual(found, ["capturing"], said.join("\n"));
  });
}

test("before init and after shutdown nothing is looked at", async () => {
  const calls = `
    const circle = { type: "track" }; circle.circle = circle;
    const map = { type: "track", map: new Map([[1, 2]]) };
    tell(sessionReplay.record({ a: 1n }), sessionReplay.record(undefined), sessionReplay.record(new Float64Array(1)), sessionReplay.recordLines(5));
    tell(sessionReplay.processSegmentEvent(circle) === circle, sessionReplay.processSegmentEvent(map) === map, sessionReplay.processSegmentEvent(5));
    await sessionReplay.setSessionId({}).promise; await sessionReplay.setDeviceId({}).promise;
    tell(await sessionReplay.followAnalytics(5).promise);`;
  const once = `await (async () => { ${calls} })();`;
  const { told: found } = await told(`${once} ${INIT} ${END} ${once}`);
  const quiet = ["not-captured", "not-captured", "not-captured", 0, true, true, 5, { properties: {} }];
  assert.deepEqual(found, [...quiet, ...quiet]);
});
