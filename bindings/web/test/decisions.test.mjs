// What is decided without a page, as tables.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./support/page.mjs";

/** The exports of a module of ours, in Node. */
async function load(module) {
  const source = await bundle(`export * from "../src/${module}";`, { format: "esm" });
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}

const { problemsOf, deliveryProblemsOf } = await load("record/health");
const { Outbox } = await load("send/outbox");
const { Delivery } = await load("send/delivery");
const { outboxLimits } = await load("send/limits");
const { parsePageOptions } = await load("model/page-options");
const { shortenCss } = await load("record/shorten-css");
const { Glob } = await load("privacy/glob");
const { fits } = await load("send/utf8");

const WELL = { withoutSnapshotMs: null, isLoading: false, isRootless: false, waitingMs: null, hasMissedChanges: false, dropped: null };

for (const [what, health, expected] of [
  ["all is well", {}, []],
  ["a snapshot that is still in time", { withoutSnapshotMs: 4_999 }, []],
  ["no snapshot", { withoutSnapshotMs: 5_000 }, [/^no full snapshot for 5 s: rrweb produced none/]],
  ["no snapshot of a page that is loading", { withoutSnapshotMs: 7_400, isLoading: true }, [/for 7 s: the page is still being loaded/]],
  ["no root element, which is why there is no snapshot", { withoutSnapshotMs: 9_000, isRootless: true }, [/no root element/]],
  ["a drop, which is why there is no snapshot", { withoutSnapshotMs: 9_000, dropped: "dropped" }, [/^dropped$/]],
  ["changes that were missed", { hasMissedChanges: true }, [/the document changed/]],
  ["all at once", { dropped: "dropped", isRootless: true, hasMissedChanges: true }, [/^dropped$/, /no root element/, /changed/]],
]) {
  test(`health: ${what}`, () => {
    const problems = problemsOf({ ...WELL, ...health });
    assert.equal(problems.length, expected.length, problems.join("\n"));
    expected.forEach((pattern, i) => assert.match(problems[i], pattern));
  });
}

test("health: a host that takes nothing is told of after five seconds", () => {
  assert.deepEqual(deliveryProblemsOf(WELL), []);
  assert.deepEqual(deliveryProblemsOf({ ...WELL, waitingMs: 4_999 }), []);
  assert.match(deliveryProblemsOf({ ...WELL, waitingMs: 5_000 })[0], /no host has taken a message for 5 s/);
});

const LIMITS = { maxMessageLength: 6, maxQueueLength: 12, maxEventLength: 100 };

/** Adds and flushes; `results` are what the host answers, one after the other, and then "taken". */
function run(events, results, limits = {}) {
  const sent = [];
  const losses = [];
  const outbox = new Outbox((lines) => (sent.push(lines), results.shift() ?? "taken"), { ...LIMITS, ...limits }, (loss) => losses.push(loss));
  for (const event of events) outbox.add(event);
  return { outbox, sent, losses };
}

for (const [what, events, results, expected] of [
  ["messages are bounded", ["aa", "bb", "cc"], [], { sent: ["aa\nbb", "cc"], stats: [3, 2, 0, 0] }],
  ["an event longer than a message goes alone", ["a", "bbbbbbbb", "c"], [], { sent: ["a", "bbbbbbbb", "c"], stats: [3, 3, 0, 0] }],
  ["what is to be offered later is kept, in order", ["aa", "bb", "cc"], ["taken", "later"], { sent: ["aa\nbb", "cc"], stats: [2, 1, 0, 1] }],
  ["a host that wants no more loses what waits", ["aa", "bb", "cc"], ["lost"], { sent: ["aa\nbb"], losses: ["by-host"], stats: [0, 0, 1, 0] }],
]) {
  test(`outbox: ${what}`, () => {
    const { outbox, sent, losses } = run(events, [...results]);
    outbox.flush();
    assert.deepEqual(sent, expected.sent);
    assert.deepEqual(losses, expected.losses ?? []);
    assert.deepEqual(Object.values(outbox.stats()), expected.stats);
  });
}

