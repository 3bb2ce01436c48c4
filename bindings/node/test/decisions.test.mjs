// The package's decisions without a library: each as a table.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const { resultSource } = require("../dist/recorder/delivery.js");
const { toTimerMs } = require("../dist/recorder/flush-waiter.js");
const { SnapshotRequester } = require("../dist/recorder/snapshot-requester.js");
const { coerceSessionId, sessionIdOf, toSessionId } = require("../dist/model/ids.js");
const [OK, NEEDS_SNAPSHOT, NOT_CAPTURED, NOT_INITIALIZED, STORAGE, TIMEOUT] = [0, 1, 2, -1, -6, -8];

test("a flush has its own status, or that of the shutdown that cut it short, and is never called delivered without either", () => {
  for (const [status, begun, hasShutdown, source] of [
    [OK, true, false, "own-status"],
    [OK, true, true, "own-status"],
    [TIMEOUT, true, false, "own-status"],
    [TIMEOUT, true, true, "own-status"],
    [STORAGE, true, true, "own-status"],
    [NOT_INITIALIZED, false, false, "own-status"],
    [NOT_INITIALIZED, false, true, "shutdown"],
    [NOT_INITIALIZED, true, true, "shutdown"],
    [NOT_INITIALIZED, true, false, "timeout"],
  ]) {
    assert.equal(resultSource(status, begun, hasShutdown), source, JSON.stringify({ status, begun, hasShutdown }));
  }
});

test("times are whole milliseconds that Node's timers accept", () => {
  const max = 2 ** 31 - 1;
  for (const [given, time] of [[0, 0], [0.2, 1], [5, 5], [1e12, max], [Infinity, max], [-1, undefined], [NaN, undefined], ["5", undefined], [null, undefined]]) {
    assert.equal(toTimerMs(given), time, String(given));
  }
});

test("a full snapshot is requested once each time the library begins to ask, and not where one was recorded in the turn", async () => {
  const turn = () => new Promise(setImmediate);
  for (const [turns, requests] of [
    [[[OK, OK]], 0],
    [[[NEEDS_SNAPSHOT]], 1],
    [[[NEEDS_SNAPSHOT, NEEDS_SNAPSHOT], [NEEDS_SNAPSHOT]], 1],
    [[[NEEDS_SNAPSHOT, OK]], 0],
    [[[NEEDS_SNAPSHOT, NOT_CAPTURED]], 0],
    [[[NEEDS_SNAPSHOT], [OK], [NEEDS_SNAPSHOT]], 2],
    [[[NEEDS_SNAPSHOT], ["change"]], 2],
    [[["change", OK]], 0],
  ]) {
    let [count, handedOver] = [0, 0];
    const requester = new SnapshotRequester(() => handedOver++, () => count++);
    for (const statuses of turns) {
      for (const status of statuses) {
        if (status === "change") requester.onChange(NEEDS_SNAPSHOT);
        else requester.onStatus(status);
      }
      await turn();
    }
    assert.equal(count, requests, JSON.stringify(turns));
    assert.ok(handedOver >= count, "gathered events are handed over first");
  }
});

test("session ids: what the browser SDK accepts becomes a number or a text, or none", () => {
  for (const [given, id, warnings] of [
    [1732300000000, 1732300000000, 0],
    [1732300000000.7, 1732300000000, 1],
    ["my.session", "my.session", 0],
    [5n, 5, 0],
    [2n ** 60n, "1152921504606846976", 0],
    [2 ** 60, "1152921504606846976", 1],
    [0, undefined, 0],
    ["", undefined, 0],
    [null, undefined, 0],
    [-1, undefined, 1],
    [0.5, undefined, 1],
    [NaN, undefined, 1],
    [Infinity, undefined, 1],
    [{}, undefined, 1],
  ]) {
    const said = [];
    assert.equal(coerceSessionId(given, (what) => said.push(what)), id, String(given));
    assert.equal(said.length, warnings, String(given));
  }
  for (const refused of [0, -1, 0.5, 2 ** 53, NaN, null, {}, "a\0b"]) {
    assert.throws(() => toSessionId(refused), { status: "invalid-argument" }, String(refused));
  }
  assert.equal(sessionIdOf("device/my/session"), "my/session");
});
