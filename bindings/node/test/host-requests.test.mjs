// The host makes the requests: handleSendEvents and handleFetchConfig, as the browser SDK calls them. Whatever a handler does,
// nothing is lost, the order stays, and nothing waits for ever.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import * as sessionReplay from "session-replay-native";
import { SESSION, custom, payloads } from "../../../tests/support/events.mjs";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { serve } from "../../../tests/support/servers.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";
import { until } from "../../../tests/support/waiting.mjs";
import { packageFolder } from "./support/package.mjs";

let viewer;
let device = 0;
before(async () => {
  viewer = await startViewer();
});
after(() => viewer.stop());
afterEach(async () => {
  await sessionReplay.shutdown(2_000);
  await viewer.clearFaults();
});

/** A handler as most are. */
const carry = ({ url, method, headers, body }) => fetch(url, { method, headers, body });

const start = (more) => {
  device++;
  const given = { deviceId: `host-${device}`, sessionId: SESSION, flushMaxRetries: 10, sendTimeoutMs: 30_000, ...more };
  return sessionReplay.init("key", viewer.options(given)).promise;
};
const record = (numbers) => numbers.forEach((number) => sessionReplay.record(custom(number)));
const arrived = async () => payloads(await viewer.events(`host-${device}`, SESSION));
const count = (from, to) => Array.from({ length: to - from }, (_, at) => from + at);

test("all requests go through the handlers, here past a gateway that wants a token", async (t) => {
  const refused = [];
  const passed = [];
  const gateway = await serve(async (request, answer) => {
    const target = new URL(request.url, "http://x").searchParams.get("to");
    if (request.headers["x-token"] !== "secret") return refused.push(target), answer.writeHead(401).end();
    passed.push(`${request.method} ${new URL(target).pathname}`);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { "x-token": _token, host: _host, connection: _connection, "content-length": _length, "transfer-encoding": _encoding, ...headers } = request.headers;
    const body = request.method === "POST" ? Buffer.concat(chunks) : undefined;
    const response = await fetch(target, { method: request.method, headers, body });
    answer.writeHead(response.status).end(Buffer.from(await response.arrayBuffer()));
  });
  t.after(() => gateway.stop());
  const through = ({ url, method, headers, body, signal }) =>
    fetch(`${gateway.url}/?to=${encodeURIComponent(url)}`, { method, headers: { ...headers, "X-Token": "secret" }, body, signal });
  await start({ enableRemoteConfig: true, sampleRate: 0, handleSendEvents: through, handleFetchConfig: through });
  assert.equal(sessionReplay.stats().state, "capturing", "as the configuration says");
  record(count(0, 50));
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual(await arrived(), count(0, 50));
  assert.deepEqual(refused, []);
  // On a slow machine the configuration takes more than one attempt.
  assert.deepEqual([...new Set(passed)], ["GET /config/key", "POST /sessions/v2/track"]);
});

test("a handler gets what the browser SDK gives it", async () => {
  for (const isPacked of [true, false]) {
    const seen = [];
    const look = (request) => (seen.push(request), carry(request));
    await start({ enableRemoteConfig: true, enableTransportCompression: isPacked, handleSendEvents: look, handleFetchConfig: look });
    record([1, 2]);
    assert.equal(await sessionReplay.shutdown(), "ok");
    const [config, events] = ["GET", "POST"].map((method) => seen.find((request) => request.method === method));
    assert.deepEqual(Object.keys(config), ["url", "method", "headers", "signal"]);
    assert.ok(config.signal instanceof AbortSignal && config.method === "GET" && config.url.endsWith("config_group=browser"));
    assert.deepEqual(structuredClone(events), { ...events }, "it can be posted to a worker");
    assert.deepEqual(Object.keys(events), ["url", "method", "headers", "body", "keepalive"]);
    assert.ok(events.signal instanceof AbortSignal && events.keepalive === true && events.method === "POST");
    assert.equal(events.headers["Content-Encoding"], isPacked ? "gzip" : undefined);
    assert.equal(events.headers.Authorization, "Bearer key");
    assert.equal(events.body.constructor, isPacked ? Uint8Array : String);
    const text = isPacked ? gunzipSync(events.body).toString() : events.body;
    assert.deepEqual(payloads(JSON.parse(text).events.map((event) => JSON.parse(event))), [1, 2]);
    assert.deepEqual(await arrived(), [1, 2]);
  }
});

