// From a window to the screen: a page in the real Chromium, the preload script's bundle in a world of its own, the real main
// module with the real library, the real viewer; and the replay, played in Chromium, is the page without its secrets.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { launch, open, squeeze } from "../../../../tests/support/chromium.mjs";
import { custom } from "../../../../tests/support/events.mjs";
import { bytesBelow } from "../../../../tests/support/files.mjs";
import { untilItsEnd } from "../../../../tests/support/replayed.mjs";
import { startViewer } from "../../../../tests/support/viewer.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, IpcMain, openWindow } from "./support/electron.mjs";
import { bundleForPage, facade } from "./support/facade.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
const html = readFileSync(new URL("pages/shop.html", import.meta.url), "utf8");
const SESSION = 1732300000000;
const PASSWORD = "Tr0ub4dor-ü-密码";
let folder, viewer, browser, context;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-electron-"));
  viewer = await startViewer("--data", join(folder, "viewer"));
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
});

after(async () => {
  await sessionReplay.shutdown(0);
  await browser?.close();
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Attaches for one test. */
function start(t, { appPath, ...more } = {}) {
  const app = new App(join(folder, `user-data-${t.name.replace(/\W+/g, "-").slice(0, 40)}`), appPath);
  const ipcMain = new IpcMain();
  const options = viewer.options({ flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 }, ...more.options });
  const attached = attach({ ipcMain, app, ...more, options });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(2_000);
  });
  return { app, ipcMain, attached };
}

/** Waits until the viewer has this session with an event that holds the text. */
const arrived = (device, session, text) =>
  until(async () => {
    const events = await viewer.events(device, session);
    return JSON.stringify(events).includes(text) && events;
  }, `${text} arrives in ${device}/${session}`);

const fullSnapshots = (events) => events.filter((event) => event.type === 2).length;

/** The page's text as it is shown, and what is in its fields. */
const shownIn = (body) => ({
  text: body.innerText.replace(/\s+/g, " ").trim(),
  fields: Object.fromEntries([...body.querySelectorAll("input")].map((input) => [input.id, input.value])),
  scrolled: [...body.ownerDocument.querySelectorAll("#stock, html")].map((element) => Math.round(element.scrollTop)),
});

/** Plays the session to its end, and tells what is shown there. */
async function played(device, session) {
  const { page, notes, close } = await open(browser);
  await page.goto(`${viewer.url}/sessions/${device}/${session}?t=${1_000_000}`);
  const frame = page.frameLocator(".replayer-wrapper iframe").locator("body");
  await frame.waitFor({ state: "attached" });
  await untilItsEnd(page);
  await page.waitForTimeout(300);
  const shown = await frame.evaluate(shownIn);
  assert.deepEqual(notes, { elsewhere: [], errors: [] });
  await close();
  return shown;
}

