// The package in the test runners that JavaScript developers use: recorded for real, mocked and spied on.
//
// The folders beside this file, and the snippets of docs/guide/bundlers.md, are put together in `build`. There the package is
// installed as npm does, with a library of its own.
import assert from "node:assert/strict";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "../../support/children.mjs";
import { SESSION, payloads } from "../../support/events.mjs";
import { install, pack } from "../../support/npm-package.mjs";
import { startViewer } from "../../support/viewer.mjs";
import { snippetsOf } from "../../support/snippets.mjs";
import { tools } from "../support/tools.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const build = join(folder, "build");
const RUNNERS = ["jest", "jest-esm", "vitest", "node-test"];
const COMPLAINTS =
  /did not exit|open handle|failed to exit|after (the )?tests? (are|is) done|torn down|unhandled|MaxListeners|init failed|is already recording/i;

let viewer;
before(async () => {
  viewer = await startViewer();
  rmSync(build, { recursive: true, force: true });
  for (const name of [...RUNNERS, "events.cjs"]) cpSync(join(folder, name), join(build, name), { recursive: true });
  for (const [name, text] of snippets()) writeFileSync(join(build, name), text);
  await install(await pack(build), build);
});
after(async () => {
  await viewer.stop();
  rmSync(build, { recursive: true, force: true });
});

/** The page's snippets that begin with the name of a file, for one of the runners. */
function snippets() {
  const found = snippetsOf("bundlers.md", "Tests of your own");
  return found.map(({ title, text }) => [title, text]).filter(([name]) => name && RUNNERS.includes(dirname(name)));
}

/** Runs a program of `node_modules` in a runner's folder; answers with what it printed. It must end by itself, and well. */
async function passes(runner, args, { nodeOptions = "" } = {}) {
  const { SESSION_REPLAY_LIBRARY: _, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const { status, output } = await run(process.execPath, args, {
    cwd: join(build, runner),
    env: { ...env, CI: "1", NO_COLOR: "1", NODE_OPTIONS: nodeOptions, TRACK_SERVER_URL: `${viewer.url}/sessions/v2/track` },
  });
  assert.equal(status, 0, output);
  assert.doesNotMatch(output, COMPLAINTS);
  return output;
}

const tool = (path) => join(tools, path);
const arrived = async (device) => payloads(await viewer.events(device, SESSION)).sort();
const jest = (...more) => [tool("jest/bin/jest.js"), "--cacheDirectory", join(build, "jest-cache"), "--detectOpenHandles", "--runInBand", ...more];

test("every snippet of the guide is run", () => {
  assert.deepEqual(
    snippets().map(([name]) => name).sort(),
    [
      "jest-esm/mocked.test.mjs",
      "jest/jsdom.test.js",
      "jest/mocked.test.js",
      "jest/spied.test.js",
      "node-test/module.test.mjs",
      "node-test/spied.test.cjs",
      "vitest/mocked.test.mjs",
      "vitest/spied.test.mjs",
    ],
  );
});

test("jest records, resets, mocks, spies, and takes either side in jsdom, without a complaint", async () => {
  const output = await passes("jest", jest());
  assert.match(output, /Test Suites: 8 passed, 8 total/);
  assert.deepEqual(await arrived("jest"), [1, 2, 3]);
  assert.deepEqual(await arrived("jsdom"), [1, 2]);
});

test("jest with ES modules", async () => {
  const output = await passes("jest-esm", jest(), { nodeOptions: "--experimental-vm-modules" });
  assert.match(output, /Test Suites: 2 passed, 2 total/);
  assert.deepEqual(await arrived("jest-esm"), [1, 2]);
});

for (const pool of ["forks", "threads"]) {
  test(`vitest in ${pool}`, async () => {
    const output = await passes("vitest", [tool("vitest/vitest.mjs"), "run", "--pool", pool]);
    assert.match(output, /Test Files +4 passed \(4\)/);
    assert.deepEqual([...new Set(await arrived("vitest"))], [1, 2]);
    assert.deepEqual([...new Set(await arrived("vitest-jsdom"))], [1]);
  });
}

test("node:test and Sinon", async () => {
  const output = await passes("node-test", ["--experimental-test-module-mocks", "--test"]);
  assert.match(output, /pass 4\n/);
  assert.deepEqual(await arrived("node-test"), [1]);
  assert.equal(await passes("node-test", ["fake-timers.cjs"]), "timeout\n");
});
