// What a page writes to its console, and its uncaught errors: recorded within bounds, and the page never notices.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { consoleEvents, openServed } from "./support/served.mjs";
import { launch, script, until, withOptions } from "./support/page.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const LOGGING = { console: { enabled: true } };
const HTML = '<p id="note" class="big">private text</p><input id="p" type="password">';

/** Opens a page that records its console; `logged` waits for that many messages, and returns all of them. */
async function open(html = HTML, { loggingConfig = LOGGING, first = "" } = {}) {
  const opened = await openServed(browser, html, [first, withOptions({ loggingConfig }), script]);
  const logged = async (count) => {
    await until(() => consoleEvents(opened.events()).length >= count, `${count} messages`);
    return consoleEvents(opened.events());
  };
  return { ...opened, logged };
}

test("values of each kind are told, without running the page's code, and without texts of the document", async () => {
  const { page, logged, close } = await open();
  const ran = await page.evaluate(() => {
    const ran = [];
    const note = (what) => ran.push(what);
    const cyclic = { name: "c", list: [1] };
    cyclic.list.push(cyclic);
    class Shop {
      goods = 2;
      #hidden = 3;
      get price() { note("getter"); return this.#hidden; }
      toJSON() { note("toJSON"); }
      toString() { note("toString"); return ""; }
    }
    const own = { get thrown() { note("own getter"); throw new Error(); }, b: 1 };
    const proxy = new Proxy({}, { ownKeys() { throw new Error("trap"); }, getPrototypeOf() { throw new Error("trap"); } });
    console.log("text", 1, NaN, true, null, undefined, 10n, Symbol("s"), () => {}, [1, "a"]);
    console.info(cyclic);
    console.log(new Shop(), own, proxy);
    console.log(document.getElementById("note"), document, new Event("x"), window);
    console.log(new Date(0), /a/g, new Map([[1, 2]]), new Set(), new URL("https://a/b"), Promise.resolve(), new Uint8Array(9), new Blob(["abc"], { type: "text/plain" }));
    console.warn({ a: { b: { c: { d: { e: { f: 1 } } } } } });
    console.debug("not one of the levels");
    console.error(new TypeError("boom"));
    return ran;
  });
  assert.deepEqual(ran, []);
  const all = await logged(7);
  const read = (i) => all[i].payload.map((json) => JSON.parse(json));
  assert.deepEqual(all.map(({ level }) => level), ["log", "info", "log", "log", "log", "warn", "error"]);
  assert.deepEqual(read(0), ["text", 1, "NaN", true, null, "undefined", "10n", "Symbol(s)", "ƒ ()", [1, "a"]]);
  assert.deepEqual(read(1), [{ name: "c", list: [1, "[Circular ~]"] }]);
  assert.deepEqual(read(2), [{ goods: 2 }, { thrown: "(...)", b: 1 }, "[a value that can't be read]"]);
  assert.deepEqual(read(3), ['<p id="note" class="big">', "[#document]", "[Event x]", "[Window]"]);
  assert.deepEqual(read(4), ["1970-01-01T00:00:00.000Z", "/a/g", "[Map(1)]", "[Set(0)]", "https://a/b", "[Promise]", "[9 bytes]", "[Blob text/plain, 3 bytes]"]);
  assert.deepEqual(read(5), [{ a: { b: { c: { d: { e: "[object Object]" } } } } }]);
  assert.match(read(6)[0], /^TypeError: boom\n.*End of stack for Error object$/s);
  assert.ok(!JSON.stringify(all).includes("private text"));
  await close();
});

test("huge values are cut, and what is left says so", async () => {
  const { page, logged, close } = await open();
  await page.evaluate(() => {
    const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`key${i}`, i]));
    let deep = {};
    for (let i = 0; i < 50_000; i++) deep = { deep };
    console.log("x".repeat(5_000_000), "behind it");
    console.log(Array(1_000_000).fill("y".repeat(1_000)), wide, deep);
    console.log(...Array(1_000).fill(1));
  });
  const all = await logged(3);
  for (const { payload, trace } of all) assert.ok(JSON.stringify({ payload, trace }).length < 60_000);
  assert.match(JSON.parse(all[0].payload[0]), /^x{9,}…$/);
  assert.equal(all[2].payload.length, 51);
  assert.equal(JSON.parse(all[2].payload[50]), "… 950 more");
  await close();
});