test("a replay is what the page was, session by session, without its secrets", async (t) => {
  const { app, ipcMain } = start(t, { apiKey: "key", options: { deviceId: "shop", sessionId: SESSION } });
  const window = await openWindow(context, ipcMain, app, { html, scripts: [facade] });
  const { page } = window;
  await arrived("shop", SESSION, "Artikel 19");

  await page.fill("#name", "Zoë Müller");
  await page.fill("#password", PASSWORD);
  await page.fill("#comment", "bitte schnell, 至急 🚚");
  await page.evaluate(() => change(2));
  await page.evaluate(() => (document.querySelector("#stock").scrollTop = 90));
  await page.mouse.wheel(0, 400);
  await page.waitForFunction(() => scrollY > 0);
  await page.waitForTimeout(400);
  const first = await page.locator("body").evaluate(shownIn);
  await arrived("shop", SESSION, "Menge 219");

  await page.evaluate((id) => sessionReplayFacade.setSessionId(id).promise, SESSION + 1);
  assert.equal(await page.evaluate(() => sessionReplayFacade.getSessionId()), SESSION + 1);
  assert.deepEqual(await page.evaluate(() => sessionReplayFacade.getSessionReplayProperties()), {
    "[Amplitude] Session Replay ID": `shop/${SESSION + 1}`,
  });
  await page.evaluate(() => {
    change(3);
    // Values and rules that the page's own scripts set.
    document.querySelector("#comment").value = "set by a script";
    document.querySelector("#password").value += "!";
    document.querySelector("#sheet").sheet.insertRule("h1 { visibility: hidden; }", 0);
  });
  await page.mouse.wheel(0, -1000);
  await page.waitForTimeout(400);
  const second = await page.locator("body").evaluate(shownIn);
  assert.equal(await page.evaluate(() => sessionReplayFacade.flush()), "ok");
  const events = await arrived("shop", SESSION + 1, "Menge 319");
  assert.ok(fullSnapshots(events) >= 1, "the new session has a full snapshot");
  assert.deepEqual(window.errors, []);

  for (const [session, page] of [
    [SESSION, first],
    [SESSION + 1, second],
  ]) {
    const replayed = await played("shop", session);
    const stars = (text) => text.replace(/\S/g, "*");
    assert.equal(replayed.text, page.text.replace("IBAN DE02 1203", "**** **** ****"));
    assert.equal(replayed.fields.name, stars(page.fields.name));
    assert.equal(replayed.fields.comment, page.fields.comment);
    assert.equal(replayed.fields.password, "*".repeat(8), "its length tells nothing");
    assert.deepEqual(replayed.scrolled, page.scrolled);
  }
  assert.ok(!squeeze(second.text).includes("Bestellung"), "the rule of the script holds");
  const stored = Buffer.concat([bytesBelow(join(folder, "viewer")), bytesBelow(app.userData)]);
  assert.ok(stored.includes("至急"), "what is stored can be read here");
  for (const secret of [PASSWORD, PASSWORD.slice(0, 8), "Müller", "DE02"])
    assert.ok(!stored.includes(secret), `${secret} is stored`);
  await window.close();
});

test("one window records: the one that was focused last, and it begins with a full snapshot", async (t) => {
  const { app, ipcMain } = start(t, { apiKey: "key", options: { deviceId: "windows", sessionId: SESSION } });
  const page = (name) => `<html><body><h1>${name}</h1><p>says nothing</p></body></html>`;
  const say = (window, text) => window.page.evaluate((text) => (document.querySelector("p").textContent = text), text);
  const first = await openWindow(context, ipcMain, app, { html: page("first window") });
  await arrived("windows", SESSION, "first window");
  const second = await openWindow(context, ipcMain, app, { html: page("second window") });
  await say(second, "not focused yet");
  await say(first, "first speaks");
  await arrived("windows", SESSION, "first speaks");
  second.focus();
  await arrived("windows", SESSION, "second window");
  await say(first, "first is in the background");
  await say(second, "second speaks");
  await arrived("windows", SESSION, "second speaks");
  first.focus();
  await arrived("windows", SESSION, "first is in the background");
  await first.close();
  await say(second, "second is left alone");
  const events = await arrived("windows", SESSION, "second is left alone");
  const texts = JSON.stringify(events.filter((event) => event.type === 3));
  assert.ok(
    !texts.includes("not focused yet") && !texts.includes("first is in the background"),
    "who pauses records nothing",
  );
  assert.equal(fullSnapshots(events), 4);
  // Each stretch is of one document: the page described last is the one whose changes follow.
  await second.close();
});

