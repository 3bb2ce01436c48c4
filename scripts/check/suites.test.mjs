// What scripts/check/suites.mjs finds: a suite without a word on a platform, or without the reason why it is left out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf } from "./suites.mjs";

const files = ["tests/a.rs", "tests/common/mod.rs", "tests/c/a.c"];

/** suites.txt, skipped.txt, and what is said of them. */
const CASES = [
  ["# suite arm windows\na  there hosts\n", "", []],
  ["a - -\n", "everywhere tests/a.rs: why\nqemu a_test: why\n", []],
  ["a - -\n", "qemu tests/a.rs: why\nwindows tests/a.rs: why\n", []],
  ["", "", ["tests/a.rs: suites.txt does not say whether it runs for arm", "tests/a.rs: suites.txt does not say whether it runs for windows"]],
  ["a there\n", "", ["tests/a.rs: suites.txt does not say whether it runs for windows"]],
  ["a there yes\n", "", ["tests/a.rs: suites.txt does not say whether it runs for windows"]],
  ["a there -\n", "qemu a_test: why\n", ["tests/a.rs: skipped.txt does not say why it does not run for windows"]],
  ["a there -\n", "windows tests/a.rs:\n", ["tests/a.rs: skipped.txt does not say why it does not run for windows"]],
  ["a hosts there\n", "wine tests/a.rs: why\n", ["tests/a.rs: skipped.txt says why it does not run for windows, and it does"]],
  ["a there there\nb there there\n", "qemu tests/c.rs: why\n", ["there is no tests/b.rs", "there is no tests/c.rs"]],
];

for (const [suites, skipped, expected] of CASES) {
  test(JSON.stringify([suites, skipped]), () => assert.deepEqual(problemsOf(files, suites, skipped), expected));
}