test("a trace tells where the page called, and nothing of the recorder", async () => {
  const { page, url, logged, close } = await open(`<script>function buy() { console.log("bought"); }
    function outer() { buy(); }</script>`);
  await page.evaluate(() => outer());
  const [{ trace }] = await logged(1);
  assert.match(trace[0], new RegExp(`^buy \\(${url}/:1:\\d+\\)$`));
  assert.match(trace[1], new RegExp(`^outer \\(${url}/:2:\\d+\\)$`));
  await close();
});

test("uncaught errors and rejections are errors with the stack of what was thrown", async () => {
  const { page, logged, errors, close } = await open(`<script>function fail() { throw new RangeError("too far"); }</script>`);
  await page.evaluate(() => {
    setTimeout(() => fail());
    Promise.reject(new TypeError("not now"));
    Promise.reject({ code: 7 });
    document.body.append(Object.assign(new Image(), { src: "data:," }));
  });
  const all = await logged(3);
  assert.deepEqual(all.map(({ payload }) => payload.join()).sort(), [
    '"Uncaught (in promise) TypeError: not now"',
    '"Uncaught (in promise)",{"code":7}',
    '"Uncaught RangeError: too far"',
  ].sort());
  assert.ok(all.every(({ level }) => level === "error"));
  const thrown = all.find(({ payload }) => payload[0].includes("too far"));
  assert.match(thrown.trace[0], /^fail \(/);
  assert.equal(errors.length, 3, "the page gets its errors as ever");
  await close();
});

test("errors alone, and a console without its errors", async () => {
  const errorsOnly = await open(HTML, { loggingConfig: { errors: { enabled: true } } });
  await errorsOnly.page.evaluate(() => {
    console.error("a message");
    setTimeout(() => { throw new Error("thrown"); });
  });
  const [first, ...rest] = await errorsOnly.logged(1);
  assert.match(first.payload[0], /thrown/);
  assert.equal(rest.length, 0);
  await errorsOnly.close();
  const without = await open(HTML, { loggingConfig: { console: { enabled: true, levels: ["warn"] }, errors: { enabled: false } } });
  await without.page.evaluate(() => {
    setTimeout(() => { throw new Error("thrown"); });
    console.error("an error");
    console.log("a message");
    setTimeout(() => console.warn("last"), 50);
  });
  assert.deepEqual((await without.logged(1)).map(({ payload }) => payload[0]), ['"last"']);
  await without.close();
});

test("a storm of 100,000 lines: some are recorded, the others are counted, and the page goes on", async () => {
  // The browser's own console would take most of the time.
  const { page, messages, events, logged, close } = await open(HTML, { first: "console.log = () => {};" });
  const ticked = await page.evaluate(async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 0);
    for (let i = 0; i < 100; i++) {
      for (let j = 0; j < 1_000; j++) console.log("line", i * 1_000 + j, { of: "a storm" });
      await new Promise((resolve) => setTimeout(resolve));
    }
    clearInterval(timer);
    return ticks;
  });
  assert.ok(ticked > 0);
  let all;
  await until(async () => {
    all = await logged(1);
    const leftOut = all.flatMap(({ payload }) => /^"session-replay: (\d+) messages/.exec(payload[0])?.[1] ?? []);
    const lines = all.length - leftOut.length;
    return lines + leftOut.reduce((sum, count) => sum + Number(count), 0) === 100_000;
  }, "each line is recorded, or counted");
  assert.ok(all.length < 3_000, `${all.length} messages`);
  assert.ok(messages.join("").length < 2_000_000);
  assert.ok(events().some(({ type }) => type === 2));
  await close();
});