test("reload, navigation, a crash and a page from the web", async (t) => {
  const { app, ipcMain } = start(t, { apiKey: "key", options: { deviceId: "pages", sessionId: SESSION } });
  const window = await openWindow(context, ipcMain, app, {
    html: (url) => `<html><body><h1>page ${new URL(url).pathname}</h1></body></html>`,
  });
  await arrived("pages", SESSION, "page /index.html".replace("/index", "/shop/index"));
  await window.page.reload();
  await until(
    async () => fullSnapshots(await viewer.events("pages", SESSION)) === 2,
    "a full snapshot after the reload",
  );
  await window.show("shop/second.html");
  await arrived("pages", SESSION, "page /shop/second.html");
  // A page from elsewhere in the same window, with the same preload script.
  window.contents.shownAs = "https://evil.example/";
  await window.show("shop/evil.html");
  await window.page.waitForTimeout(500);
  window.contents.shownAs = undefined;
  await window.show("shop/third.html");
  const events = await arrived("pages", SESSION, "page /shop/third.html");
  assert.ok(!JSON.stringify(events).includes("evil"), "a foreign page is not recorded");
  assert.deepEqual(
    events.filter((event) => event.type === 4).map((event) => event.data.href),
    [
      "http://app.test/shop/index.html",
      "http://app.test/shop/index.html",
      "http://app.test/shop/second.html",
      "http://app.test/shop/third.html",
    ],
  );
  window.contents.emit("render-process-gone", {}, { reason: "crashed" });
  await window.page.reload();
  await until(
    async () => fullSnapshots(await viewer.events("pages", SESSION)) === 5,
    "a full snapshot after the crash",
  );
  await window.close();
});

/** In a page: starts recording, which is never rejected; answers with what the console said as errors meanwhile. */
async function initAndErrors(key) {
  const said = [];
  const { error } = console;
  console.error = (...texts) => said.push(texts.join(" "));
  await sessionReplayFacade.init(key, {}).promise;
  console.error = error;
  return said;
}

test("a window that is opened before attach() records from then on, and init may come from the page", async (t) => {
  const app = new App(join(folder, "early"));
  const ipcMain = new IpcMain();
  const window = await openWindow(context, ipcMain, app, { html, scripts: [facade] });
  assert.match((await window.page.evaluate(initAndErrors, "key")).join("\n"), /^session-replay: init failed: .*attach\(\)[^\n]*$/);
  const attached = attach({
    ipcMain,
    app,
    options: viewer.options({ flushIntervalConfig: { minIntervalMs: 50, maxIntervalMs: 200 } }),
  });
  t.after(async () => {
    attached.detach();
    await sessionReplay.shutdown(0);
  });
  await window.page.evaluate((session) => {
    const options = {
      deviceId: "early",
      sessionId: session,
      sampleRate: 0.5,
      privacyConfig: { defaultMaskLevel: "conservative" },
      storeType: "idb",
      loggerProvider: console,
      trackServerUrl: "http://127.0.0.1:1/",
      storageDir: "/nowhere",
    };
    return sessionReplayFacade.init("key", options).promise;
  }, SESSION);
  const events = await arrived("early", SESSION, "******* *");
  assert.equal(fullSnapshots(events), 1);
  assert.ok(!JSON.stringify(events).includes("Artikel"), "the page's privacyConfig holds");
  assert.equal(
    await window.page.evaluate(() => sessionReplayFacade.getPrivacyConfig().defaultMaskLevel),
    "conservative",
  );
  const [session] = (await viewer.sessions()).filter(({ device_id }) => device_id === "early");
  assert.equal(session.client_url, "app://My%20Shop");
  assert.equal(session.sample_rate, 1, "the main process's options stand before the page's");
  assert.ok(readdirSync(join(folder, "early")).includes("session-replay"), "events wait below userData");
  assert.deepEqual(await window.page.evaluate(initAndErrors, "another key"), [
    "session-replay: init failed: another API key is in use: the whole app has one",
  ]);

  // Quitting: the windows close and send their last, then what is left is delivered, then it quits.
  await window.page.evaluate(() => (document.title = "the last thing"));
  await window.close();
  await viewer.fault({ delay_ms: 300 });
  sessionReplay.record(custom("something to wait for"));
  app.quit();
  await until(() => app.hasQuit, "the app quits");
  assert.equal(app.quits, 2);
  assert.equal(sessionReplay.stats().state, "not-initialized");
});

