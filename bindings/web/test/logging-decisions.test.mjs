// What of messages and requests is kept, decided without a page: paths beside the browser SDK's own, secrets, rates.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";
import { pruneJson } from "@amplitude/analytics-core";
import { bundle } from "./support/page.mjs";
import { seeded } from "./support/seeded.mjs";

/** The exports of a module of ours, in Node. */
async function load(module) {
  const source = await bundle(`export * from "../src/${module}";`, { format: "esm" });
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}

const { prune } = await load("network/prune");
const { networkConfigOf } = await load("network/config");
const { reasonToSkip } = await load("network/content-type");
const { captureText } = await load("network/body");
const { allowedHeaders } = await load("network/headers");
const { addressOf, errorOf, shortened } = await load("network/request");
const { maskValues } = await load("console/mask-values");
const { consoleConfigOf } = await load("console/config");
const { framesOf } = await load("console/trace");
const { isSecretHeader, isSecretName } = await load("privacy/secret-names");
const { maskAddress, maskSecrets } = await load("privacy/secrets");
const { Allowance } = await load("page-world/allowance");

const JSONS = [
  { a: 1, b: { c: [1, 2, { d: null }], e: "x" }, f: [] },
  { users: [{ name: "n", card: { number: 1, exp: 2 } }, { name: "m" }], "a/b": 1, "~": { x: 1 }, deep: { deep: { deep: { a: 1 } } } },
  [1, [2, [3, { a: { a: 1 } }]], {}],
  { a: { b: { a: { b: { a: 1 } } } }, token: "t", nested: { token: { token: 1 } } },
];
const PATHS = ["/**", "**", "/a", "a", "/a/*", "/a/**", "/**/a", "**/token", "/users/*/name", "/users/**/number", "/a~1b", "/~0/x", "/*", "/*/*", "/**/b/**/a", "/**/**", "", "/", "/0", "/1/*/**", "/deep/**/a", "/nope", "/b/c/2/d", "/**/*"];

test("paths leave of a body what the browser SDK leaves", () => {
  let compared = 0;
  for (const json of JSONS) {
    for (const allowed of [["/**"], ...PATHS.map((path) => [path]), ["/a", "/users/**"]]) {
      for (const excluded of [[], ...PATHS.map((path) => [path]), ["/**/token", "/a/b"]]) {
        const [ours, theirs] = [structuredClone(json), structuredClone(json)];
        prune(ours, allowed, excluded);
        pruneJson(theirs, allowed, excluded);
        assert.deepEqual(ours, theirs, `${JSON.stringify(json)} allowed ${allowed} excluded ${excluded}`);
        compared++;
      }
    }
  }
  assert.ok(compared > 2_000);
});

/** What takes a second at most, on any machine, is ended after this: a search that tries everything would take years. */
const HARD_LIMIT_MS = 60_000;

/** A module's export, to be run within the limit: the value of `call`, an expression in which it is `ours`. */
async function withinLimit(module, name, call) {
  const code = await bundle(`export { ${name} } from "../src/${module}";`, { format: "iife", globalName: "ours" });
  return vm.runInNewContext(`${code}; const { ${name} } = ours; ${call}`, { TextDecoder }, { timeout: HARD_LIMIT_MS });
}

test("what lies deeper than the library keeps is not kept, and the rest is", () => {
  const nested = (depth) => Array.from({ length: depth - 1 }).reduce((inside) => ({ a: inside }), { a: 1 });
  for (const [depth, isKept] of [[64, true], [65, false], [5_000, false]]) {
    const json = { deep: nested(depth - 1), b: 2 };
    prune(json, ["/**"], []);
    assert.equal("deep" in json, isKept, depth);
    assert.equal(json.b, 2);
  }
});

test("a path of many ** takes no longer for it", async () => {
  const call = `let json = "x";
    for (let i = 0; i < 60; i++) json = { a: json };
    prune(json, ["/**/a".repeat(30) + "/b"], []);
    JSON.stringify(json)`;
  assert.equal(await withinLimit("network/prune", "prune", call), "{}");
});

const read = (name) => JSON.parse(readFileSync(new URL(`../../../tests/fixtures/${name}`, import.meta.url), "utf8"));
const fixture = read("secrets.json");
const M = "********";

test("names of secrets are the library's", () => {
  for (const name of fixture.secretNames) assert.ok(isSecretName(name), name);
  for (const name of fixture.plainNames) assert.ok(!isSecretName(name), name);
});

test("secrets in texts, addresses and headers are masked as by the library", () => {
  for (const [text, masked] of fixture.texts) assert.equal(maskSecrets(text), masked);
  assert.ok(fixture.texts.every(([, masked]) => !masked.includes("hunter2")));
  for (const [url, masked] of fixture.urls) assert.equal(maskAddress(url), masked);
  for (const [name, value, masked] of fixture.headers) assert.equal(isSecretHeader(name) ? M : maskSecrets(value), masked, name);
});

