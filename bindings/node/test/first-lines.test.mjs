// The first lines that a newcomer copies, as they stand in the documents, where the native library is missing: they neither end
// the app nor fail without a word.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { start } from "../../../tests/support/children.mjs";
import { project } from "../../../tests/support/paths.mjs";
import { install, plainEnv } from "./support/installed.mjs";

const folder = mkdtempSync(join(tmpdir(), "session-replay-first-lines-"));
after(() => rmSync(folder, { recursive: true }));
const home = install(join(folder, "home"));

/** The blocks of JavaScript in a page. */
const snippets = (page) =>
  [...readFileSync(join(project, page), "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text);

/** What the snippets take as given. */
const GIVEN = `
const [deviceId, sessionId, nextSessionId] = ["device", 1732300000000, 1732300000001];
const event = { type: 5, timestamp: 1732300000000, data: { tag: "test", payload: 1 } };
const analytics = { track() {} };
const recorder = { takeFullSnapshot() {} };
`;

/** Electron's contract, as far as the first lines use it. */
const ELECTRON = `
const { EventEmitter } = require("node:events");
exports.app = Object.assign(new EventEmitter(), { getName: () => "app", getAppPath: () => __dirname, getPath: () => __dirname });
exports.ipcMain = Object.assign(new EventEmitter(), { handle() {}, removeHandler() {} });
exports.BrowserWindow = class {};
`;

/** Runs a program there; answers with how it ended, and the lines on stderr. */
async function run(file, ...args) {
  const env = plainEnv();
  let stderr = "";
  const { child, ended } = start(process.execPath, [file, ...args], { cwd: home, env });
  child.stderr.on("data", (text) => (stderr += text));
  const { status, signal, output } = await ended;
  return { end: [status, signal], output, lines: stderr.split("\n").filter(Boolean) };
}

function write(name, text) {
  writeFileSync(join(home, name), text);
  return name;
}

/** One line says why, and the program ends well. */
async function assertTold(file, ...args) {
  const { end, output, lines } = await run(file, ...args);
  assert.deepEqual(end, [0, null], output);
  assert.equal(lines.length, 1, output);
  assert.match(lines[0], /init failed: the session-replay library for [\w-]+ can't be loaded/);
}

const [first, snapshot] = snippets("bindings/node/README.md");

test("the README's lines, as an ES module", async () => {
  assert.match(first, /^import \* as sessionReplay/);
  await assertTold(write("first.mjs", `${first}\n${GIVEN}`.replace(/^(import .*\n)([\s\S]*?)(\nconst \[[\s\S]*)$/, "$1$3\n$2")));
});

test("the README's lines with require, and none of them awaited", async () => {
  const required = first
    .replace(/^import .*$/m, 'const sessionReplay = require("session-replay-native");')
    .replaceAll("await ", "");
  await assertTold(write("first.cjs", `${GIVEN}\n${required}\n${snapshot}`));
});

test("the main process's lines for Electron", async () => {
  const [main] = snippets("docs/guide/electron.md");
  assert.match(main, /attach\(\{/);
  mkdirSync(join(home, "node_modules/electron"), { recursive: true });
  writeFileSync(join(home, "node_modules/electron/index.js"), ELECTRON);
  await assertTold(write("main.cjs", main));
});

test("the example for Node.js", async () => {
  mkdirSync(join(home, "examples/node"), { recursive: true });
  cpSync(join(project, "examples/node/replay.mjs"), join(home, "examples/node/replay.mjs"));
  await assertTold("examples/node/replay.mjs", join(project, "tests/fixtures/recordings/form-unicode.jsonl"));
});
