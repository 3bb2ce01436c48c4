// Time without a browser: formats, axes with gaps, clocks that went astray.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importPageModule } from "../support/typescript.mjs";

// Before anything formats a time: a zone with half an hour in winter, and another one in summer.
process.env.TZ = "Australia/Adelaide";
const format = await importPageModule("dom/format");
const { scaleOf } = await importPageModule("timeline/scale");
const { gapAt, gapsOf } = await importPageModule("timeline/gaps");
const { Recording } = await importPageModule("recording/recording");
const { diagnose } = await importPageModule("session/diagnosis");
const { snapshotFor, metaFor, asFollowing } = await importPageModule("player/segment");

const NOW = Date.parse("2026-11-26T12:00:00+10:30");
const at = (text) => Date.parse(text);

test("a time says its day and its year where they are others", () => {
  for (const [ms, expected] of [
    [at("2026-11-26T09:05:07+10:30"), "09:05:07"],
    [at("2026-11-26T00:00:00+10:30"), "00:00:00"],
    [at("2026-11-25T23:59:59+10:30"), "Nov 25, 23:59:59"],
    [at("2025-12-31T23:59:59+10:30"), "Dec 31, 2025, 23:59:59"],
    [0, "Jan 1, 1970, 09:30:00"],
    [Number.NaN, "–"],
    [9e15, "–"],
  ]) assert.equal(format.time(ms, NOW), expected);
});

test("a span says the zone, and the day of its end where it is another one", () => {
  for (const [from, to, expected] of [
    ["2026-11-26T09:00:00+10:30", "2026-11-26T09:01:00+10:30", "09:00:00 – 09:01:00 GMT+10:30"],
    ["2026-11-25T23:59:00+10:30", "2026-11-26T00:01:00+10:30", "Nov 25, 23:59:00 – Nov 26, 00:01:00 GMT+10:30"],
    ["2026-07-01T09:00:00+09:30", "2026-07-01T10:00:00+09:30", "Jul 1, 09:00:00 – 10:00:00 GMT+9:30"],
    ["2025-12-31T23:59:00+10:30", "2026-01-01T00:01:00+10:30", "Dec 31, 2025, 23:59:00 – Jan 1, 2026, 00:01:00 GMT+10:30"],
  ]) assert.equal(format.span(at(from), at(to), NOW), expected);
});

test("ISO times have the zone, and stand for the same moment", () => {
  for (const [ms, expected] of [
    [at("2026-11-26T09:05:07.123+10:30"), "2026-11-26T09:05:07.123+10:30"],
    [at("2026-07-01T00:00:00Z"), "2026-07-01T09:30:00.000+09:30"],
    [Number.NaN, "–"],
    [8.64e15, "+275760-09-13T00:00:00.000Z"],
  ]) {
    assert.equal(format.iso(ms), expected);
    if (expected !== "–") assert.equal(Date.parse(format.iso(ms)), ms);
  }
});

test("places and lengths are short, and right beyond hours and days", () => {
  for (const [ms, place] of [[0, "0:00.0"], [-5, "0:00.0"], [59_999, "0:59.9"], [61_000, "1:01.0"], [3_600_000, "1:00:00.0"], [10_807_300, "3:00:07.3"]]) {
    assert.equal(format.offset(ms), place);
  }
  for (const [ms, length] of [[1_500, "1.5 s"], [59_400, "59 s"], [61_000, "1 min 1 s"], [10_800_000, "3 h 0 min"], [3 * 86_400_000 + 7_200_000, "3 days 2 h"]]) {
    assert.equal(format.duration(ms), length);
  }
});

test("gaps are pauses of more than five seconds", () => {
  const events = [0, 1, 5_001, 10_002, 10_003, 20_000].map((ms) => ({ timestamp: 1_000 + ms }));
  const gaps = gapsOf(events);
  assert.deepEqual(gaps, [{ from: 5_001, to: 10_002 }, { from: 10_003, to: 20_000 }]);
  for (const [ms, gap] of [[0, null], [5_001, null], [5_002, gaps[0]], [10_001, gaps[0]], [10_002, null], [10_003, null], [19_999, gaps[1]], [20_000, null], [1e9, null]]) {
    assert.equal(gapAt(gaps, ms), gap, String(ms));
  }
  assert.deepEqual(gapsOf([]), []);
});

