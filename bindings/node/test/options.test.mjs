// Options as hosts of the browser SDK give them: whatever that SDK takes lets recording begin, and the log says once what
// was done instead. Each line was read off @amplitude/session-replay-browser 1.51.6: its types, and what its code clamps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as sessionReplay from "session-replay-native";
import { SESSION, custom } from "../../../tests/support/events.mjs";
import { project } from "../../../tests/support/paths.mjs";
import { startViewer } from "../../../tests/support/viewer.mjs";

const require = createRequire(import.meta.url);
const { NATIVE_KEYS } = require("../dist/options/keys.js");
const { sortOptions } = require("../dist/options/sorted.js");

let viewer;
const logged = [];
before(async () => {
  viewer = await startViewer();
  sessionReplay.on("log", (line) => logged.push(line));
});
after(() => viewer.stop());

const members = (count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, at]));

const privacy = (given, read) => [{ privacyConfig: given }, { privacyConfig: read }];
const interval = (given, read) => [{ flushIntervalConfig: given }, { flushIntervalConfig: read }];
const many = (count) => Array.from({ length: count }, (_none, number) => `.a${number}`);
/** What is given, what the library is given of it, and how often something is said. */
const TABLE = [
  [{ sampleRate: 1.5 }, { sampleRate: 1 }, 1],
  [{ sampleRate: -0.1 }, { sampleRate: 0 }, 1],
  [{ sampleRate: NaN }, { sampleRate: 0 }, 1],
  [{ sampleRate: Infinity }, { sampleRate: 1 }, 1],
  [{ sampleRate: "0.5" }, { sampleRate: 0.5 }, 1],
  [{ sampleRate: "half" }, { sampleRate: 0 }, 1],
  [{ sampleRate: "" }, { sampleRate: 0 }, 1],
  [{ sampleRate: true }, { sampleRate: 1 }, 1],
  [{ sampleRate: {} }, { sampleRate: 0 }, 1],
  [{ sampleRate: null }, {}, 0],
  [{ sampleRate: 0.000001 }, { sampleRate: 0.000001 }, 0],
  [{ sessionId: SESSION + 0.5 }, { sessionId: SESSION }, 1],
  [{ sessionId: String(SESSION) }, { sessionId: String(SESSION) }, 0],
  [{ sessionId: "my.session" }, { sessionId: "my.session" }, 0],
  [{ sessionId: -1 }, {}, 1],
  [{ sessionId: NaN }, {}, 1],
  [{ sessionId: Infinity }, {}, 1],
  [{ sessionId: {} }, {}, 1],
  [{ sessionId: 0 }, {}, 0],
  [{ sessionId: 2 ** 53 }, { sessionId: "9007199254740992" }, 1],
  [{ deviceId: 12345 }, { deviceId: "12345" }, 1],
  [{ deviceId: "" }, {}, 0],
  [{ deviceId: false }, {}, 1],
  [{ deviceId: {} }, {}, 1],
  [{ deviceId: ["a"] }, {}, 1],
  [...interval({ minIntervalMs: 0 }, { minIntervalMs: 100 }), 1],
  [...interval({ minIntervalMs: -5, maxIntervalMs: NaN }, { minIntervalMs: 100, maxIntervalMs: 100 }), 2],
  [...interval({ minIntervalMs: Infinity }, { minIntervalMs: 100 }), 1],
  [...interval({ maxIntervalMs: Infinity }, { maxIntervalMs: 600_000 }), 1],
  [...interval({ minIntervalMs: 1e9 }, { minIntervalMs: 600_000 }), 1],
  [...interval({ minIntervalMs: 5_000, maxIntervalMs: 1_000 }, { minIntervalMs: 5_000, maxIntervalMs: 5_000 }), 1],
  [...interval({ minIntervalMs: 1_000.5 }, { minIntervalMs: 1_001 }), 1],
  [...interval({ minIntervalMs: "500" }, { minIntervalMs: 500 }), 1],
  [...interval({ minIntervalMs: 20, maxIntervalMs: 100 }, { minIntervalMs: 20, maxIntervalMs: 100 }), 0],
  [...interval({ minIntervalMs: null, other: 1 }, {}), 1],
  [{ flushIntervalConfig: 5 }, {}, 1],
  [{ flushMaxRetries: 0 }, { flushMaxRetries: 1 }, 1],
  [{ flushMaxRetries: 1e9 }, { flushMaxRetries: 100 }, 1],
  [{ flushMaxRetries: NaN }, {}, 1],
  [{ maxPersistedEventsSizeBytes: Infinity }, {}, 1],
  [{ maxSingleEventSizeBytes: 10_000_000 }, { maxSingleEventSizeBytes: 9_000_000 }, 1],
  [{ maxSingleEventSizeBytes: 1 }, { maxSingleEventSizeBytes: 1_000 }, 1],
  [{ sendTimeoutMs: 0 }, { sendTimeoutMs: 120_000 }, 1],
  [{ sendTimeoutMs: -1 }, { sendTimeoutMs: 120_000 }, 1],
  [{ sendTimeoutMs: "soon" }, {}, 1],
  [{ optOut: 1 }, { optOut: true }, 1],
  [{ optOut: "" }, { optOut: false }, 1],
  [{ debugMode: "yes" }, { debugMode: true }, 1],
  [{ enableTransportCompression: 0 }, { enableTransportCompression: false }, 1],
  [{ serverZone: "eu" }, { serverZone: "EU" }, 1],
  [{ serverZone: "STAGING" }, { serverZone: "US" }, 1],
  [{ trackServerUrl: "", configServerUrl: "" }, {}, 0],
  [{ logLevel: 4 }, { logLevel: "debug" }, 0],
  [{ logLevel: 9 }, {}, 1],
  [{ logLevel: "loud" }, {}, 1],
  [{ version: { type: "plugin", version: "1.2" } }, { library: { type: "plugin", version: "1.2" } }, 0],
  [{ version: { type: "other", version: "1 2" } }, { library: {} }, 2],
  [{ version: "1.0" }, {}, 1],
  [...privacy({ blockSelector: "" }, { blockSelector: [] }), 1],
  [...privacy({ blockSelector: [".a", "", 5, " "] }, { blockSelector: [".a"] }), 1],
  [...privacy({ maskSelector: {} }, { maskSelector: undefined }), 1],
  [...privacy({ defaultMaskLevel: "high" }, { defaultMaskLevel: "medium" }), 1],
  [...privacy({ defaultMaskLevel: "Conservative" }, { defaultMaskLevel: "conservative" }), 1],
  [...privacy({ defaultMaskLevel: "LIGHT" }, { defaultMaskLevel: "medium" }), 1],
  [...privacy({ maskSelectors: [".x"], other: 1 }, {}), 2],
  [...privacy({ urlMaskLevels: [{ match: "https://x/**", maskLevel: "strict" }, { maskLevel: "light" }, 7] }, {
    urlMaskLevels: [{ match: "https://x/**", maskLevel: "medium" }],
  }), 3],
  [...privacy({ unmaskSelector: ["x".repeat(5_000), ".y"] }, { unmaskSelector: [".y"] }), 1],
  [...privacy({ unmaskSelector: many(1_500) }, { unmaskSelector: many(1_000) }), 1],
  [{ privacyConfig: "medium" }, {}, 1],
  [{ privacyConfig: [] }, {}, 1],
  [{ samplerate: 1 }, {}, 1],
  [JSON.parse('{"__proto__": {"optOut": true}, "constructor": 1, "toString": 2}'), {}, 3],
  [{ inlineImages: true, userProperties: {} }, { userProperties: {} }, 1],
  [{ userProperties: { plan: "paid", at: new Date(0), none: NaN, gone: undefined } }, { userProperties: { plan: "paid", at: "1970-01-01T00:00:00.000Z", none: null } }, 0],
  [{ userProperties: "paid" }, {}, 1],
  [{ userProperties: { toJSON: () => "paid" } }, {}, 1],
  [{ userProperties: members(1_025) }, { userProperties: members(1_024) }, 1],
  [{ interactionConfig: { enabled: 1, trackEveryNms: "5", x: 1 } }, { interactionConfig: { enabled: true, trackEveryNms: 5 } }, 3],
  [{ interactionConfig: { ugcFilterRules: [] } }, { interactionConfig: { ugcFilterRules: [] } }, 0],
  [{ interactionConfig: true }, {}, 1],
  [{ useWebWorker: true, storeType: "idb", sessionReplayId: "d/1", hostRequests: "all" }, {}, 4],
  [{ handleSendEvents: () => {}, handleFetchConfig: () => {}, instanceName: "x" }, { hostRequests: "all" }, 0],
  [{ handleSendEvents: () => {}, handleFetchConfig: null }, { hostRequests: "events" }, 0],
  [{ handleFetchConfig: () => {}, handleSendEvents: undefined }, { hostRequests: "config" }, 0],
];

