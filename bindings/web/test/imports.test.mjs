// The recorder is built of rooms, each of which uses only those after it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { circleIn, importsIn, upwardIn } from "../../../tests/support/imports.mjs";

const ROOMS = ["record", "frames", "interaction", "address", "console", "network", "unhandled", "observers", "page-world", "privacy", "styles", "send", "dom", "model"];
const imports = importsIn(new URL("../src", import.meta.url).pathname);

test("the imports of the recorder go one way", () => {
  assert.ok(imports.size > 30);
  assert.deepEqual(upwardIn(imports, ROOMS), []);
  assert.equal(circleIn(imports), null);
});