test("a host that logs what it takes, or asks a server, makes no endless recording", async () => {
  const options = `window.taken = 0; window.sessionReplayRecorderOptions = { flushIntervalMs: 10, loggingConfig: ${JSON.stringify({ ...LOGGING, network: { enabled: true } })},
    postMessage: (lines) => { taken++; console.log("took", lines.length); void fetch("/collect", { method: "POST", body: "x" }); hostTakes(lines); } };`;
  const opened = await openServed(browser, HTML, [options, script]);
  await opened.page.evaluate(() => console.log("of the page"));
  await until(() => consoleEvents(opened.events()).length > 0, "the page's message");
  await opened.page.waitForTimeout(300);
  assert.deepEqual(consoleEvents(opened.events()).map(({ payload }) => payload[0]), ['"of the page"']);
  assert.ok((await opened.page.evaluate(() => taken)) < 10);
  await opened.close();
});

test("while the recorder pauses, or the configuration says so, nothing is recorded", async () => {
  const { page, logged, events, close } = await open();
  const snapshots = () => events().filter(({ type }) => type === 2).length;
  await page.evaluate(() => {
    console.log("one");
    sessionReplayRecorder.pause();
    console.log("while it pauses");
    sessionReplayRecorder.resume();
  });
  await until(() => snapshots() === 2, "it is resumed");
  await page.evaluate(() => {
    console.log("two");
    sessionReplayRecorder.setConfig({});
    console.log("while it is off");
    sessionReplayRecorder.setConfig({ loggingConfig: { console: { enabled: true, levels: ["log"] } } });
    console.log("three");
  });
  await logged(3);
  await page.waitForTimeout(100);
  assert.deepEqual((await logged(3)).map(({ payload }) => payload[0]), ['"one"', '"two"', '"three"']);
  await close();
});

test("the page can't tell the console from the browser's", async () => {
  const look = () => {
    const shown = (f) => [String(f), f.name, f.length, f.toString(), `${f}`, Object.keys(f), Object.hasOwn(f, "toString"), "prototype" in f, typeof f];
    const descriptor = ({ value, ...flags }) => flags;
    return [
      ...["log", "info", "warn", "error"].map((level) => [level, shown(console[level]), descriptor(Object.getOwnPropertyDescriptor(console, level))]),
      console.log.call(undefined, "detached"), (0, console.log)("x"), Object.keys(console),
      [1, 2].map(console.log), console.log.bind({})("bound"),
    ];
  };
  const { page, logged, close } = await open();
  const plain = await browser.newPage();
  assert.deepEqual(await page.evaluate(look), await plain.evaluate(look));
  assert.ok((await logged(4)).length >= 4);
  await plain.close();
  await close();
});

test("a page that keeps the browser's functions as it loads is recorded as any other", async () => {
  const { page, logged, close } = await open("<script>window.kept = { log: console.log };</script>");
  await page.evaluate(() => kept.log("by what was kept"));
  assert.equal((await logged(1))[0].payload[0], '"by what was kept"');
  await close();
});

test("pages that freeze or replace the console, before or after", async () => {
  const frozen = await open(HTML, { first: "Object.freeze(console);" });
  await frozen.page.evaluate(() => console.log("x"));
  const { problems } = await frozen.page.evaluate(() => sessionReplayRecorder.status());
  assert.ok(problems.some((problem) => problem.includes("console.log read-only")), problems.join());
  await frozen.close();
  const replaced = await open(HTML, { first: "window.kept = []; console.log = (...given) => { kept.push(given); return 42; };" });
  const seen = await replaced.page.evaluate(() => {
    const returned = console.log("to the page's own");
    const ours = console.log;
    console.log = (...given) => ours("wrapped:", ...given);
    console.log("again");
    Object.freeze(console);
    console.log("frozen after");
    console.error = () => { throw new Error("of the page"); };
    return [returned, kept.length];
  });
  assert.deepEqual(seen, [42, 3]);
  assert.deepEqual((await replaced.logged(3)).map(({ payload }) => payload.at(-1)), ['"to the page\'s own"', '"again"', '"frozen after"']);
  await replaced.close();
  const throwing = await open(HTML, { first: "console.warn = () => { throw new RangeError('of the page'); };" });
  const thrown = await throwing.page.evaluate(() => {
    try {
      console.warn("x");
    } catch (error) {
      return [error.name, error.message];
    }
  });
  assert.deepEqual(thrown, ["RangeError", "of the page"]);
  assert.equal((await throwing.logged(1))[0].payload[0], '"x"');
  await throwing.close();
});