const HOUR = 3_600_000;
for (const [name, length, gaps, check] of [
  ["no gap is a straight line", 1_000, [], (scale) => assert.equal(scale.toX(250), 0.25)],
  ["a gap of three hours in a minute is a sliver", 3 * HOUR + 60_000, [{ from: 30_000, to: 30_000 + 3 * HOUR }], (scale, [gap]) => {
    const share = scale.toX(gap.to) - scale.toX(gap.from);
    assert.ok(share > 0.02 && share < 0.04, `${share}`);
  }],
  ["many gaps leave most of the room", 100 * HOUR, Array.from({ length: 99 }, (_, n) => ({ from: n * HOUR + 60_000, to: (n + 1) * HOUR })), (scale, gaps) => {
    const room = gaps.reduce((sum, { from, to }) => sum + scale.toX(to) - scale.toX(from), 0);
    assert.ok(room < 0.35, `${room}`);
  }],
  ["nothing but a gap is not squeezed", HOUR, [{ from: 0, to: HOUR }], (scale) => assert.equal(scale.toX(HOUR / 2), 0.5)],
  ["a gap beyond the end counts for nothing", 1_000, [{ from: 500, to: 2_000 }], (scale) => assert.equal(scale.toX(500), 0.5)],
  ["no length at all", 0, [], (scale) => assert.equal(scale.toX(0), 0)],
]) {
  test(`on an axis, ${name}, and each way is the other one's inverse`, () => {
    const scale = scaleOf(length, gaps);
    assert.ok(scale.toX(0) === 0 && Math.abs(scale.toX(scale.length) - 1) < 1e-9);
    let last = -1;
    for (let step = 0; step <= 1_000; step++) {
      const ms = (step / 1_000) * scale.length;
      const x = scale.toX(ms);
      assert.ok(x > last, "it rises");
      last = x;
      assert.ok(Math.abs(scale.toMs(x) - ms) < Math.max(1e-3, scale.length * 1e-9), `${ms} → ${x} → ${scale.toMs(x)}`);
    }
    assert.deepEqual([scale.toX(-5), scale.toX(scale.length + 5)], [0, scale.toX(scale.length)]);
    check(scale, gaps);
  });
}

const START = 1_732_300_000_000;
const move = (timestamp, x = timestamp) => JSON.stringify({ type: 3, timestamp, data: { source: 1, positions: [{ x, y: 1, id: 1, timeOffset: 0 }] } });

/** A recording that got these times, each list a batch. */
function recordingOf(...batches) {
  const recording = new Recording();
  let number = 0;
  for (const times of batches) recording.add({ sequence: "", meta: { arrived: START + 5_000 }, events: times.map((time) => move(time, number++)) });
  return recording;
}

for (const [name, batches, length, strays] of [
  ["one clock", [[START, START + 10], [START + 20]], 20, []],
  ["an event of 1970", [[START, START + 10, 0, START + 30]], 30, [[2, 0]]],
  ["1970 first", [[0, START, START + 10]], 10, [[0, 0]]],
  ["1970 first, in a batch of its own", [[0], [START], [START + 10]], 10, [[0, 0]]],
  ["of two, the one that arrived then", [[0, START]], 0, [[0, 0]]],
  ["seconds among milliseconds", [[START, START / 1_000, START + 20]], 20, [[1, START / 1_000]]],
  ["years ahead", [[START, START + 10, START + 1e12]], 10, [[2, START + 1e12]]],
  ["many clocks", [[START, ...Array.from({ length: 500 }, (_, n) => 1e15 + n * 1e12), START + 10]], 10, 500],
  ["a pause of five days", [[START, START + 5 * 86_400_000]], 5 * 86_400_000, []],
  ["two ends that meet in the middle", [[START, START + 12 * 86_400_000, START + 6 * 86_400_000]], 12 * 86_400_000, []],
]) {
  test(`of ${name}, the session's length is that of its own clock`, () => {
    const recording = recordingOf(...batches);
    assert.equal(recording.end - recording.start, length);
    if (typeof strays === "number") assert.equal(recording.strays.length, strays);
    else assert.deepEqual(recording.strays.map(({ number, time }) => [number, time]), strays);
    assert.equal(recording.events.length, batches.flat().length, "none is lost");
    assert.ok(recording.events.every(({ timestamp }, n) => n === 0 || timestamp >= recording.events[n - 1].timestamp), "in their order");
  });
}