const never = () => new Promise(() => {});
/** What a handler may do in place of what it should. */
const FAILURES = {
  "throws at once": () => {
    throw new Error("no");
  },
  "throws what can't be read": () => {
    throw Object.create(null);
  },
  "rejects": () => Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") })),
  "rejects with nothing": () => Promise.reject(),
  "never answers": never,
  "returns nothing": () => undefined,
  "returns a text": async () => "200",
  "returns a status that is none": async () => ({ ok: true, status: "200" }),
  "returns an opaque response": async () => Response.error(),
  "returns what can't be read": async () => ({
    get status() {
      throw new Error("a trap");
    },
  }),
  "returns a refusal whose body breaks off": async () => ({ status: 400, text: () => Promise.reject(new Error("broke off")) }),
  "returns a refusal whose body never ends": async () => ({ status: 400, text: never }),
  "returns a redirect": async () => new Response(null, { status: 302, headers: { location: "/" } }),
  "returns that the server is busy": async () => new Response("busy", { status: 503 }),
};

for (const [what, fail] of Object.entries(FAILURES)) {
  test(`a handler that ${what} costs an attempt, and nothing else`, async () => {
    let attempts = 0;
    await start({ sendTimeoutMs: 300, handleSendEvents: (request) => (++attempts < 3 ? fail(request) : carry(request)) });
    record(count(0, 20));
    assert.equal(await sessionReplay.flush(30_000), "ok");
    // At least once: on a slow machine a response may come after its time.
    assert.deepEqual([...new Set(await arrived())], count(0, 20));
    assert.ok(sessionReplay.stats().batches.retried >= 2 && attempts >= 3, JSON.stringify(sessionReplay.stats().batches));
    assert.deepEqual(Object.values(sessionReplay.stats().dropped).filter(Boolean), []);
  });
}

test("why a handler failed is told", async () => {
  await start({ flushMaxRetries: 1, handleSendEvents: FAILURES.rejects });
  record([1]);
  assert.equal(await sessionReplay.flush(300), "timeout");
  const message = () => sessionReplay.stats().lastError?.message ?? "";
  await until(() => message().includes("handleSendEvents failed: fetch failed: ECONNREFUSED"), "it is told").catch(() => assert.fail(message()));
});

test("what the server says through a handler counts as ever", async () => {
  const skip = (code) => async () => new Response(null, { status: 200, headers: { "X-Session-Replay-Event-Skipped": code } });
  await start({ handleSendEvents: skip("4005") });
  record([1, 2]);
  await sessionReplay.flush(5_000);
  assert.equal(sessionReplay.stats().state, "session-ended-by-server");
  await sessionReplay.shutdown(0);
  // A Response-like with nothing but its status.
  await start({ handleSendEvents: async () => ({ status: 400 }) });
  record([1, 2]);
  assert.equal(await sessionReplay.flush(5_000), "ok");
  assert.equal(sessionReplay.stats().dropped.rejectedByServer, 2);
});

const trap = () => {
  throw new Error("a trap");
};

