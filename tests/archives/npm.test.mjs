// The npm packages of `make dist-npm` in build/dist, on each platform that they are for: npm installs them from a registry as it does
// on that platform, which brings the library of that platform alone, and Node.js of that platform, under qemu or Wine where it is not
// this machine's, records and delivers. What can't be run is skipped by name.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { SYSTEMS, packageOf } from "../../bindings/node/scripts/pack.mjs";
import { command, run } from "../support/children.mjs";
import { startOwnRegistry } from "../support/npm-registry.mjs";
import { project } from "../support/paths.mjs";
import { startViewer } from "../support/viewer.mjs";
import { RUNTIMES, missingFor, skipOf, wineEnvironment } from "./runtimes.mjs";

const DIST = join(project, "build/dist");
const { version } = JSON.parse(readFileSync(join(project, "bindings/node/package.json"), "utf8"));
const EVENTS = 100;
const SESSION = 1732300000000;
/** An emulator takes its time. */
const LIMIT = 600_000;

/** Records, and writes what became of it: Node.js can't print into a pipe under Wine. */
const PROGRAM = `
  const sessionReplay = require("session-replay-native");
  const { options, events } = JSON.parse(process.env.SHOP);
  (async () => {
    const failure = await sessionReplay.init("key", options).promise.catch((error) => error.message);
    for (let i = 0; i < events; i++) sessionReplay.record({ type: 5, timestamp: options.sessionId, data: { tag: "n", payload: i } });
    const { advice } = sessionReplay.stats();
    const ended = await sessionReplay.shutdown(120000);
    const said = { failure, ended, advice, platform: process.platform, arch: process.arch, version: process.version };
    require("node:fs").writeFileSync("said.json", JSON.stringify(said));
  })();`;

let folder, viewer, registry;
before(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-npm-platforms-")));
  viewer = await startViewer();
  registry = await startOwnRegistry(DIST);
});
after(async () => {
  await viewer?.stop();
  await registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const archiveOf = (name) => join(DIST, `${name}-${version}.tgz`);
const npm = (cwd, ...args) =>
  command("npm", ["--no-audit", "--no-fund", "--loglevel=error", "--registry", registry.url, "--cache", join(folder, "cache"), ...args], { cwd, timeout: LIMIT });

/** An app for a platform, with the package installed as npm there would. */
async function installFor(name) {
  const { platform, arch, libc } = SYSTEMS[name];
  const cwd = join(folder, name, "shop");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ name: "shop", private: true }));
  writeFileSync(join(cwd, "program.cjs"), PROGRAM);
  await npm(cwd, "install", "--ignore-scripts", `--os=${platform}`, `--cpu=${arch}`, ...(libc === undefined ? [] : [`--libc=${libc}`]), "session-replay-native");
  return cwd;
}

/** Runs the program there, and answers with what it said. */
async function runIn(cwd, [program, ...args], deviceId, env) {
  const options = { deviceId, sessionId: SESSION, sampleRate: 1, enableRemoteConfig: false, trackServerUrl: `${viewer.url}/sessions/v2/track` };
  const own = { ...env, SHOP: JSON.stringify({ options, events: EVENTS }), SESSION_REPLAY_LIBRARY: "", SESSION_REPLAY_BACKEND: "", NODE_OPTIONS: "" };
  const stdio = program === "wine" ? "ignore" : ["ignore", "pipe", "pipe"];
  const { status, output } = await run(program, [...args, "program.cjs"], { cwd, env: own, stdio, timeout: LIMIT });
  const file = join(cwd, "said.json");
  assert.ok(existsSync(file), `it said nothing, and ended with ${status}: ${output}`);
  return { output, ...JSON.parse(readFileSync(file, "utf8")) };
}

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  const missing = [archiveOf(packageOf(name)), archiveOf("session-replay-native")].find((file) => !existsSync(file));
  const lacks = missingFor(runtime);
  const skip = skipOf(name, missing !== undefined ? `${missing} is not there: run \`make dist-all dist-npm\`` : lacks);

  test(`${name}: installed by npm, it records`, { timeout: 3 * LIMIT, skip }, async (t) => {
    const cwd = await installFor(name);
    const ours = readdirSync(join(cwd, "node_modules")).filter((one) => one.startsWith("session-replay-native"));
    assert.deepEqual(ours, ["session-replay-native", packageOf(name)]);
    const command = await runtime.make(join(folder, name));
    const env = name === "win32-x64" ? wineEnvironment(join(folder, name)) : { ...process.env };
    const { output, failure, ended, advice, platform, arch, version: node } = await runIn(cwd, command, name, env);
    assert.deepEqual([failure, ended, advice], [undefined, "ok", null], output);
    assert.deepEqual([platform, arch], [SYSTEMS[name].platform, SYSTEMS[name].arch]);
    const events = await viewer.events(name, String(SESSION));
    assert.deepEqual(events.map(({ data }) => data.payload), [...Array(EVENTS).keys()]);
    const size = statSync(join(cwd, "node_modules", packageOf(name), "session_replay.node")).size;
    t.diagnostic(`Node.js ${node}, the library has ${size} bytes, the package ${statSync(archiveOf(packageOf(name))).size}`);
    rmSync(join(folder, name), { recursive: true, force: true });
  });
}

const target = Object.keys(SYSTEMS).find((name) => name !== `${process.platform}-${process.arch}` && existsSync(archiveOf(packageOf(name))));
test("what the copy command says to run brings another system's files", { timeout: LIMIT, skip: target === undefined && "no other package" }, async () => {
  const cwd = join(folder, "copies");
  mkdirSync(cwd);
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ name: "shop", private: true }));
  await npm(cwd, "install", "--ignore-scripts", "session-replay-native");
  const { platform, arch, libc } = SYSTEMS[target];
  const options = ["--platform", platform, "--arch", arch, ...(libc === undefined ? [] : ["--libc", libc])];
  const copy = () => run(process.execPath, ["node_modules/session-replay-native/dist/packaging/cli.js", "copy", "out", ...options], { cwd });
  const refused = await copy();
  assert.equal(refused.status, 1);
  const [, advised] = /Run `npm (install [^`]*)`/.exec(refused.output) ?? assert.fail(refused.output);
  await npm(cwd, ...advised.split(" "));
  const copied = await copy();
  assert.equal(copied.status, 0, copied.output);
  const library = readFileSync(join(cwd, "out/session_replay.node"));
  assert.ok(library.equals(readFileSync(join(cwd, "node_modules", packageOf(target), "session_replay.node"))));
});
