// Under Wine, where the library was built for Windows: it trusts what the system trusts, and goes through the system's proxy.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { command, run } from "../support/children.mjs";
import { SESSION } from "../support/events.mjs";
import { project } from "../support/paths.mjs";
import { serve } from "../support/servers.mjs";
import { startViewer } from "../support/viewer.mjs";

const LIBRARY = process.env.SR_WINDOWS;
const CONNECTIONS = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections`;
const isThere = (program, ...args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;
const missing = ["wine", "x86_64-w64-mingw32-gcc"].find((program) => !isThere(program, "--version"));
const noOpenssl = !isThere("openssl", "version") && "openssl";
const skip = !LIBRARY ? "SR_WINDOWS names no folder with the library for Windows" : (missing ?? noOpenssl) ? `${missing ?? noOpenssl} is not installed` : false;
let folder, program, viewer, tls, proxy, device;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), "session-replay-network-"));
  for (const file of ["session_replay.dll", "bcryptprimitives.dll"]) {
    if (existsSync(join(LIBRARY, file))) copyFileSync(join(LIBRARY, file), join(folder, file));
  }
  program = join(folder, "network.exe");
  const args = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Iinclude", "tests/win32/network.c", join(folder, "session_replay.dll"), "-lcrypt32"];
  await command("x86_64-w64-mingw32-gcc", [...args, "-o", program], { cwd: project });
  viewer = await startViewer();
  proxy = await startProxy();
  await makeCertificates();
  tls = await startTls();
}, { timeout: 240_000 });

after(async () => {
  if (skip) return;
  await Promise.all([viewer?.stop(), tls?.stop(), proxy?.stop()]);
  spawnSync("wineserver", ["--kill"], { env: environment() });
  rmSync(folder, { recursive: true, force: true });
});

/** An authority that nobody trusts yet, and what it says of `localhost`, and of a name that the proxy alone knows. */
async function makeCertificates() {
  const openssl = (...args) => command("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
  await openssl("req", "-x509", ...key, "-keyout", "authority.key", "-out", "authority.pem", "-subj", "/CN=authority of a test", "-days", "30");
  await openssl("x509", "-in", "authority.pem", "-outform", "der", "-out", "authority.der");
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost,DNS:ingest.example\nextendedKeyUsage=serverAuth\n");
  // Wine asks whether it is revoked, and refuses what nobody answers for; Windows only asks.
  appendFileSync(join(folder, "names"), `crlDistributionPoints=URI:${proxy.url}/authority.crl\n`);
  writeFileSync(join(folder, "ca.cnf"), "[ca]\ndefault_ca = it\n[it]\ndatabase = index\ndefault_md = sha256\ndefault_crl_days = 30\n");
  writeFileSync(join(folder, "index"), "");
  await openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  const signing = ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-extfile", "names"];
  await openssl("x509", "-req", "-in", "server.csr", ...signing, "-out", "server.pem", "-days", "30");
  await openssl("ca", "-config", "ca.cnf", "-gencrl", "-cert", "authority.pem", "-keyfile", "authority.key", "-out", "crl.pem");
  await openssl("crl", "-in", "crl.pem", "-outform", "der", "-out", "authority.crl");
}

/** The viewer behind TLS. */
async function startTls() {
  const [key, cert] = ["server.key", "server.pem"].map((file) => readFileSync(join(folder, file)));
  const server = createTlsServer({ key, cert }, (client) => joined(client, connect(Number(new URL(viewer.url).port), "127.0.0.1")));
  server.on("tlsClientError", () => {});
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `https://localhost:${server.address().port}`, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** A proxy that knows CONNECT, with the targets of its tunnels, all of which lead to `tls`; and a script that names it for https. */
async function startProxy() {
  const script = () => `function FindProxyForURL(url, host) { return url.indexOf("https:") == 0 ? "PROXY ${started.host}" : "DIRECT"; }`;
  const started = await serve(({ url }, response) => {
    if (url.endsWith(".crl")) return response.end(readFileSync(join(folder, "authority.crl")));
    started.scripts += 1;
    response.writeHead(200, { "Content-Type": "application/x-ns-proxy-autoconfig" }).end(script());
  });
  Object.assign(started, { tunnels: [], scripts: 0, asks: false });
  started.server.on("connect", ({ url }, client) => {
    started.tunnels.push(url);
    if (started.asks) return client.end("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n\r\n");
    client.write("HTTP/1.1 200 OK\r\n\r\n");
    joined(client, connect(Number(new URL(tls.url).port), "127.0.0.1"));
  });
  return started;
}

function joined(one, other) {
  for (const [from, to] of [[one, other], [other, one]]) from.on("error", () => to.destroy()).pipe(to);
}

function environment(more = {}) {
  const env = { ...process.env, WINEPREFIX: join(folder, "wine"), WINEDEBUG: "-all", LC_ALL: "C.UTF-8", ...more };
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"]) {
    if (!(name in more)) delete env[name];
    delete env[name.toLowerCase()];
  }
  return env;
}