for (const [what, headers] of Object.entries({
  "headers that throw": { get headers() { return trap(); } },
  "headers whose get throws": { headers: { get: trap } },
  "a header that is no text": { headers: { get: () => Object.create(null) } },
})) {
  test(`what the server took is sent once, whatever the handler returns: ${what}`, async () => {
    let requests = 0;
    const handleSendEvents = async (request) => {
      requests++;
      const { status } = await carry(request);
      return Object.create({ status }, Object.getOwnPropertyDescriptors(headers));
    };
    await start({ handleSendEvents });
    record([1, 2]);
    assert.equal(await sessionReplay.flush(10_000), "ok");
    assert.deepEqual(await arrived(), [1, 2]);
    assert.deepEqual([requests, sessionReplay.stats().batches.retried], [1, 0]);
  });
}

test("a response that comes too late, twice or after the end changes nothing", async () => {
  const late = [];
  let attempts = 0;
  await start({
    sendTimeoutMs: 300,
    handleSendEvents: async (request) => {
      if (++attempts > 1) return carry(request);
      // The library has given it up, and hears of it when the next is under way.
      await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      late.push(request.signal.reason.name);
      await delay(50);
      return new Response(null, { status: 200, headers: { "X-Session-Replay-Event-Skipped": "4005" } });
    },
  });
  record(count(0, 10));
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.deepEqual([late, [...new Set(await arrived())]], [["TimeoutError"], count(0, 10)]);

  let answer;
  await start({ handleSendEvents: () => new Promise((resolve) => (answer = resolve)) });
  record([1]);
  assert.equal(await sessionReplay.shutdown(300), "timeout");
  answer(new Response(null, { status: 200 }));
  await start({ handleSendEvents: carry });
  record(count(0, 10));
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.deepEqual([...new Set(await arrived())], count(0, 10));
});

test("flush and shutdown wait for a handler that takes its time", async () => {
  const slow = async (request) => (await delay(200), carry(request));
  await start({ handleSendEvents: slow });
  record([1]);
  assert.equal(await sessionReplay.flush(10_000), "ok");
  record([2]);
  assert.equal(await sessionReplay.shutdown(10_000), "ok");
  assert.deepEqual(await arrived(), [1, 2]);
});

test("while the event loop is busy a request waits, and none of its attempts is used up", async () => {
  await start({ flushMaxRetries: 1, sendTimeoutMs: 5_000, handleSendEvents: carry });
  record([1]);
  void sessionReplay.flush(0);
  for (const end = performance.now() + 6_000; performance.now() < end; );
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.equal(sessionReplay.stats().batches.retried, 0);
  assert.equal(sessionReplay.stats().lastError, null);
  assert.deepEqual(await arrived(), [1]);
});

test("a large backlog goes in order, batch by batch", async () => {
  let sum = 0;
  await start({ maxPersistedEventsSizeBytes: 2_000, handleSendEvents: (request) => (sum++, carry(request)) });
  record(count(0, 1_000));
  assert.equal(await sessionReplay.flush(60_000), "ok");
  assert.deepEqual(await arrived(), count(0, 1_000));
  assert.ok(sum > 20, `${sum} requests`);
});

test("a later init with other handlers puts them in place of the first, and recording goes on", async () => {
  const [first, second] = [[], []];
  await start({ handleSendEvents: (request) => (first.push(request), carry(request)) });
  record([1]);
  assert.equal(await sessionReplay.flush(), "ok");
  device--;
  await start({ handleSendEvents: (request) => (second.push(request), carry(request)) });
  record([2]);
  assert.equal(await sessionReplay.flush(), "ok");
  assert.deepEqual([first.length, second.length, await arrived()], [1, 1, [1, 2]]);
  assert.equal(sessionReplay.stats().delivered, 2, "it is the same recorder");
});

test("one handler alone leaves the other requests to the library", async () => {
  const kinds = [];
  const note = (request) => (kinds.push(request.method), carry(request));
  for (const handler of [{ handleSendEvents: note }, { handleFetchConfig: note }]) {
    await start({ enableRemoteConfig: true, ...handler });
    record([1]);
    assert.equal(await sessionReplay.shutdown(10_000), "ok");
    assert.deepEqual(await arrived(), [1]);
  }
  assert.deepEqual(kinds.slice(0, 2), ["POST", "GET"]);
  // On a slow machine the configuration takes more than one attempt.
  assert.ok(kinds.slice(2).every((kind) => kind === "GET"), kinds.join());
});

