// Two viewers on one bucket: neither knows of the other, and both tell the same.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { SESSION, custom, pageWith } from "../support/events.mjs";
import { startViewer } from "../support/viewer.mjs";
import { until } from "../support/waiting.mjs";
import { startBucket } from "./s3-server.mjs";

let bucket, one, other;
let tests = 0;
let prefix;
const more = [];

before(async () => {
  bucket = await startBucket();
});

after(() => bucket?.stop());

/** Each test has a store of its own. */
beforeEach(async () => {
  tests += 1;
  prefix = `desk-${tests}/inner`;
  [one, other] = [await startOn(), await startOn()];
});

afterEach(() => Promise.all([one, other, ...more.splice(0)].map((viewer) => viewer.stop())));

const startOn = (...options) => startViewer(...bucket.options(prefix), ...options);

const first = [...pageWith([]), custom("first")];
const payloadsOf = (events) => events.flatMap(({ type, data }) => (type === 5 ? [data.payload] : []));
const send = (viewer, device, ...payloads) => viewer.send(device, SESSION, payloads.map((payload) => custom(payload)));
const call = async (viewer, method, path, init = {}) => {
  const answer = await fetch(viewer.url + path, { method, ...init });
  const body = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(body));
  return body;
};
const known = async (viewer) => (await viewer.sessions()).map(({ replay_id: id, events, sequences, library }) => ({ id, events, sequences, library })).sort((a, b) => (a.id < b.id ? -1 : 1));

/** Waits until both list these sessions: `[id, events]`. */
async function bothList(...sessions) {
  const expected = JSON.stringify(sessions.map(([id, events]) => [`${id}/${SESSION}`, events]));
  for (const viewer of [one, other]) {
    const list = async () => JSON.stringify((await known(viewer)).map(({ id, events }) => [id, events]));
    await until(async () => (await list()) === expected, `${expected} is listed`);
  }
  assert.deepEqual(await known(one), await known(other));
}

test("the server knows conditional writes, without which two viewers could not share it", async () => {
  const once = () => bucket.put("once", "text", { "If-None-Match": "*" });
  assert.deepEqual([await once(), await once()], [200, 412]);
});

test("batches to each of them are in both lists, and sessions that both have got are one", async () => {
  await one.send("a", SESSION, first);
  await other.send("b", SESSION, first);
  await send(other, "a", "second");
  await send(one, "a", "third");
  await bothList(["a", 5], ["b", 3]);
  for (const viewer of [one, other]) assert.deepEqual(payloadsOf(await viewer.events("a", SESSION)), ["first", "second", "third"]);
});

test("a session that begins in both at once is captured once", async () => {
  await Promise.all([one, other].flatMap((viewer) => Array.from({ length: 5 }, () => viewer.send("a", SESSION, first))));
  await bothList(["a", 30]);
  for (const viewer of [one, other]) assert.equal((await viewer.get("/api/events")).length, 1);
  assert.equal((await bucket.keys(`${prefix}/v1/sessions/`)).length, 1);
});

test("whoever follows a session in one hears what the other receives", async () => {
  await one.send("a", SESSION, first);
  const stop = new AbortController();
  const feed = await fetch(`${one.url}/api/sessions/a/${SESSION}/live`, { signal: stop.signal });
  let heard = "";
  const reading = (async () => {
    for await (const chunk of feed.body.pipeThrough(new TextDecoderStream())) heard += chunk;
  })().catch((error) => assert.equal(error.name, "AbortError"));
  await until(() => heard.includes("first"), "the beginning is heard");
  await send(other, "a", "from the other");
  await until(() => heard.includes("from the other"), "what the other received is heard");
  stop.abort();
  await reading;
});

