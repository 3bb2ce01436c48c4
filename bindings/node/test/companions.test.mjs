// Log lines and requests of a Node.js program, through each FFI package, as the server receives them.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, afterEach, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { SESSION, pageWith } from "../../../tests/support/events.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

const require = createRequire(import.meta.url);
const { requestOf } = require("../dist/native/request-values.js");

let viewer;
before(async () => (viewer = await startViewer()));
after(() => viewer.stop());
afterEach(() => sessionReplay.shutdown(5_000));

const start = (deviceId, more = {}) => sessionReplay.init("key", viewer.options({ deviceId, sessionId: SESSION, ...more })).promise;
const arrivedAt = async (device) => {
  assert.equal(await sessionReplay.flush(20_000), "ok");
  const events = await viewer.events(device, SESSION);
  return events.filter(({ data }) => data.plugin === "rrweb/console@1" || data.tag === "fetch-request").map(({ data }) => data.payload);
};

test("they stand in the replay, in their order among the events, without secrets", async () => {
  await start("companions", { loggingConfig: { network: { enabled: true, body: { request: true, response: true } } } });
  assert.equal(sessionReplay.recordLog("info", "too early"), "needs-full-snapshot");
  for (const event of pageWith([])) sessionReplay.record(event);
  assert.equal(sessionReplay.recordLog("debug", "größer <b>\0</b> password=hunter2"), "ok");
  const request = { url: new URL("https://u:hunter2@x/a?token=hunter2"), method: "POST", status: 201, startedMs: SESSION, durationMs: 12.7 };
  const sent = { requestHeaders: { "content-type": "text/plain", authorization: "hunter2" }, requestBody: "é" };
  const received = { responseHeaders: new Headers({ "Content-Type": "application/json", "set-cookie": "hunter2" }), responseBody: Buffer.from('{"password":"hunter2"}') };
  assert.equal(sessionReplay.recordRequest({ ...request, ...sent, ...received }), "ok");
  assert.equal(sessionReplay.recordRequest({ url: { href: "/b" }, error: new Error("no route"), requestBody: "", responseBody: new Uint8Array(0) }), "ok");
  const [early, line, full, failed] = await arrivedAt("companions");
  assert.equal(early.payload[0], '"too early"');
  assert.deepEqual(line, { level: "log", trace: [], payload: ['"größer <b>\ufffd</b> password=********"'] });
  assert.deepEqual(full, {
    timestamp: SESSION, type: "fetch", method: "POST", url: "https://********@x/a?token=********", status: 201, duration: 12,
    requestHeaders: { "content-type": "text/plain", authorization: "********" }, requestBody: "é",
    responseHeaders: { "content-type": "application/json", "set-cookie": "********" }, responseBody: '{"password":"********"}', responseBodyStatus: "captured",
  });
  assert.deepEqual([failed.error, failed.requestBody, failed.status], [{ name: "NetworkError", message: "no route" }, "", undefined]);
});

test("loggingConfig says what is not recorded, and so does the end of recording", async () => {
  await start("off", { loggingConfig: { console: { enabled: true, levels: ["warn"] }, network: { enabled: false } } });
  assert.equal(sessionReplay.recordLog("error", "a"), "not-captured");
  assert.equal(sessionReplay.recordRequest({ url: "/" }), "not-captured");
  assert.notEqual(sessionReplay.recordLog("warn", "a"), "not-captured");
  await sessionReplay.shutdown(5_000);
  assert.equal(sessionReplay.recordLog("warn", "a"), "not-captured");
});

test("headers in each form become lines, and none of them can begin another", () => {
  const lines = (requestHeaders) => requestOf({ url: "/", requestHeaders }).request_headers;
  for (const [given, expected] of [
    [undefined, null],
    ["a: b\nc: d", "a: b\nc: d"],
    [{ a: "b", n: 1, none: undefined, list: ["x", "y"] }, "a: b\nn: 1\nlist: x\nlist: y\n"],
    [[["a", "b"], ["a", "c"]], "a: b\na: c\n"],
    [new Map([["a", "b"]]), "a: b\n"],
    [{ a: "b\r\nauthorization: c\0" }, "a: b authorization: c\ufffd\n"],
  ]) {
    assert.equal(lines(given), expected);
  }
});

test("what is malformed is refused, and no message holds what it was", async () => {
  await start("refused");
  for (const [call, message] of [
    [() => sessionReplay.recordLog("fatal", "a"), /level must be one of error, warn, info, log, debug, but is "fatal"/],
    [() => sessionReplay.recordLog("info", { toString: () => "hunter2" }), /the message must be a text, but is object/],
    [() => sessionReplay.recordRequest("hunter2"), /a request must be an object/],
    [() => sessionReplay.recordRequest({ url: "/", header: {} }), /there is no member "header"/],
    [() => sessionReplay.recordRequest({}), /request\.url is NULL or empty/],
    [() => sessionReplay.recordRequest({ url: "/", status: "200" }), /"status" must be a whole number/],
    [() => sessionReplay.recordRequest({ url: "/", durationMs: NaN }), /"durationMs" must be a number/],
    [() => sessionReplay.recordRequest({ url: "/", responseBody: {} }), /"responseBody" must be a text, a Buffer or a Uint8Array/],
    [() => sessionReplay.recordRequest({ url: "/", requestHeaders: ["hunter2"] }), /"requestHeaders" must be an object, a Headers, a list of pairs or a text/],
  ]) {
    assert.throws(call, (error) => message.test(error.message) && !error.message.includes("hunter2") && error.status === "invalid-argument", String(message));
  }
});