test("outbox: an event that is too large, and a queue that is too long, drop everything", () => {
  const large = run(["a", "é".repeat(51)], []);
  assert.deepEqual([large.losses, large.outbox.isEmpty], [["too-large"], true]);
  const many = run(["aaaaaa", "bbbbbb", "c"], []);
  assert.deepEqual([many.losses, many.outbox.isEmpty, many.outbox.stats().droppedEvents], [["too-much"], true, 3]);
});

test("outbox: a late answer counts only if nothing was dropped meanwhile", async () => {
  for (const [isCleared, sentEvents] of [[false, 2], [true, 0]]) {
    let answer;
    const { outbox } = run(["aa", "bb"], [new Promise((resolve) => (answer = resolve))]);
    outbox.flush();
    assert.equal(outbox.stats().waitingEvents, 2);
    if (isCleared) outbox.clear();
    answer("taken");
    await new Promise(setImmediate);
    assert.deepEqual([outbox.stats().sentEvents, outbox.isEmpty], [sentEvents, true]);
  }
});

/** What waits for the page is written when `onTime` is called. `answer`: the host's. */
function deliver({ answer = "taken", limits = {}, join = (events) => events, schedule } = {}) {
  const made = { sent: [], losses: [], notes: [], onTime: () => {} };
  const sending = {
    send: (lines) => (made.sent.push(lines), answer),
    schedule: schedule ?? ((flush) => (made.onTime = flush)),
  };
  const writing = { isDeferred: () => true, timeoutMs: () => 500, join, guard: (work) => work(), note: (error) => made.notes.push(String(error)) };
  const delivery = new Delivery(sending, { ...outboxLimits({}), ...limits }, writing, (reason) => made.losses.push(reason));
  const toJson = ({ name }) => name;
  return Object.assign(made, { delivery, add: (name) => delivery.add({ name }, toJson) });
}

test("delivery: events that can't be joined are sent as they came, and so is what follows them", () => {
  const joining = deliver({ join: () => { throw new Error("no joining"); } });
  for (const name of ["a", "b"]) joining.add(name);
  joining.onTime();
  assert.deepEqual([joining.sent, joining.notes], [["a\nb"], ["Error: no joining"]]);
  joining.onTime = null;
  joining.add("c");
  joining.onTime();
  assert.deepEqual([joining.sent, joining.delivery.stats().droppedEvents], [["a\nb", "c"], 0]);
});

test("delivery: an event that can't be written is dropped alone, and counted", () => {
  const { delivery, sent, add } = deliver();
  add("a");
  delivery.add({}, () => { throw new Error("no JSON"); });
  delivery.flush();
  assert.deepEqual([sent, delivery.stats().droppedEvents], [["a"], 1]);
});

test("delivery: a timer that the page has broken is tried again with the next event", () => {
  let isBroken = true;
  let onTime;
  const { sent, notes, add } = deliver({
    schedule: (flush) => {
      if (isBroken) throw new Error("no timer");
      onTime = flush;
    },
  });
  add("a");
  isBroken = false;
  add("b");
  onTime();
  assert.deepEqual([sent, notes], [["a\nb"], ["Error: no timer"]]);
});

test("delivery: what waits to be written is known of, and counted when it is dropped", () => {
  const { delivery, add } = deliver();
  assert.equal(delivery.waitingMs, null);
  for (const name of ["a", "b"]) add(name);
  assert.ok(delivery.waitingMs >= 0);
  assert.deepEqual([delivery.stats().waitingEvents, delivery.stats().droppedEvents], [2, 0]);
  delivery.clear();
  assert.deepEqual([delivery.waitingMs, delivery.stats().waitingEvents, delivery.stats().droppedEvents], [null, 0, 2]);
});