test("what one deletes is gone in both, and what arrives afterwards is a fresh session", async () => {
  for (const device of ["a", "ab"]) await one.send(device, SESSION, first);
  await send(other, "a", "second");
  await bothList(["a", 4], ["ab", 3]);
  assert.equal((await call(other, "DELETE", `/api/sessions/a/${SESSION}`)).sessions, 1);
  await bothList(["ab", 3]);
  assert.equal((await call(one, "DELETE", `/api/sessions/a/${SESSION}`)).sessions, 0);
  assert.deepEqual((await bucket.keys(prefix)).filter((key) => /\/a\/|deletions/.test(key)), [], "nothing of it is left");

  // This one made the marker that the other has deleted.
  await send(one, "a", "afresh");
  await bothList(["a", 1], ["ab", 3]);
  assert.ok((await known(one)).every(({ library }) => library === "standalone/1.0.0"), "it has a marker");
  assert.equal((await call(one, "DELETE", "/api/devices/a")).sessions, 1);
  assert.equal((await call(other, "DELETE", `/api/sessions?older_than=${Date.now() + 60_000}`)).sessions, 1);
  await bothList();
  assert.deepEqual((await bucket.keys(`${prefix}/v1`)).filter((key) => !key.includes("/v1/changes") && !key.includes("/v1/index")), []);
});

test("both receive and delete at the same moment, and no half is left", async () => {
  await Promise.all(
    [one, other].flatMap((viewer) => [
      (async () => {
        for (let round = 0; round < 10; round += 1) await viewer.send("a", SESSION, first);
      })(),
      (async () => {
        for (let round = 0; round < 5; round += 1) await call(viewer, "DELETE", "/api/devices/a");
      })(),
    ]),
  );
  await call(one, "DELETE", "/api/devices/a");
  await bothList();
  await other.send("a", SESSION, first);
  await bothList(["a", 3]);
  assert.equal((await known(one))[0].library, "standalone/1.0.0");
});

test("a deletion that one began and could not end is ended by the next that starts", async () => {
  for (const payload of ["second", "third"]) {
    await one.send("a", SESSION, first);
    await send(one, "a", payload);
  }
  const batches = (await bucket.keys(`${prefix}/v1/sequences/a/`)).sort();
  const through = batches.at(-1).split("/").at(-1);
  await bucket.put(`${prefix}/v1/deletions/a/${SESSION}/00001732300000000000-0000000000000007`, JSON.stringify({ through }));
  await bucket.remove(batches[0]);
  more.push(await startOn());
  await bothList();
  await until(async () => (await bucket.keys(`${prefix}/v1/deletions/`)).length === 0, "the deletion is ended");
});

test("a file that is imported in one is known in the other", async () => {
  const file = first.map((event) => JSON.stringify(event)).join("\n");
  const importTo = (viewer) => call(viewer, "POST", "/api/import?name=shop.jsonl", { body: file, headers: { "Content-Type": "application/octet-stream" } });
  const [here, there] = [await importTo(one), await importTo(other)];
  assert.deepEqual([here.known, there.known], [false, true]);
  assert.equal(here.session_id, there.session_id);
  await until(async () => (await known(one)).length === 1 && (await known(other)).length === 1, "both have it");
  assert.deepEqual(await known(one), await known(other));
});

test("what is too old or too much goes at the start, by two viewers at once, and what is left survives a restart", async () => {
  for (const device of ["old", "young"]) await one.send(device, SESSION, first);
  await send(one, "old", "second");
  const HOUR = 3_600_000_000;
  for (const [device, hours] of [["old", 3], ["young", 1]]) {
    for (const key of await bucket.keys(`${prefix}/v1/sequences/${device}/`)) {
      const [, folder, arrived, rest] = /^(.*\/)(\d{20})(-.*)$/.exec(key);
      await bucket.move(key, folder + String(Number(arrived) - hours * HOUR).padStart(20, "0") + rest);
    }
  }
  await Promise.all([one, other].map((viewer) => viewer.stop()));
  [one, other] = await Promise.all([startOn("--keep", "2h"), startOn("--keep", "2h", "--max-bytes", "1GB")]);
  await bothList(["young", 3]);
  await one.send("live", SESSION, first);
  await Promise.all([one, other].map((viewer) => viewer.stop()));
  [one, other] = await Promise.all([startOn("--max-bytes", "1B"), startOn()]);
  await bothList(["live", 3]);
  await Promise.all([one, other].map((viewer) => viewer.stop()));
  [one, other] = [await startOn(), await startOn()];
  await bothList(["live", 3]);
});