test("a page that waited for its processor in the middle of a message goes on being recorded", async () => {
  const waits = `{
    const now = performance.now.bind(performance);
    let waited = 0;
    performance.now = () => now() + waited;
    // Within the recorder's own work.
    window.waiting = new Proxy({}, { getPrototypeOf: () => ((waited += 10_000), null) });
  }`;
  const { page, logged, close } = await open(HTML, { first: waits });
  await page.evaluate(() => {
    console.log("before", window.waiting);
    for (let i = 0; i < 20; i++) console.log("after", i);
  });
  assert.equal((await logged(21)).at(-1).payload[1], "19");
  await close();
});

test("no message is cut so that a secret in it shows", async () => {
  // A clock of whole seconds: how long the machine takes leaves none of them out.
  const first = "{ const now = performance.now.bind(performance); performance.now = () => Math.floor(now() / 1_000) * 1_000; }";
  const { page, logged, close } = await open(HTML, { first });
  const secrets = ["Bearer hunter2", "eyJodW50.ZXIy.hunter2", "https://hunter2:hunter2@host/"];
  const count = await page.evaluate((secrets) => {
    const texts = secrets.flatMap((secret) => Array.from({ length: secret.length + 4 }, (_, length) => `${"x".repeat(10_000 - length)} ${secret} x`));
    for (const text of texts) console.log(text);
    return texts.length;
  }, secrets);
  for (const { payload } of await logged(Math.min(count, 40))) assert.ok(!/hun|eyJ/.test(payload[0].slice(-40)), payload[0].slice(-40));
  await close();
});

test("a message that was cut within a password ends before it", async () => {
  const { page, messages, logged, close } = await open();
  // At once: nothing but the whole is remembered.
  await page.fill("#p", "Wq7-whole-at-once");
  await page.evaluate(() => console.log("x".repeat(9_990) + document.getElementById("p").value));
  assert.match((await logged(1))[0].payload[0], /^"x+\*{8}…"$/);
  assert.ok(!messages.join().includes("Wq7"));
  await close();
});

test("a page that formats stacks itself, or changes the prototypes, is not run by a message", async () => {
  const opened = await openServed(browser, HTML, [withOptions({ loggingConfig: LOGGING }), script]);
  await opened.page.evaluate(() => {
    window.ran = 0;
    Error.prepareStackTrace = () => (ran++, "mine");
    Object.prototype.toJSON = () => (ran++, "changed");
    console.log("plain", { a: [1] });
    delete Object.prototype.toJSON;
    delete Error.prepareStackTrace;
  });
  await until(() => consoleEvents(opened.events()).length === 1, "the message");
  assert.deepEqual(consoleEvents(opened.events())[0], { level: "log", trace: [], payload: ['"plain"', '{"a":[1]}'] });
  assert.equal(await opened.page.evaluate(() => ran), 0);
  await opened.close();
});

test("a password that was typed is in no message, and neither are tokens", async () => {
  const { page, messages, logged, close } = await open();
  // Letter by letter: each beginning is remembered, and the end must not be left.
  await page.locator("#p").pressSequentially('zq"x hünter\\1-tail');
  await page.evaluate(() => {
    const typed = document.getElementById("p").value;
    console.log(typed, { typed }, JSON.stringify({ typed }), `/login?p=${encodeURIComponent(typed)}`, new URLSearchParams({ typed }).toString());
    console.log("x".repeat(9_990) + typed);
    console.error(new Error(`wrong: ${typed}`));
    console.log("https://user:s3cr3t-1@shop.example/?token=s3cr3t-2", { apiKey: "s3cr3t-3" }, "Authorization: Bearer s3cr3t-4");
    setTimeout(() => { throw new Error(`wrong: ${typed}`); });
  });
  await logged(5);
  const sent = messages.join("\n");
  for (const secret of ["zq", "hünter", "h%C3%BCnter", "tail", "s3cr3t"]) {
    const at = sent.indexOf(secret);
    assert.ok(at < 0, `"${secret}" left the page: ${sent.slice(Math.max(0, at - 80), at + 40)}`);
  }
  assert.ok(sent.includes("wrong: ********"));
  await close();
});

