// Quitting: it is held until what was recorded is delivered, never against the wish of anybody else, and recording goes
// on until the process really ends. Electron is stood in for by its contract: `before-quit`, `will-quit` and `quit`.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { custom, payloads, SESSION } from "../../../../tests/support/events.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { startViewer } from "../../../../tests/support/viewer.mjs";
import { App, IpcMain } from "./support/electron.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
let folder,
  viewer,
  app,
  attached,
  device = 0;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-quitting-"));
  viewer = await startViewer();
});
after(async () => {
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  app = new App(join(folder, `app-${++device}`));
});
afterEach(async () => {
  await viewer.clearFaults();
  attached?.detach();
  attached = undefined;
  await sessionReplay.shutdown(2_000);
});

/** Attaches, and records something that can't be delivered for a while. */
async function begin(more = {}, fault = { hang: true, standing: true }) {
  const { options, ...rest } = more;
  const given = viewer.options({ deviceId: `quits-${device}`, sessionId: SESSION, ...options });
  attached = attach({ ipcMain: new IpcMain(), app, apiKey: "key", options: given, quitTimeoutMs: 400, ...rest });
  if (fault) await viewer.fault(fault);
  sessionReplay.record(custom("waits"));
}

const isRecording = () => sessionReplay.stats().state === "capturing" && sessionReplay.record(custom("on")) !== "not-captured";
const hasQuit = async (ms) => {
  const deadline = performance.now() + ms;
  while (!app.hasQuit && performance.now() < deadline) await delay(10);
  return app.hasQuit;
};
const stayed = async (quits) => {
  await delay(900);
  assert.equal(app.hasQuit, false);
  assert.equal(app.quits, quits, "nobody but the app itself quits");
  assert.ok(isRecording(), "recording goes on");
};

test("a quit is held until all is delivered, and asked for again once", async () => {
  await begin({ quitTimeoutMs: 10_000 }, { delay_ms: 200, standing: true });
  app.quit();
  assert.ok(!app.hasQuit && isRecording(), "held, and recording goes on");
  assert.ok(await hasQuit(20_000));
  assert.equal(app.quits, 2);
  assert.equal(sessionReplay.stats().state, "not-initialized");
  assert.equal(payloads(await viewer.events(`quits-${device}`, SESSION))[0], "waits");
});

test("a frame that the main process shows right before a quit is delivered", async () => {
  await begin({ quitTimeoutMs: 10_000, options: { frameIntervalMs: 50, frameBytesPerSecond: 10_000_000 } }, null);
  const [width, height] = [512, 512];
  const images = async () => JSON.stringify(await viewer.events(`quits-${device}`, SESSION)).match(/data:image/g)?.length ?? 0;
  const show = (pixels) => assert.equal(sessionReplay.showFrame(1, { pixels, format: "rgba", width, height }), "ok");
  show(Buffer.alloc(width * height * 4));
  assert.equal(await sessionReplay.flush(20_000), "ok");
  const before = await images();
  while (sessionReplay.nextFrameMs(1) > 0) await delay(10);
  // Noise takes the encoder a while. Until then no event waits.
  let state = 1;
  show(Uint8Array.from({ length: width * height * 4 }, () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24));
  assert.equal(sessionReplay.stats().waiting.frames, 1);
  app.quit();
  assert.ok(!app.hasQuit, "held");
  assert.ok(await hasQuit(20_000));
  assert.ok((await images()) > before, "it is there");
});

test("a quit with nothing to deliver is not held at all", async () => {
  await begin({}, null);
  assert.equal(await sessionReplay.flush(), "ok");
  app.quit();
  assert.ok(app.hasQuit);
  assert.equal(app.quits, 1);
  assert.equal(sessionReplay.stats().state, "not-initialized");
});

const VETO = (event) => event.preventDefault();
const ORDERS = {
  "before us": (veto) => app.prependListener("will-quit", veto),
  "after us": (veto) => app.on("will-quit", veto),
  "at before-quit": (veto) => app.on("before-quit", veto),
  "at before-quit, before us": (veto) => app.prependListener("before-quit", veto),
};
for (const [name, listen] of Object.entries(ORDERS)) {
  test(`a veto ${name} leaves recording alone, twice, and the next quit is a quit`, async () => {
    await begin();
    let isStaying = true;
    listen((event) => isStaying && VETO(event));
    app.quit();
    await stayed(1);
    app.quit();
    await stayed(2);
    isStaying = false;
    app.quit();
    assert.ok(await hasQuit(10_000));
    assert.equal(app.quits, 4, "held, and asked for again");
  });
}

