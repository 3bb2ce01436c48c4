// Before `init` and after `shutdown` calls do nothing, whatever they are given.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { libraryPath } from "../../../tests/support/paths.mjs";

const RUBBISH = [undefined, null, -1, 5n, "", "a\0b", Symbol("x"), [], {}, () => {}, { url: 5, requestHeaders: [1] }];
/** They begin recording, or hear of it; these ask for listeners. */
const OTHERS = new Set(["init", "on", "once", "off"]);
const CALLS = Object.entries(sessionReplay).filter(([name, it]) => typeof it === "function" && /^[a-z]/.test(name) && !OTHERS.has(name));

async function assertHarmless(when) {
  for (const [name, call] of CALLS) {
    for (const rubbish of RUBBISH) {
      for (const given of [[rubbish], [1, rubbish], ["info", rubbish], [rubbish, rubbish, rubbish, rubbish, rubbish]]) {
        let result;
        assert.doesNotThrow(() => (result = call(...given)), `${name} ${when}`);
        if (name.startsWith("record") || name.startsWith("view") || name.endsWith("View") || name.startsWith("show")) {
          assert.ok(result === "not-captured" || result === 0, `${name} ${when}: ${String(result)}`);
        }
      }
    }
  }
}

test("no call does harm before init and after shutdown, and each throws in between", async () => {
  assert.ok(CALLS.length > 25, `${CALLS.map(([name]) => name)}`);
  await assertHarmless("before init");
  // What the rubbish said of the user's choice.
  sessionReplay.setOptOut(false);
  await sessionReplay.start().promise;
  const options = { libraryPath, deviceId: "d", sessionId: 1732300000000, sampleRate: 1, enableRemoteConfig: false, trackServerUrl: "http://127.0.0.1:9/" };
  await sessionReplay.init("key", options).promise;
  for (const name of ["record", "recordLines", "recordLog", "recordRequest", "recordInteraction", "recordCustom", "recordInView"]) {
    assert.throws(() => sessionReplay[name](), { name: "SessionReplayError" }, name);
  }
  for (const name of ["placeView", "closeView", "setViewNodes", "showFrame", "nextFrameMs", "viewPointer", "viewKey"]) {
    assert.throws(() => sessionReplay[name](), { name: "SessionReplayError" }, name);
  }
  assert.throws(() => sessionReplay.recordRequest({ url: "/", requestHeaders: { a: Object.create(null) } }), { name: "SessionReplayError" });
  await sessionReplay.shutdown(0);
  await assertHarmless("after shutdown");
});