const PROGRAM = (body) => `
  import * as sessionReplay from "session-replay-native";
  import { Worker } from "node:worker_threads";
  const given = JSON.parse(process.env.GIVEN);
  const event = (payload) => ({ type: 5, timestamp: ${SESSION}, data: { tag: "test", payload } });
  const carry = ({ url, method, headers, body }) => fetch(url, { method, headers, body });
  ${body}`;

/** Runs a program in a process of its own. */
function run(body, more = {}) {
  const given = viewer.options({ deviceId: `host-${++device}`, sessionId: SESSION, ...more });
  const args = ["--input-type=module", "--eval", PROGRAM(body)];
  const env = { ...process.env, SESSION_REPLAY_LIBRARY: libraryPath, GIVEN: JSON.stringify(given) };
  return spawnSync(process.execPath, args, { cwd: packageFolder, env, encoding: "utf8", timeout: 60_000 });
}

test("a request under way keeps no process alive, and what it carried is delivered by the next start", async (t) => {
  const storageDir = mkdtempSync(join(tmpdir(), "session-replay-host-requests-"));
  t.after(() => rmSync(storageDir, { recursive: true, force: true }));
  for (const end of ["", "process.exit(0);"]) {
    const body = `
      let asked;
      const isAsked = new Promise((resolve) => (asked = resolve));
      await sessionReplay.init("key", { ...given, handleSendEvents: () => new Promise(asked) }).promise;
      sessionReplay.record(event("kept"));
      const flushed = sessionReplay.flush(500);
      await Promise.all([isAsked, flushed]);
      ${end}`;
    const { status, signal, stderr } = run(body, { storageDir, logLevel: "none" });
    assert.deepEqual([status, signal, stderr], [0, null, ""]);
    await sessionReplay.init("key", viewer.options({ storageDir, deviceId: `host-${device}`, sessionId: SESSION, handleSendEvents: carry })).promise;
    assert.equal(await sessionReplay.flush(20_000), "ok");
    assert.deepEqual(await arrived(), ["kept"]);
    await sessionReplay.shutdown(5_000);
  }
});

test("a worker has handlers of its own, and takes nothing down with it", { skip: process.env.SESSION_REPLAY_BACKEND === "ffi-napi" }, async () => {
  const body = `
    const code = \`
      const sessionReplay = await import("session-replay-native");
      const { parentPort, workerData } = await import("node:worker_threads");
      const handleSendEvents = ({ url, method, headers, body }) => { parentPort.postMessage("asked"); return fetch(url, { method, headers, body }); };
      sessionReplay.init("key", { ...workerData, handleSendEvents }).promise.then(() => {
        parentPort.on("message", async () => {
          sessionReplay.record({ type: 5, timestamp: ${SESSION}, data: { tag: "test", payload: 1 } });
          parentPort.postMessage(await sessionReplay.flush());
        });
        parentPort.postMessage("started");
      });\`;
    const worker = new Worker(code, { eval: true, workerData: given });
    const said = [];
    const says = (what) => new Promise((resolve) => worker.on("message", (it) => (said.push(it), it === what && resolve())));
    await says("started");
    worker.postMessage("record");
    await says("ok");
    await worker.terminate();
    sessionReplay.record(event(2));
    // Nobody takes the request of this one: nothing is sent past the handlers, and nothing waits for ever.
    console.log(JSON.stringify([[...new Set(said)], await sessionReplay.shutdown(500)]));`;
  const { status, signal, stdout, stderr } = run(body, { logLevel: "none" });
  assert.deepEqual([status, signal, stderr], [0, null, ""]);
  assert.deepEqual(JSON.parse(stdout), [["started", "asked", "ok"], "timeout"]);
  assert.deepEqual(await arrived(), [1]);
});
