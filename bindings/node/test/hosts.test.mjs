// Hosts that have taken away or replaced what Node.js gives, and hosts that listen too well.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { libraryPath } from "../../../tests/support/paths.mjs";
import { install } from "./support/installed.mjs";
import { toldBy } from "./support/told.mjs";

const require = createRequire(import.meta.url);
const { ConsoleLimit, MAX_LINES } = require("../dist/recorder/console-limit.js");

const folder = mkdtempSync(join(tmpdir(), "session-replay-hosts-"));
after(() => rmSync(folder, { recursive: true }));
const home = install(join(folder, "home"));

/** Answers with what a program told that ended well. */
async function runs(body, options) {
  const result = await toldBy(home, body, options);
  assert.deepEqual(result.end, [0, null], result.output);
  return result;
}

for (const [name, change] of [
  ["no queueMicrotask", "delete globalThis.queueMicrotask;"],
  ["microtasks that wait for a test", "globalThis.queueMicrotask = () => {}; process.nextTick = () => {};"],
  ["no console", "delete globalThis.console;"],
  ["a console that throws", 'Object.defineProperty(globalThis, "console", { get() { throw new Error("no console"); } });'],
  ["null where the recorder is kept", 'globalThis[Symbol.for("session-replay-native.recorder")] = null;'],
  ["a text where the recorder is kept", 'globalThis[Symbol.for("session-replay-native.recorder")] = "text";'],
]) {
  test(`a host with ${name}: failures and recording are as ever`, async () => {
    const { told } = await runs(`
      ${change}
      const lines = [];
      let wanted = 0;
      tell(await sessionReplay.init("key", { ...GOOD, storageDir: 5 }).promise ?? "resolved");
      await new Promise(setImmediate);
      sessionReplay.on("log", ({ level }) => lines.push(level));
      sessionReplay.on("needs-full-snapshot", () => wanted++);
      await sessionReplay.init("key", { ...GOOD, storageDir: 5 }).promise;
      await sessionReplay.init("key", GOOD).promise;
      sessionReplay.record(event()); sessionReplay.record(event());
      await new Promise(setImmediate);
      tell(state(), sessionReplay.stats().recorded.events, lines.includes("error"), wanted);
      process.exit(0);`);
    assert.deepEqual(told, [["resolved"], ["capturing", 2, true, 1]]);
  });
}

test("what a listener throws is an uncaught exception, as of any emitter", async () => {
  const { told } = await runs(`
    process.on("uncaughtException", (error, origin) => { tell(error.message, origin); process.exit(0); });
    sessionReplay.on("log", () => { throw new Error("the host's own"); });
    sessionReplay.init("key", { storageDir: 5 });`);
  assert.deepEqual(told, [["the host's own", "uncaughtException"]]);
});

test("a listener that calls init again on each error is told once, and the event loop goes on", async () => {
  const { told } = await runs(`
    let errors = 0;
    sessionReplay.on("log", ({ level }) => {
      if (level !== "error") return;
      if (++errors > 50) { tell("starved"); process.exit(0); }
      sessionReplay.init("key", { storageDir: 5 });
    });
    sessionReplay.init("key", { storageDir: 5 });
    await turn(); await turn();
    const once = errors;
    await sessionReplay.init("key", GOOD).promise;
    await sessionReplay.shutdown(0);
    sessionReplay.init("key", { storageDir: 5 });
    await turn(); await turn();
    tell(once, errors);
    process.exit(0);`);
  assert.deepEqual(told, [[1, 2]]);
});

test("the same failure is told again to a logger that did not hear it", async () => {
  const { told } = await runs(`
    const heard = [];
    const logger = { error: (text) => heard.push(text), warn() {}, log() {} };
    await sessionReplay.init("key", { storageDir: 5, loggerProvider: null }).promise;
    await sessionReplay.init("key", { storageDir: 5, loggerProvider: logger }).promise;
    await sessionReplay.init("key", { storageDir: 5, loggerProvider: logger }).promise;
    await turn();
    tell(heard.length);`);
  assert.deepEqual(told, [[1]]);
});

