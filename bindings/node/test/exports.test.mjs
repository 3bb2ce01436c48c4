// Each entry of the package has the same names for `import` as for `require`: the lists in esm/ are written by hand.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const { exports, name } = require("../package.json");
const entries = Object.keys(exports).filter((path) => exports[path].import && exports[path].require);

for (const path of entries) {
  test(`${path} has the same names for import and require`, async () => {
    const entry = name + path.slice(1);
    const [required, imported] = [require(entry), await import(entry)].map((module) => Object.keys(module).sort());
    assert.ok(imported.length > 0);
    assert.deepEqual(imported, required);
  });
}