test("a veto beside events that do not say whether they are prevented", async () => {
  await begin();
  app.on("will-quit", VETO);
  let isPrevented = false;
  const event = { preventDefault: () => (isPrevented = true) };
  app.quits++;
  app.emit("before-quit", { preventDefault() {} });
  app.emit("will-quit", event);
  assert.ok(isPrevented);
  app.hasQuit = false;
  await stayed(1);
});

test("a veto that comes while we hold: of the same quit, later, or of another one", async () => {
  for (const name of ["will-quit", "before-quit"]) {
    await (attached ? undefined : begin());
    sessionReplay.record(custom("waits again"));
    let seen;
    app.once("will-quit", (event) => (seen = event));
    app.quits = 0;
    app.quit();
    if (name === "will-quit") {
      // In a later turn than everybody has heard of it in.
      await new Promise(setImmediate);
      seen.preventDefault();
      await stayed(1);
    } else {
      app.once(name, VETO);
      app.quit();
      await stayed(2);
    }
  }
});

test("a veto of the quit that we ask for again leaves recording alone", async () => {
  await begin();
  app.on("will-quit", (event) => app.quits > 1 && VETO(event));
  app.quit();
  await until(() => app.quits === 2, "it is asked for again");
  await stayed(2);
  app.removeAllListeners("before-quit");
});

test("another who holds the quit, as we do, before us or after us: it comes to an end", async () => {
  for (const method of ["on", "prependListener"]) {
    await begin();
    let isDone = false;
    app[method]("will-quit", (event) => {
      if (isDone) return;
      event.preventDefault();
      isDone = true;
      setTimeout(() => app.quit(), 100);
    });
    app.quit();
    assert.ok(await hasQuit(10_000), method);
    assert.ok(app.quits <= 3);
    attached.detach();
    await viewer.clearFaults();
    await sessionReplay.shutdown(2_000);
    app = new App(join(folder, `app-${++device}`));
  }
});

test("who quits again while we hold does not lose what waits, and does not make it longer", async () => {
  await begin({ quitTimeoutMs: 3_000 });
  const begun = performance.now();
  app.quit();
  for (let n = 0; n < 5; n++) {
    await delay(50);
    app.quit();
  }
  assert.ok(!app.hasQuit);
  assert.ok(await hasQuit(20_000));
  assert.ok(performance.now() - begun < 15_000);
  assert.equal(app.quits, 7, "asked for again once");
});

test("no quit is held for longer than ten seconds, whatever was asked for", async () => {
  await begin({ quitTimeoutMs: Infinity });
  const begun = performance.now();
  app.quit();
  assert.ok(await hasQuit(25_000));
  assert.ok(performance.now() - begun >= 5_000, "it was held");
});

test("a server that can't be reached holds no quit where the disk keeps what waits", async () => {
  const options = { trackServerUrl: "http://127.0.0.1:9/track" };
  await begin({ quitTimeoutMs: 10_000, options }, null);
  const begun = performance.now();
  app.quit();
  assert.ok(await hasQuit(9_000));
  assert.ok(performance.now() - begun < 6_000, "not for the time that it may take at most");
});

test("without a disk that keeps what waits a quit is held for the time it may take", async () => {
  const userData = join(folder, "a-file");
  writeFileSync(userData, "");
  app.userData = userData;
  await begin({ quitTimeoutMs: 1_500, options: { trackServerUrl: "http://127.0.0.1:9/track" } }, null);
  assert.notEqual(sessionReplay.stats().storage.problem, null);
  const begun = performance.now();
  app.quit();
  assert.ok(await hasQuit(20_000));
  assert.ok(performance.now() - begun > 1_200);
});

test("what is recorded in memory while a quit is held is waited for, too", async () => {
  app.userData = join(folder, "a-file");
  await begin({ quitTimeoutMs: 10_000 }, { delay_ms: 300 });
  app.quit();
  assert.ok(isRecording());
  assert.ok(await hasQuit(20_000));
  assert.deepEqual(payloads(await viewer.events(`quits-${device}`, SESSION)).sort(), ["on", "waits"]);
});

test("detach while a quit is held does not keep the app", async () => {
  await begin();
  app.quit();
  attached.detach();
  assert.ok(await hasQuit(10_000));
});
