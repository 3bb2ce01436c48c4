// What scripts/check/workflows.mjs finds in a workflow, and that it finds nothing in a good one.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { madeOn, neededBy, problemsOf, targetsOf } from "./workflows.mjs";

const makefile = "test: export SEED ?= 1\ntest: check test-rust ## All\n\techo\ncheck:\n\techo\ntest-rust:\n\techo\n";
const good = `name: CI
on: [push]
permissions:
  contents: read
concurrency:
  group: ci
jobs:
  linux:
    runs-on: \${{ matrix.runner }}
    strategy:
      matrix:
        runner: [ubuntu-24.04, ubuntu-24.04-arm]
        targets: [check, test-rust]
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - run: make \${{ matrix.targets }}
`;

/** What is put in place of what, and what is then found. */
const CASES = [
  ["permissions:\n  contents: read\n", "", /no permissions/],
  ["contents: read", "contents: write", /grants more/],
  ["permissions:\n  contents: read", "permissions: write-all", /grants more/],
  ["concurrency:\n  group: ci\n", "", /no concurrency/],
  ["    timeout-minutes: 5\n", "", /job linux: has no timeout-minutes/],
  ["persist-credentials: false", "persist-credentials: true", /keeps the token/],
  ["@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7.0.1", /not pinned/],
  ["# v7.0.1", "# v7", /not pinned/],
  ["test-rust]", "test-all]", /make target test-all does not exist/],
  ["make ${{ matrix.targets }}", "make check chekc", /make target chekc does not exist/],
  // Actionlint's own.
  ["matrix.runner }}", "matrix.runners }}", /property "runners" is not defined/],
  ["timeout-minutes", "timeout-minute", /unexpected key "timeout-minute"/],
  ["ubuntu-24.04-arm]", "ubuntu-99.04]", /label "ubuntu-99.04" is unknown/],
  ["- run: make ${{ matrix.targets }}", "- run: make ${{ github.event.pull_request.title }}", /untrusted/],
];

test("nothing is wrong with a good one", async () => {
  assert.deepEqual(await problemsOf("ci.yml", good, targetsOf(makefile)), []);
});

for (const [from, to, expected] of CASES) {
  test(`finds ${to || `that there is no ${from.trim()}`}`, async () => {
    assert.ok(good.includes(from));
    const found = await problemsOf("ci.yml", good.replace(from, to), targetsOf(makefile));
    assert.match(found.join("\n"), expected);
  });
}

test("what of `make test` is made on which runner", () => {
  assert.deepEqual(neededBy("test", makefile), ["check", "test-rust"]);
  assert.deepEqual([...madeOn("ubuntu-24.04-arm", good)], ["check", "test-rust"]);
  assert.deepEqual([...madeOn("macos-15", good)], []);
});

// The linter's own process would go on.
after(() => setImmediate(() => process.exit()));