test("texts at random are masked as by the library", () => {
  for (const [text, masked, maskedUrl] of read("secrets_at_random.json")) {
    assert.equal(maskSecrets(text), masked, JSON.stringify(text));
    assert.equal(maskAddress(text), maskedUrl, JSON.stringify(text));
  }
});

test("no text before a secret hides it", () => {
  const seed = Number(process.env.SR_SEED ?? Date.now());
  console.log(`SR_SEED=${seed}`);
  const random = seeded(seed);
  const any = (limit) => Math.floor(random() * limit);
  const textAtRandom = () => Array.from({ length: any(20) }, () => fixture.pieces[any(fixture.pieces.length)]).join("");
  for (let turn = 0; turn < 20_000; turn++) {
    const text = `${textAtRandom()}\npassword=hunter2 ${textAtRandom()}`;
    assert.ok(!maskSecrets(text).includes("hunter2"), JSON.stringify(text));
  }
});

test("of the values of a message each text is masked, and what a name of a secret stands before", () => {
  for (const [values, expected] of [
    [["password: hunter2"], [`password: ${M}`]],
    [['Authorization: Digest username="ann", response="abc"\nnext'], [`Authorization: ${M}\nnext`]],
    [[{ token: { v: "abc" }, n: 1, a: ["pwd=x", { password: ["x"] }] }], [{ token: M, n: 1, a: [`pwd=${M}`, { password: M }] }]],
    [["token:", "abc", "def"], ["token:", M, "def"]],
    [["password =", { a: 1 }], ["password =", M]],
    [["the password", "abc"], ["the password", "abc"]],
    [[JSON.parse('{"__proto__":{"pin":1}}')], [JSON.parse(`{"__proto__":{"pin":"${M}"}}`)]],
    [[12, null, true], [12, null, true]],
  ]) {
    assert.deepEqual(maskValues(values.map((value) => JSON.stringify(value)), maskSecrets), expected.map((value) => JSON.stringify(value)));
  }
  assert.deepEqual(maskValues(["no JSON, pin=1"], maskSecrets), [`"no JSON, pin=${M}"`]);
  assert.ok(maskValues(["[".repeat(50_000) + "]".repeat(50_000)], maskSecrets)[0].length < 100);
});

test("no text is cut so that a secret in it shows", () => {
  const shows = (text) => /hun|eyJ/.test(text);
  const config = { allowedHeaders: null, excludedHeaders: [] };
  const stackOf = (line) => `Error\n    at ${line}\n`;
  for (const secret of ["password=hunter2", "Bearer hunter2", "eyJodW50.ZXIy.hunter2", "https://hunter2:hunter2@host/"]) {
    for (let length = 0; length < secret.length + 4; length++) {
      const text = (max) => `${"x".repeat(max - length)} ${secret} x`;
      const kept = {
        body: captureText(text(100), true, { maxBytes: 100, paths: null }).value,
        members: captureText(JSON.stringify({ a: text(100) }), true, { maxBytes: 106, paths: { allowlist: ["/**"], excludelist: [] } }).value,
        header: allowedHeaders([["x-own", text(2_048)]], config)["x-own"],
        error: errorOf(new Error(text(1_024))).message,
        frame: framesOf(stackOf(text(500)))[0],
      };
      for (const [what, cut] of Object.entries(kept)) assert.ok(!shows(maskSecrets(cut)), `${what}: ${cut}`);
    }
  }
  const url = `https://host/${"x".repeat(8_180)}/eyJodW50.ZXIy.hunter2/x`;
  assert.ok(!shows(shortened(maskAddress(addressOf(url)))));
  assert.ok(shortened(maskAddress(addressOf(url))).endsWith("…"));
});

// At a million characters the square of their number is out of reach, too.
for (const part of ["a", "eyJ", "eyJ-eyJ.", '\\"', "http", "a.-", "%", "[", '"a', "bearer ", "bearer", "token", "token:", "token=[", "http://a?b=", "%3D", "token\"", "://", "token: {\"", ...fixture.repeated]) {
  test(`a text of a million characters is searched in time: ${JSON.stringify(part)}`, async () => {
    const call = `maskSecrets(${JSON.stringify(part)}.repeat(${1_000_000 / part.length})).length`;
    assert.ok((await withinLimit("privacy/secrets", "maskSecrets", call)) > 0);
  });
}