test("the reference document's Segment snippet runs in a page with only its import changed", async (t) => {
  const { app, ipcMain } = start(t);
  const snippet = `
    import * as sessionReplay from "session-replay-native";
    import { AnalyticsBrowser } from "@segment/analytics-next";

    const segmentAnalytics = AnalyticsBrowser.load({
      writeKey: "segment-key",
    });

    const AMPLITUDE_API_KEY = 'api-key' // must match that saved with Segment
    const getStoredSessionId = () => {
     return cookie.get("analytics_session_id") || 0;
    }

    const user = await segmentAnalytics.user();
    const storedSessionId = getStoredSessionId();

    await sessionReplay.init(AMPLITUDE_API_KEY, { 
      sessionId: storedSessionId,
      deviceId: user.anonymousId()
    }).promise;

    // Add middleware to check if the session id has changed, 
    // and update the session replay instance
    segmentAnalytics.addSourceMiddleware(({ payload, next, integrations }) => {
      const storedSessionId = getStoredSessionId();
      const nextSessionId = payload.obj.integrations['Actions Amplitude'].session_id || 0
      if (storedSessionId < nextSessionId) {
        cookie.set("analytics_session_id", nextSessionId);
        sessionReplay.setSessionId(nextSessionId);
      }
      next(payload);
    });
    window.sessionIdNow = sessionReplay.getSessionId;`;
  // Stands for Segment, which has to be asked on the network for its settings: a user, and a middleware to call.
  const analytics = `export const AnalyticsBrowser = { load: () => ({
    user: async () => ({ anonymousId: () => "segment-user" }),
    addSourceMiddleware: (middleware) => (window.segment = middleware),
  }) };`;
  const cookies = `const jar = {}; window.cookie = { get: (name) => jar[name], set: (name, value) => (jar[name] = value) };`;
  const script = await bundleForPage(snippet, { "@segment/analytics-next": analytics });
  const window = await openWindow(context, ipcMain, app, { html, scripts: [cookies] });
  await window.page.addScriptTag({ type: "module", content: script });
  await window.page.waitForFunction(() => window.segment);
  for (const session of [SESSION, SESSION + 1]) {
    await window.page.evaluate((session_id) => {
      window.segment({ payload: { obj: { integrations: { "Actions Amplitude": { session_id } } } }, next: () => {} });
      if (window.sessionIdNow() !== session_id) throw new Error("the session is told at once");
    }, session);
    assert.ok(fullSnapshots(await arrived("segment-user", session, "Artikel 19")) >= 1);
  }
  assert.deepEqual(window.errors, []);
  await window.close();
});

