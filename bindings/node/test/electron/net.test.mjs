// Electron's own network stack as the transport. Electron is stood in for by its contract: `net` can't be used before the app is
// ready, goes through the proxy of its session, rejects where a redirect is not to be followed, and heeds a signal.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { custom, payloads, SESSION } from "../../../../tests/support/events.mjs";
import { serve } from "../../../../tests/support/servers.mjs";
import { startViewer } from "../../../../tests/support/viewer.mjs";
import { until } from "../../../../tests/support/waiting.mjs";
import { App, Contents, IpcMain } from "./support/electron.mjs";

const require = createRequire(import.meta.url);
const sessionReplay = require("session-replay-native");
const { attach } = require("session-replay-native/electron/main");
let folder,
  viewer,
  proxy,
  app,
  attached,
  device = 0;
const throughProxy = [];
const logged = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "session-replay-net-"));
  viewer = await startViewer();
  // A forward proxy: requests come with the whole address.
  proxy = await serve((request, answer) => {
    throughProxy.push(`${request.method} ${request.url}`);
    const passed = httpRequest(request.url, { method: request.method, headers: request.headers }, (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    request.pipe(passed);
  });
  sessionReplay.on("log", ({ message }) => logged.push(message));
});
after(async () => {
  await proxy?.stop();
  await viewer?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  app = new App(join(folder, `app-${++device}`));
  throughProxy.length = logged.length = 0;
});
afterEach(async () => {
  await viewer.clearFaults();
  attached?.detach();
  attached = undefined;
  await sessionReplay.shutdown(2_000);
});

/** Electron's `net`: its session has a proxy. */
class Net {
  requests = [];