for (const [headers, expected] of [
  [{}, "skipped_stream"],
  [{ "content-length": "12" }, null],
  [{ "content-length": "what" }, "skipped_large"],
  [{ "content-type": "application/json; charset=utf-8" }, null],
  [{ "content-type": "application/problem+json" }, null],
  [{ "content-type": "text/html" }, null],
  [{ "content-type": "text/plain" }, "skipped_stream"],
  [{ "content-type": "text/plain", "content-length": "1048576" }, null],
  [{ "content-type": "text/html", "content-length": "1000" }, null],
  [{ "content-type": "text/plain", "content-length": "1073741824" }, "skipped_large"],
  [{ "content-type": "TEXT/Event-Stream" }, "skipped_stream"],
  [{ "content-type": "application/x-ndjson" }, "skipped_stream"],
  [{ "content-type": "image/png" }, "skipped_binary"],
  [{ "content-type": "application/octet-stream" }, "skipped_binary"],
  [{ "content-type": "application/pdf" }, "skipped_binary"],
  [{ "content-type": "font/woff2" }, "skipped_binary"],
]) {
  test(`a body with ${JSON.stringify(headers)}`, () => assert.equal(reasonToSkip((name) => headers[name]), expected));
}

const rules = (maxBytes, paths = null) => ({ maxBytes, paths });
for (const [what, text, isWhole, given, expected] of [
  ["all of it", "abc", true, rules(3), { value: "abc", status: "captured" }],
  ["more than may be", "abcd", true, rules(3), { value: "abc", status: "truncated" }],
  ["a character that does not fit", "ab😀", true, rules(5), { value: "ab", status: "truncated" }],
  ["the beginning of a body", "abc", false, rules(3), { value: "abc", status: "truncated" }],
  ["nothing", "", true, rules(0), { value: "", status: "captured" }],
  ["a list", '{"a":1,"b":2}', true, rules(99, { allowlist: ["/a"], excludelist: [] }), { value: '{"a":1}', status: "captured" }],
  ["a list, and half of a body", '{"a":1,', false, rules(99, { allowlist: ["/a"], excludelist: [] }), { status: "skipped_large" }],
  ["a list, and no JSON", "a=1", true, rules(99, { allowlist: ["/a"], excludelist: [] }), { status: "skipped_unparsed" }],
  ["a list, and nothing", "", true, rules(99, { allowlist: ["/a"], excludelist: [] }), { value: "", status: "captured" }],
  ["a list, and a text of JSON", '"secret"', true, rules(99, { allowlist: ["/a"], excludelist: [] }), { status: "skipped_unparsed" }],
]) {
  test(`of a body: ${what}`, () => assert.deepEqual(captureText(text, isWhole, given), expected));
}

test("the configuration of requests: off, defaults, bounds, old names", () => {
  for (const off of [undefined, {}, { network: {} }, { network: { enabled: false } }]) assert.equal(networkConfigOf(off ?? {}), null);
  const of = (body, headers) => networkConfigOf({ network: { enabled: true, body, headers } });
  assert.deepEqual(of(), { request: null, response: null, allowedHeaders: null, excludedHeaders: [] });
  assert.deepEqual(of({ request: true, response: { enabled: false } }).request, { paths: null, maxBytes: 10_240 });
  assert.equal(of({ request: true, response: { enabled: false } }).response, null);
  assert.equal(of({ request: true, maxBodySizeBytes: 1e12 }).request.maxBytes, 1_000_000);
  for (const wrong of [-1, "9", null, NaN]) assert.equal(of({ request: true, maxBodySizeBytes: wrong }).request.maxBytes, 10_240);
  assert.deepEqual(of({ response: { blocklist: ["/a"] } }).response.paths, { allowlist: ["/**"], excludelist: ["/a"] });
  assert.deepEqual(of({ response: { blocklist: ["/a"], excludelist: [] } }).response.paths, { allowlist: ["/**"], excludelist: ["/a"] });
  assert.deepEqual(of({}, { allowlist: ["X-A"], excludelist: ["X-B"] }).allowedHeaders, ["x-a"]);
});

test("lists of headers: names in any case, and * for any", () => {
  const headers = [["X-A", "1"], ["x-b", "2"], ...Array.from({ length: 200 }, (_, i) => [`y-${i}`, "3"]), ["x-c", "4"]];
  const kept = (lists) => allowedHeaders(headers, networkConfigOf({ network: { enabled: true, headers: lists } }));
  assert.equal(Object.keys(kept({})).length, 100);
  assert.deepEqual(kept({ allowlist: ["*"] }), kept({}));
  assert.deepEqual(kept({ allowlist: ["x-a", "X-C"] }), { "X-A": "1", "x-c": "4" });
  assert.deepEqual(kept({ allowlist: ["*", "x-c"], excludelist: ["x-A"] })["x-b"], "2");
  assert.equal(kept({ allowlist: ["*"], excludelist: ["*"] }), undefined);
});

test("of an address that holds its content only the kind is told, however it is written", () => {
  for (const url of ["data:text/plain,secret", " \tDATA:Text/Plain;charset=x,secret"]) assert.equal(addressOf(url), `data:text/plain,${M}`);
});