test("a page learns of sessions, can stop, opt out, and add events of its own", async (t) => {
  const { app, ipcMain } = start(t, { apiKey: "key", options: { deviceId: "api", sessionId: SESSION } });
  const window = await openWindow(context, ipcMain, app, { html, scripts: [facade] });
  const { page } = window;
  await arrived("api", SESSION, "Artikel 19");
  await page.evaluate(() => {
    window.sessions = [];
    const listener = (id) => window.sessions.push(id);
    sessionReplayFacade.on("session", listener);
    sessionReplayFacade.on("session", listener);
    sessionReplayFacade.once("session", (id) => window.sessions.push(`once ${id}`));
  });
  sessionReplay.setSessionId(SESSION + 1);
  await page.waitForFunction((id) => sessionReplayFacade.getSessionId() === id, SESSION + 1);
  sessionReplay.setSessionId(SESSION + 2);
  await page.waitForFunction((id) => sessionReplayFacade.getSessionId() === id, SESSION + 2);
  assert.deepEqual(await page.evaluate(() => window.sessions), [SESSION + 1, `once ${SESSION + 1}`, SESSION + 2]);
  await arrived("api", SESSION + 2, "Artikel 19");
  const recorded = await page.evaluate(() =>
    sessionReplayFacade.record({
      type: 5,
      timestamp: Date.now(),
      data: { tag: "own", payload: "an event of the page" },
    }),
  );
  assert.equal(recorded, "ok");
  await arrived("api", SESSION + 2, "an event of the page");
  assert.equal(await page.evaluate(() => sessionReplayFacade.getSessionReplayId()), `api/${SESSION + 2}`);
  assert.equal(await page.evaluate(() => sessionReplayFacade.stats().state), "capturing");
  await page.evaluate(() => {
    sessionReplayFacade.stop();
    document.querySelector("h1").textContent = "while stopped";
  });
  await page.waitForTimeout(200);
  await page.evaluate(() => sessionReplayFacade.start().promise);
  await arrived("api", SESSION + 2, "while stopped");
  await page.evaluate(async () => {
    await sessionReplayFacade.shutdown(0);
    document.querySelector("h1").textContent = "while shut down";
    await sessionReplayFacade.init("key").promise;
  });
  await arrived("api", SESSION + 2, "while shut down");
  // A page may opt out and take it back; it may not undo what the app said.
  await page.evaluate(() => sessionReplayFacade.setOptOut(true));
  await until(() => sessionReplay.stats().state === "opted-out", "opted out");
  await page.evaluate(() => sessionReplayFacade.setOptOut(false));
  await until(() => sessionReplay.stats().state === "capturing", "captured again");
  sessionReplay.setOptOut(true);
  await page.evaluate(() => sessionReplayFacade.setOptOut(false));
  await page.evaluate(() => sessionReplayFacade.flush(0));
  assert.equal(sessionReplay.stats().state, "opted-out");
  await window.close();
  sessionReplay.setOptOut(false);
});

test("the paths of files stay on the machine", async (t) => {
  const { app, ipcMain } = start(t, {
    apiKey: "key",
    appPath: folder,
    options: { deviceId: "files", sessionId: SESSION },
  });
  writeFileSync(join(folder, "page.html"), '<html><body><h1>from a file</h1><img src="logo.png"></body></html>');
  const window = await openWindow(context, ipcMain, app, { html: "<p>at first</p>" });
  await arrived("files", SESSION, "at first");
  window.contents.shownAs = pathToFileURL(join(folder, "page.html")).href;
  await window.page.goto(window.contents.shownAs);
  const events = await arrived("files", SESSION, "from a file");
  assert.ok(JSON.stringify(events).includes("logo.png"));
  assert.ok(!JSON.stringify(events).includes(folder), "the folder is nobody's business");
  await window.close();
});

test("the browser SDK's options for a page reach the page from the main process", async (t) => {
  const options = { deviceId: "timed", sessionId: SESSION, fullSnapshotIntervalMs: 1_000 };
  const { app, ipcMain } = start(t, { apiKey: "key", options });
  const window = await openWindow(context, ipcMain, app, { html, scripts: [facade] });
  await window.page.evaluate(() => setInterval(() => document.body.toggleAttribute("data-on"), 100));
  await until(async () => fullSnapshots(await viewer.events("timed", SESSION)) >= 3, "full snapshots by time");
});

