// From record() to the server: every event, in order, once, under its session.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { SESSION, custom, fullSnapshot, meta, payloads, wire } from "../../../tests/support/events.mjs";
import { recording } from "../../../tests/support/recordings.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

let viewer;
before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

/** Starts recording for a device of this test's own. */
const start = (deviceId, more = {}) =>
  sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...more })).promise;

test("real recordings arrive whole, across a rollover, whatever form the events have", async () => {
  await start("whole");
  const forms = [
    (json) => json,
    (json) => JSON.parse(json),
    (json) => Buffer.from(json),
    (json) => new TextEncoder().encode(json),
  ];
  const events = ["form-unicode", "live-table", "rich-text"].flatMap(recording);
  const half = Math.floor(events.length / 2);
  events.slice(0, half).forEach((event, i) => sessionReplay.record(forms[i % forms.length](event)));
  sessionReplay.setSessionId(SESSION + 1);
  events.slice(half).forEach((event, i) => sessionReplay.record(forms[i % forms.length](event)));
  assert.equal(await sessionReplay.flush(10_000), "ok");
  assert.deepEqual(await viewer.events("whole", SESSION), events.slice(0, half).map(wire));
  assert.deepEqual(await viewer.events("whole", SESSION + 1), events.slice(half).map(wire));
  const stats = sessionReplay.stats();
  assert.equal(stats.recorded.events, events.length);
  assert.equal(stats.delivered, events.length);
  assert.equal(stats.waiting.events, 0);
});

test("order is kept between events of every form and size", async () => {
  await start("order");
  const big = "x".repeat(200_000);
  const expected = [];
  const record = (event, payload) => {
    sessionReplay.record(event);
    expected.push(payload);
  };
  record(fullSnapshot(), undefined);
  for (let i = 0; i < 300; i++) {
    record(JSON.stringify(custom(`${i} text`)), `${i} text`);
    record(JSON.stringify(custom(`${i} pretty`), null, 2), `${i} pretty`);
    record(custom(`${i} object`), `${i} object`);
    if (i % 50 === 0) record(custom(`${i} ${big}`), `${i} ${big}`);
    record(Buffer.from(JSON.stringify(custom(`${i} bytes`))), `${i} bytes`);
    if (i % 10 === 0) {
      sessionReplay.recordLines(`${JSON.stringify(custom(`${i} line`))}\n\n${JSON.stringify(custom(`${i} last`))}`);
      expected.push(`${i} line`, `${i} last`);
    }
  }
  assert.equal(await sessionReplay.flush(10_000), "ok");
  assert.deepEqual(payloads(await viewer.events("order", SESSION)), expected.slice(1));
});

test("text of every kind arrives as it was, and half a surrogate pair harms nobody", async () => {
  await start("texts");
  const texts = ["", "ü", "日本語", "😀", "\u2028\u2029", "a\u0000b", '"\\\n\r\t', "\u{10FFFF}", "é".repeat(5_000)];
  for (const text of texts) {
    sessionReplay.record(custom(text));
    sessionReplay.record(JSON.stringify(custom(text)));
  }
  sessionReplay.record(custom("\ud83d"));
  sessionReplay.record('{"type":5,"timestamp":1,"data":{"tag":"test","payload":"raw \ud83d half"}}');
  sessionReplay.record(custom("end"));
  assert.equal(await sessionReplay.flush(10_000), "ok");
  const arrived = payloads(await viewer.events("texts", SESSION));
  assert.deepEqual(
    arrived.slice(0, -3),
    texts.flatMap((text) => [text, text]),
  );
  assert.deepEqual(arrived.slice(-2), ["raw \ufffd half", "end"]);
});