const US = START * 1_000;
for (const [name, times, ...says] of [
  ["one of another clock", [START, 5e11, START + 20], /event 1 .* says .*length\. Take all timestamps from one clock, in milliseconds since 1970\.$/],
  ["seconds", [START, START / 1_000, START + 20], /event 1 .*Such times are seconds in place of milliseconds: multiply them by 1,000\.$/],
  ["microseconds", [START, US, US + 1, START + 20, START + 30], /2 events, first in event 1 .* say .*Such times are microseconds in place of milliseconds: divide them by 1,000\.$/],
  ["nanoseconds", [START, US * 1_000, START + 20], /Such times are nanoseconds in place of milliseconds: divide them by 1,000,000\.$/],
  ["some of each", [START, START / 1_000, 5e11, START / 1_000 + 1, US, START + 1, START + 2, START + 3], /length\. 2 of them are seconds in place of milliseconds: multiply them by 1,000\. 1 of them is microseconds in place of milliseconds: divide them by 1,000\. Take the others from one clock, in milliseconds since 1970\.$/],
  ["a session in seconds, and one right time", [START / 1_000, START / 1_000 + 1, START], /event 2 .* does not count for the session's length\.$/, /^The timestamps are seconds .* a thousand times too short: multiply them by 1,000\.$/],
  ["a session in microseconds", [US, US + 5_000], /^The timestamps are microseconds in place of milliseconds .* too long: divide them by 1,000\.$/],
]) {
  test(`of a clock that went astray by ${name}, it is said what to do`, () => {
    const problems = diagnose(recordingOf(times)).filter(({ code }) => code === "odd_times");
    assert.equal(problems.length, says.length, JSON.stringify(problems));
    for (const [n, { message }] of problems.entries()) assert.match(message, says[n]);
  });
}

test("events that arrive out of order are put in their place, and those that come twice are counted once", () => {
  const recording = recordingOf([START + 10, START + 30], [START, START + 20, START + 40]);
  assert.deepEqual(recording.events.map(({ timestamp }) => timestamp - START), [0, 10, 20, 30, 40]);
  assert.equal(recording.changes, 1);
  const twice = recording.add({ sequence: "", meta: { arrived: START }, events: [move(START, 2), "{", "null", "7", '{"type":3}'] });
  assert.deepEqual(twice, []);
  assert.equal(recording.duplicates, 1);
});

test("the player is given what lies since the last full snapshot", () => {
  const of = (type, timestamp, data = {}) => ({ type, timestamp, data });
  const size = { width: 3, height: 4 };
  const events = [of(3, 0), of(4, 5, size), of(2, 10), of(3, 15), of(4, 18, { width: 5, height: 6 }), of(2, 20), of(3, 30)];
  for (const [time, place] of [[0, 2], [9, 2], [10, 2], [19, 2], [20, 5], [99, 5]]) assert.equal(snapshotFor(events, time), place, String(time));
  assert.equal(snapshotFor([of(3, 0)], 5), -1);
  assert.deepEqual(metaFor(events, 2), of(4, 10, size));
  assert.equal(metaFor(events, 5).data.width, 5);
  assert.deepEqual(metaFor([of(2, 7)], 0).data, { href: "", width: 1280, height: 720 });
  assert.deepEqual(asFollowing(events[4]), of(3, 18, { source: 4, width: 5, height: 6 }), "the player forgets all before a meta event");
});
