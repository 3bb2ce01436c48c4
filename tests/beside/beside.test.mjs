// The same pages recorded by the browser SDK, by our recorder of web views and by our Electron preload script: part by part the
// same, but for what differences.mjs allows. Electron itself is imitated (bindings/node/test/electron/support).
import assert from "node:assert/strict";
import { test } from "node:test";
import { DIFFERENCES } from "./differences.mjs";
import { PAGES } from "./pages/index.mjs";
import { differences, isAbout, judge } from "./support/compare.mjs";
import { partsOf } from "./support/parts.mjs";
import { shownBy } from "./support/player.mjs";
import { record } from "./support/recorders.mjs";
import { browser, ingest } from "./support/stage.mjs";

const OURS = ["web", "preload"];
/** The patterns that allowed something, by recorder. */
const used = { web: new Set(), preload: new Set() };

for (const definition of PAGES) {
  test(`${definition.name}: both of ours record what the browser SDK records`, { timeout: 120_000 }, async (t) => {
    const recordPage = async (name) => {
      const recording = await record(name, browser, ingest, definition);
      return { ...recording, parts: partsOf(recording, await shownBy(browser, recording.events)) };
    };
    // There is one library in a process, so ours record one after the other.
    const recordOurs = async () => ({ web: await recordPage("web"), preload: await recordPage("preload") });
    const [{ parts: theirs }, ours] = await Promise.all([recordPage("sdk"), recordOurs()]);
    for (const [name, { stored, problems }] of Object.entries(ours)) {
      for (const secret of definition.secrets ?? []) {
        const at = stored.indexOf(secret);
        assert.ok(at < 0, `${name} stores "${secret}": ${stored.slice(Math.max(0, at - 100), at + 60)}`);
      }
      assert.deepEqual(problems, definition.problems?.[name] ?? [], `${name} has no problem with the page`);
    }
    for (const part of definition.shows ?? []) assert.ok(theirs[part].length > 0, `the browser SDK shows ${part} of this page`);
    for (const name of OURS) {
      const entries = DIFFERENCES.filter((entry) => isAbout(entry, name, definition.name));
      const { unexplained, used: now } = judge(differences(theirs, ours[name].parts), entries);
      for (const pattern of now) used[name].add(pattern);
      for (const { part, reason, missing, more } of entries.filter(({ page }) => page === definition.name))
        for (const pattern of [missing, more]) if (pattern && !now.has(pattern)) t.diagnostic(`${name}, ${part}: ${pattern} (${reason}) allows nothing`);
      await t.test(name, () => assert.equal(unexplained.length, 0, unexplained.map(({ part, side, line }) => `${part}, ${side}: ${line}`).join("\n")));
    }
  });
}

test("each difference that is allowed is still one", { skip: process.env.SR_PAGE !== undefined && "not all pages were recorded" }, () => {
  const isGone = (name, { recorder = name, missing, more }) =>
    recorder === name && [missing, more].some((pattern) => pattern && !used[name].has(pattern));
  const gone = OURS.flatMap((name) => DIFFERENCES.filter((entry) => isGone(name, entry)).map((entry) => [name, entry]));
  assert.deepEqual(gone, [], "these no longer occur, or not on both sides: take them out");
});
