// Which window records, and how much a page may send: decided without Electron.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const { Leases } = require("../../dist/electron/leases.js");
const { RateLimiter } = require("../../dist/electron/rate-limiter.js");

test("a rate limiter allows a burst, and then so much a second", () => {
  let now = 0;
  const limiter = new RateLimiter(10, 2, () => now);
  for (const [at, amount, isAllowed] of [
    [0, 11, false],
    [0, 10, true],
    [0, 1, false],
    [499, 1, false],
    [500, 1, true],
    [1_500, 3, false],
    [1_500, 2, true],
    [100_000, 11, false],
    [100_000, 10, true],
  ]) {
    now = at;
    assert.equal(limiter.tryTake(amount), isAllowed, `${amount} at ${at} ms`);
  }
});

let lastId = 0;
function windows() {
  const changes = [];
  const leases = new Leases((client) => changes.push(client));
  const open = (document, hasFocus = false) => {
    const contents = Object.assign(new EventEmitter(), { id: ++lastId, isFocused: () => hasFocus });
    const client = leases.client(contents);
    leases.register(client, document);
    return client;
  };
  leases.isEnabled = true;
  return { leases, open, changes };
}

test("one document records at a time: the one focused last", () => {
  const { leases, open } = windows();
  const [a, b] = [open("a"), open("b")];
  assert.deepEqual([a.lease, b.lease], [1, 0]);
  leases.focus(b.contents.id);
  assert.deepEqual([a.lease, a.previousLease, b.lease], [0, 1, 2]);
  leases.focus(b.contents.id);
  assert.equal(b.lease, 2, "the focus of the one that records changes nothing");
  b.contents.emit("destroyed");
  assert.deepEqual([a.lease, leases.recording], [3, a], "the one focused before takes over");
  a.contents.emit("render-process-gone");
  assert.equal(leases.recording, undefined);
});

test("events are accepted under the current lease, and under the previous one until the next has sent some", () => {
  const { leases, open } = windows();
  const [a, b] = [open("a"), open("b")];
  leases.focus(b.contents.id);
  for (const [client, document, lease, isAccepted] of [
    [a, "a", 1, true],
    [a, "other", 1, false],
    [b, "b", 1, false],
    [b, "b", 3, false],
    [b, "b", 0, false],
    [b, "b", NaN, false],
    [b, "b", 2, true],
    [a, "a", 1, false],
    [b, "b", 2, true],
  ]) {
    assert.equal(leases.accepts(client, document, lease), isAccepted, `${document} under ${lease}`);
  }
});

test("a lease ends with its document, with capture, and where events were lost, and each new one is another number", () => {
  const { leases, open } = windows();
  const client = open("a");
  leases.register(client, "a");
  assert.equal(client.lease, 1, "the same document keeps it");
  leases.register(client, "a-2");
  assert.equal(client.lease, 2);
  leases.revoke(client);
  assert.equal(leases.accepts(client, "a-2", 2), false);
  leases.renew(client);
  leases.renew(client);
  assert.equal(client.lease, 3, "renewed once");
  leases.isEnabled = false;
  assert.equal(client.lease, 0);
  leases.isEnabled = true;
  assert.equal(client.lease, 4);
  leases.unregister(client.contents.id);
  assert.deepEqual([client.document, client.lease, leases.recording], [undefined, 0, undefined]);
});
