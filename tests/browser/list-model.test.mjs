// What the list decides without a browser: where rows are when sessions change, and the words of a search.
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { bundle } from "../support/bundle.mjs";
import { project } from "../support/paths.mjs";

let Rows, query;

before(async () => {
  const text = await bundle('export { Rows } from "./list/rows"; export * as query from "./list/query";', join(project, "viewer/web/src"), { loader: "ts" });
  ({ Rows, query } = await import(`data:text/javascript,${encodeURIComponent(text)}`));
});

for (const [zone, written, asked] of [
  ["Europe/Berlin", "day:2026-11-26", "day:1795647600000..1795734000000"],
  ["Europe/Berlin", "-day:2026-07-15 x", "-day:1784066400000..1784152800000 x"],
  // A day of 25 hours, and one of 23.
  ["Europe/Berlin", "day:2026-10-25", "day:1792879200000..1792969200000"],
  ["Europe/Berlin", 'DAY:"2026-03-29"', "DAY:1774738800000..1774821600000"],
  ["America/Los_Angeles", "day:2026-11-26", "day:1795680000000..1795766400000"],
  ["Pacific/Kiritimati", "day:2026-11-26", "day:1795600800000..1795687200000"],
  ["UTC", "day:2026-02-29 day:today day: xday:2026-11-26 day:2026-11-26x", "day:2026-02-29 day:today day: xday:2026-11-26 day:2026-11-26x"],
  ["UTC", "day:2026-11-26 -day:2026-11-26  day:2026-11-26", "day:1795651200000..1795737600000 -day:1795651200000..1795737600000  day:1795651200000..1795737600000"],
  ["UTC", '"x"day:2026-11-26', '"x"day:2026-11-26'],
  ["UTC", '"said day:2026-11-26 " device:"a day:2026-11-26', '"said day:2026-11-26 " device:"a day:2026-11-26'],
]) {
  test(`in ${zone} ${written} is asked for as it is there`, () => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    try {
      assert.equal(query.withDaysAsSpans(written), asked);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
}

const row = (replay_id, last_arrival, device_id = "d") => ({ replay_id, device_id, session_id: replay_id, last_arrival });

/** Sessions `a`, `b`, … that arrived one before the other, at these places. */
function rowsOf(total, ...parts) {
  const rows = new Rows();
  for (const [offset, ids] of parts) rows.put(offset, [...ids].map((id, n) => row(id, 100 - offset - n)), total);
  return rows;
}

const seen = (rows, total = 8) => Array.from({ length: total }, (_, index) => rows.at(index)?.replay_id ?? ".").join("");

test("rows are known where they were asked for", () => {
  const rows = rowsOf(8, [0, "ab"], [4, "ef"]);
  assert.equal(seen(rows), "ab..ef..");
  assert.equal(rows.indexOf("e"), 4);
  assert.equal(rows.indexOf("z"), undefined);
  for (const [from, end, missing] of [[0, 2, null], [0, 3, 2], [4, 6, null], [5, 20, 6], [8, 20, null]]) {
    assert.equal(rows.firstMissing(from, end, true), missing, `${from} to ${end}`);
  }
});

test("a session stands in one place, and none behind the end", () => {
  const rows = rowsOf(8, [0, "abcd"], [4, "efgh"]);
  rows.put(2, [row("g", 50), row("c", 49)], 6);
  assert.equal(seen(rows), "abgcef..");
});

test("stale rows are shown until they are asked for again", () => {
  const rows = rowsOf(4, [0, "abcd"]);
  rows.expire();
  assert.equal(seen(rows, 4), "abcd");
  assert.equal(rows.firstMissing(0, 4, false), null);
  assert.equal(rows.firstMissing(0, 4, true), 0);
  rows.put(0, [row("a", 100), row("b", 99)], 4);
  assert.equal(rows.firstMissing(0, 4, true), 2);
});

test("rows move with the one that stays where it is", () => {
  const rows = rowsOf(8, [2, "cde"]);
  rows.shift(2);
  assert.equal(seen(rows), "....cde.");
  rows.shift(-5);
  assert.equal(seen(rows), "de......");
});

test("a session that heard something goes up, if all between are known", () => {
  for (const [name, parts, changed, isDone, expected] of [
    ["the first stays", [[0, "abc"]], [row("a", 200)], true, "abc....."],
    ["another overtakes", [[0, "abc"]], [row("c", 200)], true, "cab....."],
    ["two at once", [[0, "abc"]], [row("b", 200), row("c", 201)], true, "cba....."],
    ["one that is not known", [[0, "abc"]], [row("z", 200)], false, "abc....."],
    ["one behind a gap", [[0, "abc"], [5, "f"]], [row("f", 200)], false, "abc..f.."],
    ["nothing is known of the beginning", [[3, "def"]], [row("d", 200)], false, "...def.."],
    ["nothing changed", [[0, "abc"]], [], true, "abc....."],
  ]) {
    const rows = rowsOf(8, ...parts);
    assert.equal(rows.promote(changed), isDone, name);
    assert.equal(seen(rows), expected, name);
  }
});

test("what is the same age is in the server's order", () => {
  const rows = new Rows();
  rows.put(0, [row("c", 9), row("b", 8), row("a", 7)], 3);
  rows.promote([row("a", 10), row("b", 10)]);
  assert.equal(seen(rows, 3), "bac");
  // By device first: "a-b/…" is below "a/…" as a text.
  rows.put(0, [row("x", 9, "a-b"), row("y", 8, "a")], 2);
  rows.promote([row("x", 10, "a-b"), row("y", 10, "a")]);
  assert.equal(seen(rows, 2), "xy");
});

test("a session changes in its place", () => {
  const rows = rowsOf(4, [0, "ab"]);
  rows.patch([row("b", 500), row("z", 500)]);
  assert.equal(seen(rows, 4), "ab..");
  assert.equal(rows.at(1).last_arrival, 500);
});

test("sessions that were deleted go at once, and those behind them move up", () => {
  const rows = rowsOf(8, [0, "abcd"], [6, "gh"]);
  assert.equal(rows.remove(["z"]), 0);
  assert.equal(seen(rows), "abcd..gh");
  assert.equal(rows.remove(["b", "z", "g"]), 2);
  assert.equal(seen(rows), "acd..h..");
  assert.deepEqual(["c", "h", "g"].map((id) => rows.indexOf(id)), [1, 5, undefined]);
});

test("rows far from what is seen are forgotten when there are many", () => {
  const rows = new Rows();
  for (let offset = 0; offset < 2_000; offset += 100) {
    rows.put(offset, Array.from({ length: 100 }, (_, n) => row(`s${offset + n}`, 9_000 - offset - n)), 2_000);
    rows.keepNear(offset, offset + 20);
  }
  assert.equal(rows.at(0), undefined);
  assert.equal(rows.at(1_999).replay_id, "s1999");
  assert.equal(rows.indexOf("s0"), undefined);
});

test("words of a search are found, added and taken out", () => {
  for (const [text, words] of [
    ["", []],
    ["  a  b ", ["a", "b"]],
    ['"two words" c', ['"two words"', "c"]],
    ['page:"two words" -has:errors', ['page:"two words"', "-has:errors"]],
    ['"not closed is:live', ['"not closed is:live']],
  ]) {
    assert.deepEqual(query.wordsOf(text), words, text);
  }
  for (const [text, word, then] of [
    ["", "is:live", "is:live"],
    ["is:live", "is:live", ""],
    ["a is:live b", "is:live", "a b"],
    ["-is:live", "is:live", "is:live"],
    ['"is:live"', "is:live", '"is:live" is:live'],
  ]) {
    assert.equal(query.toggleWord(text, word), then, text);
  }
  assert.equal(query.dayWord(new Date(2026, 10, 6, 23, 59)), "day:2026-11-06");
  for (const [text, depends] of [["is:live", true], ["a -is:live", true], ["live", false], ['"is:live"', false]]) {
    assert.equal(query.dependsOnTime(text), depends, text);
  }
});
