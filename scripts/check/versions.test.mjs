// What scripts/check/versions.mjs finds where a file was left with the version before.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Tree } from "./tree.mjs";
import { problemsOf, releaseProblemsOf } from "./versions.mjs";

const tree = Tree.of(join(fileURLToPath(import.meta.url), "../../.."));
const IS = /^version = "(.*)"$/m.exec(tree.read("Cargo.toml"))[1];
const NEXT = "77.0.0";
const changelog = (path, text) => (path === "CHANGELOG.md" ? text.replace("## [Unreleased]", `## [${NEXT}] - 2026-01-01`) : text);
const isOurs = (path) => !/CHANGELOG\.md$/.test(path);

/** The project's own files with the next version, but for those named. */
const raised = (...left) => (path) => {
  const text = tree.read(path);
  return isOurs(path) && !left.includes(path) ? text.replaceAll(IS, NEXT) : changelog(path, text);
};
const WITH_VERSION = [
  "Cargo.toml", "Cargo.lock", "benches/rust/Cargo.lock", "bindings/node/src/model/version.ts", "cmake/SessionReplayConfigVersion.cmake", "meson.build",
  "packaging/vcpkg/session-replay/vcpkg.json", "docs/guide/cpp.md", "bindings/node/package.json", "bindings/web/package.json",
  "bindings/node/package-lock.json", "bindings/web/package-lock.json", "examples/node/package-lock.json", "examples/electron/package-lock.json",
  "tests/segment/package-lock.json",
];

test("all files name the version of Cargo.toml", () => assert.deepEqual(problemsOf(IS, tree.files, (path) => tree.read(path)), []));

test("a release in which all files were raised is in order", () => assert.deepEqual(releaseProblemsOf(`v${NEXT}`, tree.files, raised()), []));

for (const path of WITH_VERSION) {
  test(`${path} with the version before is found`, () => {
    const problems = releaseProblemsOf(`v${NEXT}`, tree.files, raised(path));
    assert.deepEqual([...new Set(problems)], [`${path} has ${IS}, and not ${NEXT}`]);
  });
}

test("a changelog without the section, and what is no tag of a release, are found", () => {
  const read = (path) => (path === "CHANGELOG.md" ? "## [Unreleased]\n" : raised()(path));
  assert.deepEqual(releaseProblemsOf(`v${NEXT}`, tree.files, read), [`CHANGELOG.md has no section ## [${NEXT}]`]);
  for (const tag of ["v1.2", "1.2.3", "v1.2.3-rc.1"]) assert.match(releaseProblemsOf(tag, tree.files, read)[0], /no tag of a release/);
});