test("a window that nobody uses is not recorded until somebody does, and a coloured box stands for what is blocked", async (t) => {
  const options = { deviceId: "idle", sessionId: SESSION, idleTimeoutMs: 1_000, applyBackgroundColorToBlockedElements: true, performanceConfig: { enabled: false } };
  const { app, ipcMain } = start(t, { apiKey: "key", options });
  const window = await openWindow(context, ipcMain, app, { html: `<p id="a">begin</p><p class="amp-block">secret</p>` });
  const events = await arrived("idle", SESSION, "begin");
  assert.ok(JSON.stringify(events).includes('"rr_background_color":"lightgrey"'));
  await window.page.evaluate(() => setInterval(() => (document.getElementById("a").textContent = `at ${Date.now()}`), 20));
  // By the page's own timers a second without use is over.
  await window.page.evaluate(() => new Promise((done) => setTimeout(done, 2_000)));
  let count = -1;
  await until(async () => {
    const before = count;
    await sessionReplay.flush(20_000);
    count = (await viewer.events("idle", SESSION)).length;
    await window.page.waitForTimeout(500);
    return count === before;
  }, "nothing is recorded");
  await window.page.mouse.click(10, 10);
  const isClick = ({ type, data }) => type === 3 && data.source === 2 && data.type === 1;
  await until(async () => (await viewer.events("idle", SESSION)).slice(count).some(isClick), "what the user did first");
  assert.equal((await viewer.events("idle", SESSION)).slice(count).filter(({ type }) => type === 2).length, 1);
  await window.close();
});

test("only booleans and numbers of the options for a page are sent to it, and a long time after which it is idle", async () => {
  const { recordingOptions } = await import("../../dist/electron/messages.js");
  const IDLE = { idleTimeoutMs: 1_800_000 };
  for (const [given, expected] of [
    [undefined, IDLE],
    [{ idleTimeoutMs: 0 }, { idleTimeoutMs: 0 }],
    [{ inlineImages: true, sampleRate: 1, recordCanvas: "yes" }, { ...IDLE, inlineImages: true }],
    [{ performanceConfig: { enabled: true, timeout: 5, mergeMutations: false, other: () => {}, interaction: { timeout: 1, deep: { deeper: { deepest: 1 } } } } },
      { ...IDLE, performanceConfig: { enabled: true, timeout: 5, mergeMutations: false, interaction: { timeout: 1, deep: {} } } }],
    [{ sampling: [1], performanceConfig: null }, IDLE],
  ])
    assert.deepEqual(recordingOptions(given), expected);
});

test("a page that rewrites its document is recorded on, in the preload script's world, too", async (t) => {
  const { app, ipcMain } = start(t, { apiKey: "key", options: { deviceId: "rewritten", sessionId: SESSION } });
  const window = await openWindow(context, ipcMain, app, { html: "<p>at first</p>" });
  await arrived("rewritten", SESSION, "at first");
  await window.page.evaluate(() => {
    document.open();
    document.write(`<body><p>second page</p><input id="i" type="password"></body>`);
    document.close();
  });
  await arrived("rewritten", SESSION, "second page");
  await window.page.fill("#i", "hunter22");
  // Set by a script of the page: the injected script reports it over the document, which has lost its listeners.
  await window.page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("input"), { id: "set" }));
    setTimeout(() => (document.getElementById("set").value = "abc"), 50);
    document.body.setAttribute("data-mirror", document.getElementById("i").value);
  });
  const events = await arrived("rewritten", SESSION, '"***"');
  assert.ok(!JSON.stringify(events).includes("hunter22"));
  assert.equal(events.filter(({ type }) => type === 2).length, 2);
  await window.close();
});

test("a page of which nothing usable is recorded is told of by the main process's stats", async (t) => {
  const { app, ipcMain } = start(t, { apiKey: "key", options: { deviceId: "unwell", sessionId: SESSION } });
  const window = await openWindow(context, ipcMain, app, { html: "<p>at first</p>" });
  await arrived("unwell", SESSION, "at first");
  assert.equal(sessionReplay.stats().advice, null);
  // More than any server takes, and nothing that could be cut.
  await window.page.evaluate(() => (document.body.innerHTML = "<i></i>".repeat(150_000)));
  await until(() => /^the page's recorder: an event of more than/.test(sessionReplay.stats().advice ?? ""), "the advice");
  await window.page.evaluate(() => (document.body.innerHTML = "<p>small again</p>"));
  await arrived("unwell", SESSION, "small again");
  await until(() => sessionReplay.stats().advice === null, "all is well");
  await window.close();
});
