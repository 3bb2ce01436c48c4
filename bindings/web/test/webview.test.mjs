// The script in a web view: the four ways out, the host's commands, its bounds, and that the page never notices it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { eventsOf, launch, open, pageNamed, script, until, withOptions } from "./support/page.mjs";
import { qtTransportScript } from "./support/web-channel.mjs";

const html = pageNamed("form");
const qwebchannel = readFileSync(createRequire(import.meta.url).resolve("qwebchannel"), "utf8");
const TAKE = "(text) => hostTakes(text)";
let browser;

before(async () => (browser = await launch()));
after(() => browser?.close());

const has = (events, type) => events.some((event) => event.type === type);
const snapshots = (opened) => opened.events().filter((event) => event.type === 2).length;
const command = (opened, name, ...values) =>
  opened.page.evaluate(([name, values]) => sessionReplayRecorder[name](...values), [name, values]);

/** What each web view offers before the recorder's script runs; `unmark` takes off what tells our messages from others. */
const HOOKS = {
  "a WebKit message handler": {
    script: `window.webkit = { messageHandlers: { sessionReplay: { postMessage: ${TAKE} } } };`,
  },
  "a WebKit message handler of another name": {
    script: `window.sessionReplayRecorderOptions = { name: "replay" }; window.webkit = { messageHandlers: { replay: { postMessage: ${TAKE} } } };`,
  },
  WebView2: {
    script: `chrome.webview = { postMessage: ${TAKE} };`,
    unmark: (message) => {
      assert.ok(message.startsWith("sessionReplay\n"));
      return message.slice("sessionReplay\n".length);
    },
  },
  "a QWebChannel": { script: `${qwebchannel}; window.QWebChannel = QWebChannel; ${qtTransportScript(TAKE)}` },
  "a function": { script: withOptions({}) },
};

for (const [name, { script: hook, unmark = (message) => message }] of Object.entries(HOOKS)) {
  test(`${name} gets JSON lines that begin with a full snapshot`, async () => {
    const opened = await open(browser, html, [hook, script]);
    const events = () => eventsOf(opened.messages.map(unmark));
    await until(() => has(events(), 2), "a full snapshot");
    assert.deepEqual(
      events()
        .slice(0, 2)
        .map((event) => event.type),
      [4, 2],
    );
    assert.equal(events()[0].data.href, "https://shop.example/");
    await opened.page.evaluate(() => document.body.append("später 追加"));
    await until(() => opened.messages.some((message) => message.includes("später 追加")), "a mutation");
    assert.ok(opened.messages.every((message) => !message.includes("hunter")));
    await opened.close();
  });
}

test("a host that is ready later gets everything", async () => {
  const opened = await open(browser, html, [`window.sessionReplayRecorderOptions = { flushIntervalMs: 10 };`, script]);
  await opened.page.waitForTimeout(300);
  await opened.page.evaluate(
    () => (window.webkit = { messageHandlers: { sessionReplay: { postMessage: (text) => window.hostTakes(text) } } }),
  );
  await until(() => has(opened.events(), 2), "a full snapshot");
  await opened.close();
});