test("of the browser's own objects no getter of the page's is run, in their class or over the browser's", async () => {
  const { page, logged, close } = await open(HTML, { first: "console.log = () => {};" }); // The browser's own runs getters.
  const ran = await page.evaluate(() => {
    const ran = [];
    const names = { Map: "size", Set: "size", URL: "href", Blob: "size", ArrayBuffer: "byteLength", DataView: "byteLength", Uint8Array: "byteLength", RegExp: "flags", Event: "type", Date: "getTime" };
    const make = { Map: [], Set: [[1]], URL: ["https://a/b"], Blob: [["abc"], { type: "a/b" }], ArrayBuffer: [3], DataView: [new ArrayBuffer(4)], Uint8Array: [5], RegExp: ["a/b", "gi"], Event: ["own"], Date: [0] };
    const own = Object.entries(names).map(([name, member]) => {
      class Own extends globalThis[name] {}
      for (const key of new Set([member, "toString", "source", "global", "toISOString", "type"])) {
        Object.defineProperty(Own.prototype, key, { get: () => void ran.push(`${name}.${key}`) });
      }
      return new Own(...make[name]);
    });
    for (const [holder, key] of [[Map.prototype, "size"], [URL.prototype, "href"], [RegExp.prototype, "source"]]) {
      Object.defineProperty(holder, key, { get: () => void ran.push(`replaced ${key}`) });
    }
    console.log(...own, new Map(), new URL("https://c/d"), /e/);
    return ran;
  });
  assert.deepEqual(ran, []);
  const [{ payload }] = await logged(1);
  assert.deepEqual(payload.map((json) => JSON.parse(json)), ["[Map(0)]", "[Set(1)]", "https://a/b", "[Blob a/b, 3 bytes]", "[3 bytes]", "[4 bytes]", "[5 bytes]", "/a\\/b/gi", "[Event own]", "1970-01-01T00:00:00.000Z", "[Map(0)]", "https://c/d", "/e/"]);
  await close();
});

test("an error whose parts are getters is told without them, the browser's own with them", async () => {
  const { page, logged, close } = await open(HTML, { first: "console.log = () => {};" }); // The browser's own runs getters.
  const ran = await page.evaluate(() => {
    const ran = [];
    class Odd extends Error {
      get name() { ran.push("name"); return "Odd"; }
      get message() { ran.push("message"); return "odd"; }
      get stack() { ran.push("stack"); return "odd"; }
    }
    const own = Object.defineProperty(new Error("shown"), "stack", { get: () => ran.push("own stack") });
    const odd = new Odd(); // Making one asks for its name.
    ran.length = 0;
    console.log(odd, own, new DOMException("gone", "AbortError"));
    Error.prepareStackTrace = () => void ran.push("prepareStackTrace");
    console.log(new TypeError("boom"));
    return ran;
  });
  const [first, second] = await logged(2);
  // The browser asks for the name itself where a stack is read first.
  assert.ok(!ran.includes("message") && !ran.includes("prepareStackTrace") && !ran.includes("own stack") && !ran.includes("stack"), ran.join());
  assert.ok(!JSON.stringify(first).includes("odd"));
  assert.match(first.payload[1], /Error: shown/);
  assert.match(first.payload[2], /AbortError: gone/);
  assert.equal(JSON.parse(second.payload[0]).split("\n")[0], "TypeError: boom");
  await close();
});
