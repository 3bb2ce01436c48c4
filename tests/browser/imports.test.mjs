// The viewer's page is built of rooms, each of which uses only those after it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { circleIn, importsIn, upwardIn } from "../support/imports.mjs";
import { project } from "../support/paths.mjs";

const ROOMS = ["session", "list", "page", "heatmap", "player", "scene", "story", "companions", "timeline", "recording", "offline", "api", "dom", "model"];
const imports = importsIn(join(project, "viewer/web/src"));

test("the imports of the viewer's page go one way", () => {
  assert.ok(imports.size > 20);
  assert.deepEqual(upwardIn(imports, ROOMS), []);
  assert.equal(circleIn(imports), null);
});

test("a circle and an import that goes up are found", () => {
  const bad = new Map([["a/x", ["b/y"]], ["b/y", ["b/z"]], ["b/z", ["a/x"]]]);
  assert.deepEqual(circleIn(bad), ["a/x", "b/y", "b/z", "a/x"]);
  assert.deepEqual(upwardIn(bad, ["a", "b"]), ["b/z imports a/x"]);
});