test("the host's commands: full snapshot, pause, resume, flush; none of them ever throws", async () => {
  const opened = await open(browser, html, [withOptions({}), script]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await command(opened, "takeFullSnapshot");
  await until(() => snapshots(opened) === 2, "the second full snapshot");
  await command(opened, "pause");
  await command(opened, "pause");
  await command(opened, "takeFullSnapshot");
  await opened.page.evaluate(() => document.body.append("while paused"));
  await opened.page.waitForTimeout(100);
  assert.equal((await command(opened, "status")).recording, false);
  assert.equal(snapshots(opened), 2);
  await command(opened, "resume");
  await command(opened, "resume");
  await until(() => snapshots(opened) === 3, "a full snapshot after the pause");
  await opened.page.evaluate(() => document.body.append("recorded again"));
  await until(
    () => opened.messages.some((message) => message.includes("recorded again")),
    "a mutation after the pause",
  );
  for (const config of [null, undefined, 7, "light", [], { maskSelector: { then: 1 } }, { defaultMaskLevel: {} }])
    await command(opened, "setPrivacyConfig", config);
  await command(opened, "flush");
  // Nobody can take the recorder's place.
  await opened.page.evaluate(() => {
    window.sessionReplayRecorder = null;
    delete window.sessionReplayRecorder;
    sessionReplayRecorder.pause = null;
  });
  await command(opened, "pause");
  await opened.close();
});

test("a full snapshot asked for, or a pause, before the page is there", async () => {
  const commands =
    "if (window === top) sessionReplayRecorder.takeFullSnapshot(), sessionReplayRecorder.pause(), sessionReplayRecorder.resume();";
  const opened = await open(browser, html, [withOptions({}), script, commands]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.page.waitForTimeout(100);
  assert.equal(snapshots(opened), 1);
  await opened.close();
});

test("autoStart: false waits for the host", async () => {
  const opened = await open(browser, html, [withOptions({ autoStart: false }), script]);
  await opened.page.waitForTimeout(100);
  assert.equal(opened.messages.length, 0);
  await command(opened, "resume");
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.close();
});

test("what is gathered is sent when the page goes away", async () => {
  // What the test's own function is called with while the page goes away would be lost; the storage is not.
  const options =
    'window.sessionReplayRecorderOptions = { flushIntervalMs: 100_000, postMessage: (lines) => localStorage.setItem("last", lines) };';
  const opened = await open(browser, html, [options, script]);
  await opened.page.waitForFunction(() => sessionReplayRecorder.status().waitingEvents > 0);
  assert.equal(await opened.page.evaluate(() => localStorage.getItem("last")), null);
  await opened.page.evaluate(() => document.body.append("the last thing"));
  await opened.page.goto("https://shop.example/next");
  const last = await opened.page.evaluate(() => localStorage.getItem("last"));
  assert.ok(has(eventsOf([last]), 2) && last.includes("the last thing"));
  await opened.close();
});

test("messages and the queue are bounded, and a host that was away gets a full snapshot", async () => {
  const opened = await open(browser, html, [
    `window.sessionReplayRecorderOptions = { flushIntervalMs: 10, maxMessageLength: 2000, maxQueueLength: 40000,
       postMessage: (lines) => { if (window.away) throw new Error("away"); hostTakes(lines); } };`,
    script,
  ]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.page.evaluate(() => (window.away = true));
  await opened.page.evaluate(async () => {
    for (let i = 0; i < 200; i++) {
      document.body.append("x".repeat(500));
      await Promise.resolve();
    }
  });
  await until(async () => !(await command(opened, "status")).recording, "recording rests");
  const { waitingEvents, droppedEvents } = await command(opened, "status");
  assert.equal(waitingEvents, 0);
  assert.ok(droppedEvents > 0);
  await opened.page.evaluate(() => {
    for (const node of [...document.body.childNodes]) if (node.data?.startsWith("x")) node.remove();
    window.away = false;
  });
  await until(() => snapshots(opened) === 2, "a full snapshot");
  for (const message of opened.messages)
    assert.ok(message.length <= 2000 || !message.includes("\n"), `${message.length} characters`);
  await opened.close();
});

test("an event that no server takes is dropped, and the next begins with a full snapshot", async () => {
  const opened = await open(browser, html, [withOptions({ maxEventLength: 60_000 }), script]);
  await until(() => snapshots(opened) === 1, "the first full snapshot");
  await opened.page.evaluate(() => {
    // Nothing of it can be cut.
    const element = document.createElement("p");
    element.innerHTML = "<i></i>".repeat(2_000);
    document.body.append(element);
    setTimeout(() => element.remove(), 500);
  });
  await until(() => snapshots(opened) === 2, "a full snapshot");
  assert.ok(opened.messages.every((message) => message.length < 300_000));
  await opened.close();
});

test("it records in the top frame only, also where rrweb opens a frame of its own", async () => {
  // A page that has replaced MutationObserver makes rrweb look for the real one in a frame; the script runs there too.
  const tainted =
    "window.MutationObserver = class extends MutationObserver { constructor(callback) { super((...all) => callback(...all)); } };";
  const page =
    '<html><body><p>top</p><iframe srcdoc="<p>frame</p>"></iframe><iframe src="https://shop.example/frame"></iframe></body></html>';
  const opened = await open(browser, page, [
    tainted,
    withOptions({}),
    script,
    "window.frames_ = (top.frames_ ?? 0) + 1; top.frames_ = window.frames_;",
  ]);
  await until(() => snapshots(opened) === 1, "a full snapshot");
  await opened.page.waitForTimeout(300);
  assert.equal(snapshots(opened), 1);
  for (const frame of opened.page.frames().slice(1))
    assert.equal(await frame.evaluate(() => typeof window.sessionReplayRecorder), "undefined");
  assert.ok((await opened.page.evaluate(() => window.frames_)) < 50);
  await opened.close();
});

test("injected twice, it records once", async () => {
  const opened = await open(browser, html, [withOptions({}), script, script]);
  await until(() => snapshots(opened) === 1, "a full snapshot");
  await opened.page.waitForTimeout(100);
  assert.equal(snapshots(opened), 1);
  await opened.close();
});

test("the page's own errors reach the page, ours never do", async () => {
  const opened = await open(browser, html, [withOptions({}), script]);
  await until(() => snapshots(opened) === 1, "a full snapshot");
  const thrown = await opened.page.evaluate(() => {
    const sheet = document.styleSheets[0];
    const name = (work) => {
      try {
        work();
        return "nothing";
      } catch (error) {
        return error.name;
      }
    };
    sheet.insertRule(".fine { color: red; }");
    return [
      name(() => sheet.insertRule("@@@")),
      name(() => sheet.insertRule(".a{}", 99)),
      name(() => sheet.deleteRule(99)),
    ];
  });
  assert.deepEqual(thrown, ["SyntaxError", "IndexSizeError", "IndexSizeError"]);
  await until(() => opened.events().some((event) => event.data.source === 8), "the rule");
  await opened.close();
});

test("pages that change the prototypes are recorded as any other", async () => {
  const hostile = `
    window.sessionReplayRecorderOptions = { flushIntervalMs: 10, postMessage: (lines) => (window.kept ??= []).push(lines) };
    for (const { prototype } of [Array, String, Object]) prototype.toJSON = () => "changed";`;
  const opened = await open(browser, html, [hostile, script]);
  const kept = () =>
    opened.page.evaluate(() => {
      const changed = JSON.stringify([1]) === '"changed"';
      for (const { prototype } of [Array, String, Object]) delete prototype.toJSON;
      return { changed, messages: window.kept };
    });
  await until(() => opened.page.evaluate(() => !!window.kept?.some((lines) => lines.includes('"type":2,'))), "a full snapshot");
  const { changed, messages } = await kept();
  assert.ok(changed, "the page's prototypes are as the page wants them");
  assert.ok(has(eventsOf(messages), 2) && messages.join().includes("Plain text, Grüße 👋"));
  await opened.close();
});

test("the browser SDK's options for a page: full snapshots by time and by focus", async () => {
  const record = async (pageOptions) => {
    const html = "<style>p { color: rgb(1, 2, 3) }</style><p>text</p>";
    const opened = await open(browser, html, [withOptions({ pageOptions }), script]);
    const snapshots = () => opened.events().filter(({ type }) => type === 2).length;
    await until(() => snapshots() >= 1, "a full snapshot");
    return { ...opened, snapshots };
  };
  const focused = await record({ captureFullSnapshotOnFocus: true });
  await focused.page.evaluate(() => dispatchEvent(new Event("focus")));
  await until(() => focused.snapshots() === 2, "a full snapshot with the focus");
  await focused.close();
  const timed = await record({ fullSnapshotIntervalMs: 1000 });
  await timed.page.evaluate(() => setInterval(() => (document.body.title += "."), 100));
  await until(() => timed.snapshots() >= 3, "full snapshots by time");
  await timed.page.evaluate(() => sessionReplayRecorder.pause());
  await timed.close();
});

test("the script brings the notices of the licences of what is in it", () => {
  for (const notice of ["SmartX Inc.", "Permission is hereby granted"]) assert.ok(script.includes(notice), notice);
});
