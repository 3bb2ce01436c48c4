// Rules of the remote configuration choose sessions: the browser SDK, our Electron preload script and our recorder of web views decide the
// same, in each situation of situations.mjs and behind each of its steps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SITUATIONS } from "./situations.mjs";
import { decide } from "./support/deciders.mjs";
import { browser, ingest } from "./support/stage.mjs";

const [META, FULL_SNAPSHOT] = [4, 2];

for (const situation of SITUATIONS) {
  test(situation.name, { timeout: 120_000 }, async (t) => {
    const expected = situation.steps.map(([, isCaptured]) => isCaptured);
    const named = (decisions) => situation.steps.map(([[what]], at) => `${what}: ${decisions[at] ? "captured" : "not captured"}`);
    for (const [name, whose] of [["sdk", "the browser SDK"], ["preload", "our preload script"], ["web", "our recorder of web views"]]) {
      // A web view has no plugin for Amplitude's SDK.
      if (name === "web" && situation.hasPlugin) continue;
      await t.test(whose, async () => {
        const { decisions, events } = await decide(name, browser, ingest, situation);
        assert.deepEqual(named(decisions), named(expected));
        if (!decisions.at(-1)) return assert.deepEqual(events, [], "nothing of it is sent");
        // Whatever brought it about, and whenever: a player can begin with what comes first.
        if (name === "preload") assert.deepEqual(events.slice(0, 2).map(({ type }) => type), [META, FULL_SNAPSHOT]);
      });
    }
  });
}