test("each option is taken as the browser SDK takes it, or is left out, and that is said", () => {
  for (const [given, read, warnings] of TABLE) {
    const sorted = sortOptions(given);
    const name = JSON.stringify(given, (_key, value) => (typeof value === "number" ? String(value) : value));
    assert.deepEqual(sorted.native, read, name);
    assert.equal(sorted.warnings.length, warnings, `${name}: ${sorted.warnings.join("\n")}`);
    for (const warning of sorted.warnings) assert.match(warning, /"\w+(\.\w+)*"/, "it names the option");
  }
  assert.match(sortOptions({ samplerate: 1 }).warnings[0], /unknown option "samplerate": ignored; did you mean "sampleRate"\?/);
});

test("recording begins with each of them, through the library itself, and each is said once however often init is called", async () => {
  for (const [given] of TABLE) {
    logged.length = 0;
    const options = viewer.options({ deviceId: "taken", sessionId: SESSION, ...given });
    // Where to is not what is tried here.
    if (given.trackServerUrl === "") continue;
    await sessionReplay.init("key", options).promise;
    await sessionReplay.init("key", options).promise;
    assert.notEqual(sessionReplay.stats().state, "not-initialized", JSON.stringify(given));
    await new Promise(setImmediate);
    const said = logged.filter(({ level }) => level === "warn").map(({ message }) => message);
    assert.equal(new Set(said).size, said.length, said.join("\n"));
    await sessionReplay.shutdown(0);
  }
});