test("the configuration of the console: levels, and errors with the level of that name", () => {
  const all = ["info", "log", "warn", "error"];
  for (const [given, expected] of [
    [{}, null],
    [{ console: { enabled: false, levels: ["log"] } }, null],
    [{ console: { enabled: true } }, { levels: all, errors: true }],
    [{ console: { enabled: true, levels: ["warn", "debug"] } }, { levels: ["warn"], errors: false }],
    [{ console: { enabled: true, levels: ["error"] } }, { levels: ["error"], errors: true }],
    [{ console: { enabled: true, levels: ["error"] }, errors: { enabled: false } }, { levels: ["error"], errors: false }],
    [{ errors: { enabled: true } }, { levels: [], errors: true }],
  ]) {
    assert.deepEqual(consoleConfigOf(given), expected, JSON.stringify(given));
  }
});

for (const [part, kept, left] of [
  [{ headers: { allowlist: "Content-Type" } }, { allowedHeaders: ["content-type"] }],
  [{ headers: { excludelist: "Accept" } }, { allowedHeaders: null, excludedHeaders: ["accept"] }],
  [{ body: { request: { allowlist: "/a" } } }, { request: { paths: { allowlist: ["/a"], excludelist: [] }, maxBytes: 10_240 } }],
  [{ body: { response: { blocklist: "/a" } } }, { response: { paths: { allowlist: ["/**"], excludelist: ["/a"] }, maxBytes: 10_240 } }],
  [{ headers: { allowlist: { accept: true } } }, { allowedHeaders: [] }, /headers.allowlist/],
  [{ headers: { excludelist: ["accept", 1] } }, { allowedHeaders: [] }, /headers.excludelist/],
  [{ headers: ["accept"] }, { allowedHeaders: [] }, /network.headers/],
  [{ body: { request: { allowlist: 7 }, response: true } }, { request: null, response: { paths: null, maxBytes: 10_240 } }, /request.allowlist/],
  [{ body: { response: { excludelist: [["/a"]] } } }, { response: null }, /response.excludelist/],
  [{ body: { request: "/a" } }, { request: null }, /body.request/],
  [{ body: { request: { enabled: "false" } } }, { request: null }, /body.request/],
  [{ body: "all" }, { request: null, response: null }, /network.body/],
]) {
  test(`lists of another shape: ${JSON.stringify(part)}`, () => {
    const problems = [];
    const config = networkConfigOf({ network: { enabled: true, ...part } }, (problem) => problems.push(problem));
    for (const name of Object.keys(kept)) assert.deepEqual(config[name], kept[name], name);
    assert.equal(problems.length, left ? 1 : 0);
    if (left) assert.match(problems[0], left);
  });
}

test("levels of another shape", () => {
  const problems = [];
  const of = (levels) => consoleConfigOf({ console: { enabled: true, levels } }, (problem) => problems.push(problem));
  assert.deepEqual(of("error"), { levels: ["error"], errors: true });
  assert.equal(problems.length, 0);
  for (const wrong of [{ error: true }, 1, ["error", null]]) assert.equal(of(wrong), null);
  assert.equal(problems.length, 3);
});

test("stacks of Chromium, Firefox and Safari", () => {
  const v8 = "Error: x\n    at run (https://a/b.js:1:2)\n    at https://a/b.js:3:4\n    at async Promise.all (index 0)";
  assert.deepEqual(framesOf(v8), ["run (https://a/b.js:1:2)", "https://a/b.js:3:4", "async Promise.all (index 0)"]);
  assert.deepEqual(framesOf("run@https://a/b.js:1:2\n@https://a/b.js:3:4\n[native code]"), ["run (https://a/b.js:1:2)", "https://a/b.js:3:4"]);
  assert.deepEqual(framesOf(undefined), []);
  const long = framesOf(`Error\n${"    at run (https://a/b.js:1:2)\n".repeat(1_000)}    at ${"x".repeat(10_000)}`);
  assert.ok(long.length <= 20 && long.every((frame) => frame.length <= 500));
});

test("an allowance: so much at once, so much a second, whichever measure is used up first", () => {
  let now = 0;
  const allowance = new Allowance({ messages: { burst: 3, perSecond: 2 }, characters: { burst: 100, perSecond: 10 } }, () => now);
  const spend = (characters) => {
    if (!allowance.isLeft) return false;
    allowance.spend({ messages: 1, characters });
    return true;
  };
  assert.deepEqual([1, 1, 1, 1].map(spend), [true, true, true, false]);
  now = 500;
  assert.deepEqual([1, 1].map(spend), [true, false]);
  now = 10_000;
  assert.deepEqual([1_000, 1].map(spend), [true, false]);
  now = 60_000;
  assert.equal(spend(1), false);
  now = 110_000;
  assert.equal(spend(1), true);
});