test("delivery: no more characters wait than may, whether they are written or not", () => {
  const limits = { maxQueueLength: 1_000 };
  const stuck = deliver({ answer: "later", limits });
  for (let i = 0; i < 9; i++) stuck.add("x".repeat(100));
  assert.deepEqual([stuck.losses, stuck.delivery.stats().waitingEvents], [[], 9]);
  for (let i = 0; i < 2; i++) stuck.add("x".repeat(100));
  assert.deepEqual([stuck.losses, stuck.delivery.stats().waitingEvents], [["too-much"], 0]);
  assert.equal(stuck.delivery.stats().droppedEvents, 11);
  const well = deliver({ limits: { ...limits, maxMessageLength: 500 } });
  for (let i = 0; i < 50; i++) well.add("x".repeat(100));
  assert.deepEqual(well.losses, [], "a host that takes them");
  assert.ok(well.delivery.stats().waitingEvents < 10);
});

test("delivery: what stands beside the document, and is too large, is left out alone", () => {
  const { delivery, sent, losses, notes, add } = deliver({ limits: { maxEventLength: 10 } });
  add("a");
  delivery.addJson("é".repeat(6));
  delivery.addJson("b");
  delivery.flush();
  assert.deepEqual([sent, losses, delivery.stats().droppedEvents], [["a\nb"], [], 1]);
  assert.match(notes[0], /left out: it has more than 10 bytes/);
});

test("a page that nobody uses is recorded by default", () => assert.equal(parsePageOptions({}).idleTimeoutMs, 0));

test("limits: defaults stand in for what is no positive number", () => {
  const defaults = { maxMessageLength: 262_144, maxQueueLength: 16_000_000, maxEventLength: 9_000_000 };
  for (const bad of [undefined, null, 0, -1, NaN, "5", {}]) {
    assert.deepEqual(outboxLimits({ maxMessageLength: bad, maxQueueLength: bad, maxEventLength: bad }), defaults);
  }
  assert.deepEqual(outboxLimits({ maxEventLength: 5 }), { ...defaults, maxEventLength: 5 });
});

const LONG = "A".repeat(1_500);
for (const [what, css, maxLength, ruleEnd, expected] of [
  ["long data goes first", `a { b: url(data:x,${LONG}) } c {}`, 50, "}", 'a { b: url("data:,") } c {}'],
  ["in quotes, with an escaped one inside", `a { b: url("data:x,\\")${LONG}") } c {}`, 50, "}", 'a { b: url("data:,") } c {}'],
  ["short data and other URLs stay", "a { b: url(data:x,A); c: url('/d') }", 0, "}", "a { b: url(data:x,A); c: url('/d') }"],
  ["then the end, after a whole rule", "a { b: c } ".repeat(200), 30, "}", "a { b: c } a { b: c }"],
  ["of an attribute, after a whole declaration", "a: b; ".repeat(300), 9, ";", "a: b;"],
]) {
  test(`style sheets that are too large: ${what}`, () => assert.equal(shortenCss(css, maxLength, ruleEnd), expected));
}

for (const [glob, address, matches] of [
  ["https://a/*", "https://a/b/c", true],
  ["https://a/b/**", "https://a/b", true],
  ["https://a/b/**", "https://a/bc", false],
  ["https://a/**/d", "https://a/b/c/d", true],
  ["https://a/**/d", "https://a/d", true],
  ["https://a/?", "https://a/bc", false],
  ["https://a.b/", "https://axb/", false],
  ["https://a/constructor", "https://a/constructor", true],
  ["https://a/**/toString/*/__proto__", "https://a/b/toString/c/__proto__", true],
]) {
  test(`glob: ${glob} ${matches ? "matches" : "does not match"} ${address}`, () => assert.equal(new Glob(glob).test(address), matches));
}

test("a text fits by its bytes in UTF-8", () => {
  for (const text of ["abc", "é", "€", "😀", "a😀é€"]) {
    const bytes = Buffer.byteLength(text);
    assert.deepEqual([fits(text, bytes), fits(text, bytes - 1)], [true, false], text);
  }
});