test("what is no event is refused with a sentence that says why, and takes nothing else with it", async () => {
  await start("refused");
  const cyclic = {};
  cyclic.self = cyclic;
  const cases = [
    [undefined, "invalid-argument", /it is undefined/],
    [null, "invalid-json", /not a JSON object/],
    [() => 1, "invalid-argument", /of the type function/],
    [Symbol("x"), "invalid-argument", /of the type symbol/],
    [5, "invalid-json", /not a JSON object/],
    [5n, "invalid-json", /BigInt/],
    [[], "invalid-json", /must begin with '\{'/],
    ["", "invalid-json", /not a JSON object/],
    [Buffer.alloc(0), "invalid-json", /not a JSON object/],
    ["not json", "invalid-json", /must begin with '\{'/],
    [cyclic, "invalid-json", /circular/],
    [{ type: 5, data: { n: 1n } }, "invalid-json", /BigInt/],
    [{ toJSON: () => undefined }, "invalid-argument", /it is Object/],
    [
      {
        toJSON: () => {
          throw new Error("mine");
        },
      },
      "invalid-json",
      /mine/,
    ],
    [new ArrayBuffer(2), "invalid-argument", /Buffer or a Uint8Array, not ArrayBuffer/],
    [new Float64Array(2), "invalid-argument", /not Float64Array/],
    [custom("x".repeat(2_000)), "event-too-large", /2,?0|larger|maxSingleEventSizeBytes/],
  ];
  await sessionReplay.shutdown();
  await start("refused", { maxSingleEventSizeBytes: 1_500 });
  for (const [i, [event, status, message]] of cases.entries()) {
    sessionReplay.record(custom(i));
    assert.throws(
      () => sessionReplay.record(event),
      (error) => {
        assert.ok(error instanceof sessionReplay.SessionReplayError && error instanceof Error);
        assert.equal(error.status, status, `case ${i}: ${error.message}`);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.equal(await sessionReplay.flush(10_000), "ok");
  assert.deepEqual(payloads(await viewer.events("refused", SESSION)), [...cases.keys()]);
});

test("with validateOnRecord the fault is named at once", async () => {
  await start("validated", { validateOnRecord: true });
  sessionReplay.record(custom("before"));
  assert.throws(() => sessionReplay.record('{"type":5,"timestamp":1,"data":}'), { status: "invalid-json" });
  assert.throws(() => sessionReplay.record({ no: "type" }), { status: "invalid-json" });
  sessionReplay.record(custom("after"));
  assert.equal(await sessionReplay.flush(10_000), "ok");
  assert.deepEqual(payloads(await viewer.events("validated", SESSION)), ["before", "after"]);
});

test("recordLines keeps what is before a refused line and says how many", async () => {
  await start("lines");
  const lines = [custom(1), custom(2)].map((event) => JSON.stringify(event)).join("\n");
  assert.equal(sessionReplay.recordLines(Buffer.from(lines)), 2);
  assert.throws(() => sessionReplay.recordLines(`${lines}\nnonsense\n${lines}`), {
    status: "invalid-json",
    accepted: 2,
  });
  assert.throws(() => sessionReplay.recordLines(5), { status: "invalid-argument" });
  assert.equal(await sessionReplay.flush(10_000), "ok");
  assert.deepEqual(payloads(await viewer.events("lines", SESSION)), [1, 2, 1, 2]);
});

test("bytes in shared memory are taken as they are at that moment", async () => {
  await start("shared");
  const json = Buffer.from(JSON.stringify(custom("shared")));
  const shared = new Uint8Array(new SharedArrayBuffer(json.length));
  shared.set(json);
  sessionReplay.record(shared);
  shared.fill(0);
  assert.equal(await sessionReplay.flush(10_000), "ok");
  assert.deepEqual(payloads(await viewer.events("shared", SESSION)), ["shared"]);
});

test("no more is read than an array has, whatever it says of itself", async () => {
  await start("lies");
  class Liar extends Uint8Array {
    get byteLength() {
      return 1e9;
    }
  }
  const liars = [new Liar(Buffer.from(JSON.stringify(custom("subclass"))))];
  for (const name of ["length", "byteLength", "byteOffset", "buffer"]) {
    const liar = Buffer.from(JSON.stringify(custom(name)));
    liars.push(Object.defineProperty(liar, name, { value: name === "buffer" ? new ArrayBuffer(1) : 1e9 }));
  }
  for (const liar of liars) sessionReplay.record(liar);
  for (const liar of liars) assert.equal(sessionReplay.recordLines(liar), 1);
  assert.equal(await sessionReplay.flush(10_000), "ok");
  const expected = ["subclass", "length", "byteLength", "byteOffset", "buffer"];
  assert.deepEqual(payloads(await viewer.events("lies", SESSION)), [...expected, ...expected]);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.throws(() => sessionReplay.record(proxy), { status: "invalid-json" });
});

test("the host is asked for a full snapshot once each time the library begins to", async () => {
  let asked = 0;
  const listener = () => asked++;
  sessionReplay.on("needs-full-snapshot", listener);
  const turn = () => new Promise(setImmediate);
  await start("asking");
  sessionReplay.record(meta());
  sessionReplay.record(fullSnapshot());
  await turn();
  assert.equal(asked, 0, "a recorder that begins as rrweb does is not asked");
  assert.equal(sessionReplay.record(custom(1)), "ok");
  sessionReplay.setSessionId(SESSION + 1);
  await turn();
  assert.equal(asked, 1);
  for (let i = 0; i < 10; i++) {
    assert.equal(sessionReplay.record(custom(i)), "needs-full-snapshot");
    await turn();
  }
  assert.equal(asked, 1);
  sessionReplay.setSessionId(SESSION + 2);
  await turn();
  assert.equal(asked, 2, "another session asks anew");
  sessionReplay.record(fullSnapshot());
  await turn();
  assert.equal(sessionReplay.record(custom("drawn")), "ok");
  sessionReplay.setSessionId(SESSION + 2);
  await turn();
  assert.equal(asked, 2, "the same session again changes nothing");
  sessionReplay.off("needs-full-snapshot", listener);
});
