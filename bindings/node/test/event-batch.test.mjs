// What gathers events for ffi-napi: which of them it hands over once one was refused.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const { EventBatch } = createRequire(import.meta.url)("../dist/native/event-batch.js");
const [OK, NOT_CAPTURED, FULL, NOT_INITIALIZED] = [0, 2, -5, -1];

/** Hands `answers.length` events over; answers with the events as they were looked at, and what was told. */
function handOver(answers) {
  const [looked, refused] = [[], []];
  const recordLines = (lines) => {
    const progress = { status: OK, accepted: 0, end: 0 };
    for (const line of Buffer.from(lines).toString().split("\n").slice(0, -1)) {
      const { n } = JSON.parse(line);
      if (answers[n] === NOT_INITIALIZED) return { ...progress, status: NOT_INITIALIZED };
      looked.push(n);
      progress.end += line.length + 1;
      progress.status = answers[n];
      if (progress.status < 0) return progress;
      progress.accepted += progress.status === NOT_CAPTURED ? 0 : 1;
    }
    return progress;
  };
  const batch = new EventBatch(recordLines, () => "why", { onStatus: () => {}, onRefused: (status) => refused.push(status) });
  batch.limit({ maxEventBytes: 9_000_000, validateOnRecord: false });
  batch.onStatus(OK);
  answers.forEach((_answer, n) => assert.equal(batch.add(JSON.stringify({ n }), true), OK));
  batch.handOver();
  return { looked, refused };
}

test("each event is handed over once, though some before a refused one are not captured", () => {
  for (const [answers, refused] of [
    [[OK, OK, OK], []],
    [[OK, FULL, OK], [FULL]],
    [[NOT_CAPTURED, OK, NOT_CAPTURED, OK, FULL, OK, FULL, FULL, OK], [FULL, FULL, FULL]],
    [[NOT_CAPTURED, NOT_CAPTURED, FULL], [FULL]],
  ]) {
    assert.deepEqual(handOver(answers), { looked: answers.map((_answer, n) => n), refused }, String(answers));
  }
  assert.deepEqual(handOver([NOT_INITIALIZED, NOT_INITIALIZED]), { looked: [], refused: [NOT_INITIALIZED] });
});