  fetch(input, init = {}) {
    if (!app.isReady()) throw new Error("net module can only be used after app is ready");
    const { url, method, headers, body, signal, redirect } = { ...init, url: input };
    this.requests.push({ url, method, redirect });
    const { hostname, port } = new URL(proxy.url);
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ hostname, port, method, path: url, headers, signal }, async (response) => {
        const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode);
        if (isRedirect && redirect === "manual") return reject(new Error("Redirect was cancelled"));
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve(new Response(Buffer.concat(chunks), { status: response.statusCode, headers: response.headers }));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

function begin({ net = new Net(), options, ...rest } = {}) {
  const given = viewer.options({ deviceId: `net-${device}`, sessionId: SESSION, enableRemoteConfig: true, flushMaxRetries: 5, ...options });
  attached = attach({ ipcMain: new IpcMain(), app, net, apiKey: "key", options: given, ...rest });
  return net;
}
const arrived = async () => payloads(await viewer.events(`net-${device}`, SESSION));

test("every request goes through net, and so through its proxy, once the app is ready", async () => {
  let isReady = false;
  app.isReady = () => isReady;
  const net = begin();
  sessionReplay.record(custom("before ready"));
  // Longer than the library waits for a configuration.
  await delay(1_500);
  assert.deepEqual(net.requests, []);
  assert.equal(sessionReplay.stats().lastError, null);
  assert.equal(sessionReplay.stats().state, "waiting-for-remote-config");
  isReady = true;
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.deepEqual(await arrived(), ["before ready"]);
  const passed = throughProxy.map((request) => request.replace(/\?.*/, ""));
  // On a slow machine the configuration takes more than one attempt.
  assert.deepEqual([...new Set(passed.slice(0, -1))], [`GET ${viewer.url}/config/key`]);
  assert.equal(passed.at(-1), `POST ${viewer.url}/sessions/v2/track`);
  assert.ok(net.requests.every(({ redirect }) => redirect === "manual"));
});

test("a quit is held until net has delivered", async () => {
  begin({ quitTimeoutMs: 10_000 });
  await until(() => sessionReplay.stats().state === "capturing", "capturing");
  await viewer.fault({ delay_ms: 300, standing: true });
  sessionReplay.record(custom("last"));
  app.quit();
  assert.ok(!app.hasQuit, "held");
  await until(() => app.hasQuit, "the app quits");
  assert.equal(app.quits, 2);
  assert.deepEqual(await arrived(), ["last"]);
});

test("a quit is not held where net reaches nobody, and the next start delivers by net", async () => {
  class Unreachable extends Net {
    fetch = () => Promise.reject(new Error("net::ERR_PROXY_CONNECTION_FAILED"));
  }
  begin({ net: new Unreachable(), quitTimeoutMs: 10_000, options: { enableRemoteConfig: false, flushMaxRetries: 1 } });
  sessionReplay.record(custom("kept"));
  const started = performance.now();
  app.quit();
  await until(() => app.hasQuit, "the app quits");
  assert.ok(performance.now() - started < 9_000, "waiting was of no use");
  attached.detach();
  await sessionReplay.shutdown(2_000);
  begin();
  sessionReplay.record(custom("next"));
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.deepEqual((await arrived()).sort(), ["kept", "next"]);
});

test("a session stands for net, and a redirect is no answer of the server's", async () => {
  let isPortal = true;
  class Session extends Net {
    async fetch(url, init) {
      const to = isPortal && init.method === "POST" ? `${proxy.url.replace(proxy.host, redirector.host)}/` : url;
      return super.fetch(to, init);
    }
  }
  const redirector = await serve((_request, answer) => answer.writeHead(302, { location: "/sign-in" }).end());
  begin({ net: new Session() });
  sessionReplay.record(custom("past a portal"));
  assert.equal(await sessionReplay.flush(700), "timeout");
  assert.match(sessionReplay.stats().lastError.message, /Redirect was cancelled/);
  isPortal = false;
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.deepEqual(await arrived(), ["past a portal"]);
  await redirector.stop();
});

test("the app's own handlers come before net", async () => {
  const own = [];
  const net = begin({ options: { handleSendEvents: (request) => (own.push(request.method), fetch(request.url, { ...request })) } });
  sessionReplay.record(custom(1));
  assert.equal(await sessionReplay.flush(20_000), "ok");
  assert.deepEqual([own, [...new Set(net.requests.map(({ method }) => method))]], [["POST"], ["GET"]]);
  assert.deepEqual(await arrived(), [1]);
});

test("a net that can't fetch, as before Electron 25, is refused with what to do", () => {
  assert.throws(() => begin({ net: { request() {} } }), /"net" has no fetch\(\).*version 25.*handleSendEvents/);
});

test("where the main process has called init itself, the log says that net is not used", async () => {
  const ipcMain = new IpcMain();
  await sessionReplay.init("key", viewer.options({ deviceId: `net-${device}`, sessionId: SESSION })).promise;
  const net = new Net();
  attached = attach({ ipcMain, app, net });
  const contents = new Contents();
  for (let time = 0; time < 2; time++) {
    const reply = await ipcMain.invoke("session-replay:call", contents.event(), "init", JSON.stringify(["key", {}]));
    assert.ok(reply.ok, reply.message);
  }
  await new Promise(setImmediate);
  assert.equal(logged.filter((line) => line.includes('"net" is not used')).length, 1, logged.join("\n"));
});

test("a page's plugin is told to the server, where its init starts recording; a page's handler is not called", async () => {
  const ipcMain = new IpcMain();
  const options = viewer.options({ deviceId: `net-${device}`, sessionId: SESSION });
  attached = attach({ ipcMain, app, net: new Net(), options });
  const page = { version: { type: "plugin", version: "1.2.3" } };
  const contents = new Contents();
  const call = (given) => ipcMain.invoke("session-replay:call", contents.event(), "init", JSON.stringify(["key", given]));
  const refused = await call({ ...page, handleSendEvents: {} });
  assert.match(refused.message, /can't give "handleSendEvents"/);
  assert.ok((await call(page)).ok);
  sessionReplay.record(custom(1));
  assert.equal(await sessionReplay.flush(20_000), "ok");
  const [session] = (await viewer.sessions()).filter(({ device_id }) => device_id === `net-${device}`);
  assert.match(JSON.stringify(session), /plugin\/1\.2\.3/);
});
