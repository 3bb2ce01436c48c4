// Most of the package's own tests with the oldest koffi of its range; bindings/node runs all of them with the newest.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../support/children.mjs";
import { nodePackage } from "../support/npm-package.mjs";
import { here } from "./support/typescripts.mjs";

const hook = join(here, "support/koffi-2.cjs");
const { NODE_TEST_CONTEXT: _outer, ...outer } = process.env;
const env = { ...outer, SESSION_REPLAY_BACKEND: "koffi", NODE_OPTIONS: `--require=${JSON.stringify(hook)}` };

test("koffi-2 is the oldest koffi that the package takes", async () => {
  const { dependencies } = JSON.parse(readFileSync(join(nodePackage, "package.json"), "utf8"));
  const { version } = createRequire(import.meta.url)("koffi-2/package.json");
  assert.ok(dependencies.koffi.startsWith(`^${version} `), `${version} of ${dependencies.koffi}`);
  const { output } = await run(process.execPath, ["--print", 'require("koffi").version'], { cwd: nodePackage, env });
  assert.equal(output.trim(), version);
});

/** The others look at koffi's own files, which each major version has elsewhere, or take it away. */
const FILES = ["recording", "lifecycle", "process", "options", "waiting", "event-batch", "copies", "first-lines", "views", "frames"];

for (const name of FILES) {
  test(`${name}.test.mjs passes with it`, { timeout: 300_000 }, async () => {
    const args = ["--test", "--test-reporter=tap", `test/${name}.test.mjs`];
    const { status, output } = await run(process.execPath, args, { cwd: nodePackage, env, timeout: 300_000 });
    assert.equal(status, 0, output);
    assert.match(output, /^# fail 0$/m);
    assert.doesNotMatch(output, /^# pass 0$/m);
  });
}
