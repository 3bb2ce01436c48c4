// The preload script's file as a main process finds it, bundled and not; where it is missing, `attach` says so at once.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { command } from "../../../../tests/support/children.mjs";
import { install } from "../support/installed.mjs";
import { packageFolder } from "../support/package.mjs";

const NAME = "session-replay-preload.js";
const shipped = join(packageFolder, "dist/electron", NAME);
const folder = realpathSync(mkdtempSync(join(tmpdir(), "session-replay-preload-file-")));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A main process that attaches with these options, given as code, and prints what it got and what was logged in that turn. */
const mainProcess = (options) => `
  import * as sessionReplay from "session-replay-native";
  import { attach, preloadPath } from "session-replay-native/electron/main";
  const logged = [];
  const logTo = (name) => ({ error: (text) => logged.push([name, text]), warn() {}, log() {} });
  Object.assign(console, { error: (text) => logged.push(["console", text]) });
  const electron = ${JSON.stringify(new URL("support/electron.mjs", import.meta.url).href)};
  import(electron).then(async ({ App, IpcMain }) => {
    const attached = attach({ ipcMain: new IpcMain(), app: new App("/unused"), ${options} });
    await new Promise(setImmediate);
    console.log(JSON.stringify({ preloadPath, logged }));
    attached.detach();
  });`;

/** Bundles a main process into a folder of its own, which has a preload.js of the app's; `prepare` may add files; runs it. */
async function runBundled({ options = "", format = "cjs", prepare = () => {} } = {}) {
  const home = join(folder, `app-${++count}`);
  const file = join(home, format === "cjs" ? "main.cjs" : "main.mjs");
  const contents = mainProcess(options);
  await build({ stdin: { contents, resolveDir: packageFolder }, outfile: file, bundle: true, platform: "node", format, logLevel: "error" });
  writeFileSync(join(home, "preload.js"), "// the app's own");
  prepare(home);
  return { home, ...JSON.parse(await command(process.execPath, [file], { cwd: tmpdir() })) };
}

for (const format of ["cjs", "esm"]) {
  test(`a bundle (${format}) without the file: attach logs at error level what to do, and names each place`, async () => {
    const { home, preloadPath, logged } = await runBundled({ format });
    assert.equal(preloadPath, join(home, NAME));
    assert.equal(logged.length, 1);
    const [to, text] = logged[0];
    assert.equal(to, "console");
    assert.ok(text.includes(`${join(home, NAME)} (beside the bundle)`) && !text.includes("\n"), text);
    assert.match(text, /^session-replay: the preload script session-replay-preload\.js was not found, so no window is recorded/);
    for (const way of ["npx session-replay-native copy", "external", "attach({ ownPreload: true })"]) assert.ok(text.includes(way), text);
  });

  test(`a bundle (${format}) with a copy beside it uses that`, async () => {
    const { home, preloadPath, logged } = await runBundled({ format, prepare: (home) => copyFileSync(shipped, join(home, NAME)) });
    assert.equal(preloadPath, join(home, NAME));
    assert.deepEqual(logged, []);
  });
}

const WHERE = [
  { name: "an app with its own preload script hears nothing", options: "ownPreload: true", expected: [] },
  { name: "the host's logger gets it", options: 'options: { loggerProvider: logTo("logger") }', expected: ["logger"] },
  {
    name: "a listener gets it in place of the console",
    options: '...(sessionReplay.on("log", ({ level, message }) => logged.push(["listener " + level, message])), {})',
    expected: ["listener error"],
  },
  { name: "no logger, no word", options: "options: { loggerProvider: null }", expected: [] },
  { name: "no level, no word", options: 'options: { logLevel: "none" }', expected: [] },
  { name: "errors alone go to the console", options: 'options: { logLevel: "error" }', expected: ["console"] },
];

for (const { name, options, expected } of WHERE) {
  test(`a bundle without the file: ${name}`, async () => {
    const { logged } = await runBundled({ options });
    assert.deepEqual(
      logged.map(([to]) => to),
      expected,
    );
  });
}

test("a build that copies the file after the app has started is no failure", async () => {
  const options = `...(require("node:fs").writeFileSync(preloadPath, ""), {})`;
  const { preloadPath, logged } = await runBundled({ options });
  assert.ok(existsSync(preloadPath));
  assert.deepEqual(logged, []);
});

test("in node_modules it is the package's own file, for require and for import", async () => {
  const home = install(join(folder, "installed"));
  const own = join(home, "node_modules/session-replay-native/dist/electron", NAME);
  const from = '"session-replay-native/electron/main"';
  const programs = { "main.mjs": `import { preloadPath } from ${from};`, "main.cjs": `const { preloadPath } = require(${from});` };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(home, name), `${text} console.log(preloadPath);`);
    assert.equal((await command(process.execPath, [join(home, name)], { cwd: tmpdir() })).trim(), own);
  }
});