for (const logger of ["true", "{}", '"console"', "() => {}", "{ info() {} }", "{ get error() { throw new Error(); } }"]) {
  test(`a loggerProvider that is none (${logger}): the console hears the log, and that`, async () => {
    const fails = await runs(`await sessionReplay.init("key", { storageDir: 5, loggerProvider: ${logger} }).promise;`);
    assert.equal(fails.said.length, 1, fails.output);
    const works = await runs(`await sessionReplay.init("key", { ...GOOD, loggerProvider: ${logger} }).promise; await turn(); process.exit(0);`);
    assert.match(works.said.join("\n"), /^option "loggerProvider" is no logger/m);
  });
}

test("a logger that lacks a method is told through another", async () => {
  for (const method of ["error", "warn", "log"]) {
    const { told, said } = await runs(`
      const loggerProvider = { ${method}: (text) => tell(text) };
      await sessionReplay.init("key", { storageDir: 5, loggerProvider }).promise; await turn();`);
    assert.match(told.flat().join("\n"), /init failed/, method);
    assert.deepEqual(said, []);
  }
});

test("many listeners are no leak", async () => {
  const { output } = await runs('for (let n = 0; n < 30; n++) sessionReplay.on("log", () => {}); await turn();', {});
  assert.doesNotMatch(output, /MaxListenersExceededWarning/);
});

test("the console gets so many lines a minute, and hears how many were left out", () => {
  const limit = new ConsoleLimit();
  const write = (count, at) => Array.from({ length: count }, (_, n) => limit.admit(`line ${n}`, at, (text) => `notice: ${text}`)).flat();
  const first = write(500, 1_000_000);
  assert.equal(first.length, MAX_LINES + 1);
  assert.match(first.at(-1), /^notice: more than 10 lines in a minute: .*on\("log", …\) and the option loggerProvider/);
  assert.deepEqual(write(1, 1_059_999), []);
  const [notice, ...rest] = write(3, 1_060_000);
  assert.match(notice, /^notice: 491 lines were left out here: .*loggerProvider/);
  assert.deepEqual(rest, ["line 0", "line 1", "line 2"]);
  assert.deepEqual(write(1, 1_200_000), ["line 0"], "nothing was left out");
});

for (const [name, options, most] of [
  ["warnings and errors are bounded", "", MAX_LINES + 1],
  ["who asks for more gets all", 'logLevel: "debug"', Infinity],
]) {
  test(`the console of a host whose log never ends: ${name}`, async () => {
    const { said } = await runs(`
      await sessionReplay.init("key", { ...GOOD, ${options} }).promise;
      for (let n = 0; n < 60; n++) sessionReplay.init("key", { ...GOOD, ["unknown" + n]: 1 });
      for (let n = 0; n < 60; n++) await sessionReplay.init("key", { ...GOOD, trackServerUrl: "no url " + n }).promise;
      await turn();
      process.exit(0);`);
    if (most === Infinity) assert.ok(said.length >= 60, String(said.length));
    else assert.equal(said.length, most, said.join("\n"));
  });
}

test("a program that records before its library is there records once it has come", async () => {
  const { told } = await runs(
    `tell(sessionReplay.record(event()), sessionReplay.stats().advice);
    require("node:fs").copyFileSync(process.env.FROM, process.env.SESSION_REPLAY_LIBRARY);
    while (/can't be loaded/.test(sessionReplay.stats().advice)) await new Promise((done) => setTimeout(done, 100));
    tell(sessionReplay.stats().advice);`,
    { env: { FROM: libraryPath, SESSION_REPLAY_LIBRARY: join(folder, "later.so") } },
  );
  assert.equal(told[0][0], "not-captured");
  assert.match(told[0][1], /can't be loaded/);
  assert.deepEqual(told[1], ["call init"]);
});