const wine = (...args) => command("wine", args, { env: environment(), timeout: 240_000 });

/** Sets the Internet options, in the form in which Windows keeps them: flags, and three texts with their lengths. */
async function setInternetOptions({ server, override, script } = {}) {
  const number = (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const texts = [server, override, script].flatMap((text = "") => [number(text.length), Buffer.from(text)]);
  const flags = 1 | (server ? 2 : 0) | (script ? 4 : 0);
  const settings = Buffer.concat([number(0x46), number(1), number(flags), ...texts, Buffer.alloc(32)]);
  await wine("reg", "add", CONNECTIONS, "/v", "DefaultConnectionSettings", "/t", "REG_BINARY", "/d", settings.toString("hex"), "/f");
}

/** Runs the program: its `sr_stats()`, and how many events came, through how many tunnels. */
async function deliver(options = {}, more = {}) {
  device = `network-${Math.random().toString(36).slice(2)}`;
  proxy.tunnels = [];
  const all = { ...viewer.options(), libraryPath: undefined, trackServerUrl: `${tls.url}/sessions/v2/track`, deviceId: device, sessionId: SESSION, flushMaxRetries: 1, ...options };
  const { status, output } = await run("wine", [program, JSON.stringify(all)], { env: environment(more), timeout: 240_000 });
  assert.equal(status, 0, output);
  const stats = JSON.parse(output.split("\n").find((line) => line.startsWith("{")));
  return { came: (await viewer.events(device, SESSION)).length, tunnels: proxy.tunnels.length, error: stats.lastError?.message ?? "" };
}

test("a certificate is refused until the system's store has its authority", { skip, timeout: 600_000 }, async () => {
  await setInternetOptions();
  const refused = await deliver();
  assert.deepEqual([refused.came, refused.tunnels], [0, 0]);
  assert.match(refused.error, /certificate/i);
  await wine(program, "trust", join(folder, "authority.der"));
  assert.deepEqual(await deliver(), { came: 1, tunnels: 0, error: "" });
});

test("the proxy of the Internet options is used, but for this machine and what is on their list", { skip, timeout: 600_000 }, async () => {
  await setInternetOptions({ server: proxy.host, override: "<-loopback>" });
  assert.deepEqual(await deliver(), { came: 1, tunnels: 1, error: "" });
  await setInternetOptions({ server: `http=127.0.0.1:9;https=${proxy.host}`, override: "*.corp.example;<-loopback>" });
  assert.deepEqual(await deliver(), { came: 1, tunnels: 1, error: "" });
  await setInternetOptions({ server: "127.0.0.1:9", override: "<-loopback>;local*" });
  assert.deepEqual(await deliver(), { came: 1, tunnels: 0, error: "" });
  await setInternetOptions({ server: "127.0.0.1:9" });
  assert.deepEqual(await deliver(), { came: 1, tunnels: 0, error: "" });
});

test("the option and the environment come before the Internet options", { skip, timeout: 600_000 }, async () => {
  await setInternetOptions({ server: "127.0.0.1:9", override: "<-loopback>" });
  const refused = await deliver();
  assert.deepEqual([refused.came, refused.tunnels], [0, 0]);
  assert.match(refused.error, /through the proxy 127\.0\.0\.1:9 of the system's settings/);
  assert.deepEqual(await deliver({ proxy: "none" }), { came: 1, tunnels: 0, error: "" });
  assert.deepEqual(await deliver({ proxy: proxy.url }), { came: 1, tunnels: 1, error: "" });
  assert.deepEqual(await deliver({}, { HTTPS_PROXY: proxy.url }), { came: 1, tunnels: 1, error: "" });
  assert.deepEqual(await deliver({}, { NO_PROXY: "localhost" }), { came: 1, tunnels: 0, error: "" });
});

test("a proxy that asks for a password is told of", { skip, timeout: 600_000 }, async () => {
  await setInternetOptions({ server: proxy.host, override: "<-loopback>" });
  proxy.asks = true;
  const { came, error } = await deliver().finally(() => (proxy.asks = false));
  assert.equal(came, 0);
  assert.match(error, /of the system's settings asks for a user and a password/);
});

test("a script of the Internet options is run", { skip, timeout: 600_000 }, async () => {
  const trackServerUrl = "https://ingest.example/sessions/v2/track";
  await setInternetOptions({ script: `${proxy.url}/proxy.pac`, server: "127.0.0.1:9" });
  assert.deepEqual(await deliver({ trackServerUrl }), { came: 1, tunnels: 1, error: "" });
  assert.notEqual(proxy.scripts, 0);
  await setInternetOptions({ script: "http://127.0.0.1:9/proxy.pac", server: proxy.host });
  assert.deepEqual(await deliver({ trackServerUrl }), { came: 1, tunnels: 1, error: "" }, "of one that can't be had the proxy beside it");
});