test("options that all are odd at once do not keep a session from being captured", async () => {
  logged.length = 0;
  const odd = {
    ...{ deviceId: 777, sessionId: SESSION + 0.5, sampleRate: 3, optOut: 0, serverZone: "Mars", nobody: "knows" },
    ...{ flushIntervalConfig: { minIntervalMs: 5, maxIntervalMs: Infinity }, privacyConfig: { blockSelector: "", x: 1 } },
    ...{ flushMaxRetries: Infinity, sendTimeoutMs: NaN, eagerFullSnapshotSend: true, captureDocumentTitle: true, logLevel: 2 },
  };
  await sessionReplay.init("key", viewer.options(odd)).promise;
  assert.equal(sessionReplay.stats().state, "capturing");
  assert.equal(sessionReplay.getSessionReplayId(), `777/${SESSION}`);
  assert.equal(sessionReplay.record(custom("odd")), "needs-full-snapshot");
  assert.equal(await sessionReplay.flush(), "ok");
  assert.equal(await sessionReplay.shutdown(), "ok");
  assert.equal(await sessionReplay.shutdown(), "ok", "twice is once");
  const said = logged.map(({ message }) => message).join("\n");
  for (const name of ["sampleRate", "nobody", "privacyConfig.x", "captureDocumentTitle", "eagerFullSnapshotSend"]) {
    assert.ok(said.includes(`"${name}"`), `${name} in ${said}`);
  }
});

test("a handler that is no function is refused: the library must not make these requests itself", () => {
  for (const given of [{ handleSendEvents: true }, { handleFetchConfig: {} }]) {
    assert.throws(() => sortOptions(given), /option "handle\w+" must be a function, but is/);
  }
});

test("nothing is said where the host wants to hear of errors only", async () => {
  logged.length = 0;
  await sessionReplay.init("key", viewer.options({ logLevel: 1, onlyErrors: 1 })).promise;
  await new Promise(setImmediate);
  assert.deepEqual(logged, []);
  await sessionReplay.shutdown(0);
});

test("the library's options are known here, too", () => {
  const page = readFileSync(join(project, "docs/guide/options.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const listed = rows.map((line) => /^\| `(\w+)`/.exec(line)[1]);
  // That one follows from the handlers.
  assert.deepEqual([...NATIVE_KEYS, "hostRequests"].sort(), listed.sort());
});

test("stats() has the members that the types name, before init and after it", async () => {
  const members = (given, path = "") =>
    Object.entries(given).flatMap(([key, value]) =>
      value && typeof value === "object" ? members(value, `${path}${key}.`) : [path + key],
    );
  const before = members(sessionReplay.stats());
  await sessionReplay.init("key", viewer.options({ deviceId: "members", sessionId: SESSION })).promise;
  assert.deepEqual(members(sessionReplay.stats()).sort(), before.sort());
  await sessionReplay.shutdown(0);
});
