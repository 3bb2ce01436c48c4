// What scripts/check/citations.mjs finds, and what it leaves alone, on a small tree.
import assert from "node:assert/strict";
import { test } from "node:test";
import { missingIn, unlistedPages } from "./citations.mjs";
import { Tree } from "./tree.mjs";

const files = {
  "Makefile": "test: check\n\techo\ncheck:\n\techo\ncrash-test:\n\techo\ntest-win32:\n\techo\n",
  "Cargo.toml": 'repository = "https://example.org/us/it"\n[package]\nname = "session-replay"\n',
  "README.md": "# Title\n\n## With `code`, and more\n",
  "docs/guide/options.md": "# Options\n\n## How\nstored data older than 3 days\nis dropped\n",
  "docs/README.md": "",
  "src/lib.rs": "",
  "src/storage/map.rs": "",
  "src/queue/order.rs": "",
  "tests/crash.rs": "",
  "tests/torture/main.rs": "",
  "bindings/node/package.json": '{"scripts":{"soak":"","test":""}}',
  "bindings/node/src/index.ts": "",
  "scripts/sanitize.sh": "",
};
const tree = new Tree(Object.keys(files), (path) => files[path]);

/** In which file, which text, and what of it is not there. */
const CASES = [
  // Paths in comments and on pages.
  ["src/lib.rs", "//! `docs/guide/options.md` lists them.", []],
  ["src/lib.rs", "//! `docs/options.md` lists them.", ["path docs/options.md"]],
  ["src/lib.rs", "//! See docs/options.md.", ["path docs/options.md"]],
  ["src/lib.rs", "/// See `map.rs` and `storage/map.rs`.", []],
  ["src/lib.rs", "/// See `lane.rs`.", ["path lane.rs"]],
  ["src/lib.rs", "/// See `journal/map.rs`.", ["path journal/map.rs"]],
  ["src/lib.rs", "let a = 1; // src/journal/map.rs has it", ["path src/journal/map.rs"]],
  ["src/lib.rs", 'let page = read("docs/options.md");', ["path docs/options.md"]],
  ["bindings/node/src/index.ts", "// As `map.rs` does.", ["path map.rs"]],
  ["docs/guide/options.md", "`src/{storage,queue}/*.rs`, `tests/<name>.rs`, `storage/`", []],
  ["docs/guide/options.md", "`src/{storage,journal}/`, `src/*.ts`, `worker/`", ["path src/{storage,journal}/", "path src/*.ts", "path worker/"]],
  ["docs/guide/options.md", "`bindings/web/dist/recorder.js`, `/usr/src/x.rs`, https://example.com/src/x.rs", []],
  ["scripts/sanitize.sh", "# tests/crash.rs and tests/gone.rs\n", ["path tests/gone.rs"]],
  // Links and anchors.
  ["docs/README.md", "[a](guide/options.md#how) [b](../README.md#with-code-and-more) [c](https://example.com)", []],
  ["docs/README.md", "[a](options.md) [b](guide/options.md#why) [c](#gone)", ["link options.md", "anchor guide/options.md#why", "anchor #gone"]],
  ["docs/README.md", "[a](https://example.org/us/it/blob/main/docs/guide/options.md#how) [b](https://example.org/us/it/tree/main/src)", []],
  ["docs/README.md", "[a](https://example.org/us/it/blob/main/gone.md) [b](https://example.org/us/it/issues)", ["link https://example.org/us/it/blob/main/gone.md"]],
  ["docs/README.md", "```text\n[a](gone.md)\n```\n`[a](gone.md)`", []],
  // Sections, over the end of a line, too.
  ["src/lib.rs", '/// `options.md`, "How"; `options.md`: "stored data older than 3\n/// days is dropped".', []],
  ["src/lib.rs", '/// `options.md`, "Why".', ['section "Why" of options.md']],
  // Commands.
  ["docs/README.md", "`make test`, `make crash-test`, `make test-win32`, we make things", []],
  ["docs/README.md", "`make tests`", ["make target tests"]],
  ["docs/README.md", "`make test-win64`", ["make target test-win64"]],
  ["docs/README.md", "```sh\ncd x && make check soak\n```", ["make target soak"]],
  ["docs/README.md", "`cargo test --test crash -- --test gone`, `cargo test --test torture`, `cargo run -p session-replay`", []],
  ["docs/README.md", "`cargo test --test gone`", ["cargo's test gone"]],
  ["docs/README.md", "`cargo run -p viewer`", ["cargo's package viewer"]],
  ["docs/README.md", "`npm run soak`, `cd bindings/node && npm test`", []],
  ["docs/README.md", "```sh\n(cd bindings/node && npm run gone)\n```", ["npm script gone"]],
  ["docs/README.md", "`node scripts/gone.mjs`", ["path scripts/gone.mjs", "program scripts/gone.mjs"]],
];

test("a page that the index does not lead to", () => {
  const pages = { "docs/README.md": "[a](guide/a.md#b) [c](../README.md)", "docs/guide/a.md": "", "docs/guide/b.md": "", "README.md": "" };
  assert.deepEqual(unlistedPages(new Tree(Object.keys(pages), (path) => pages[path])), ["docs/guide/b.md"]);
});

for (const [path, text, expected] of CASES) {
  test(`${path}: ${text}`, () => assert.deepEqual(missingIn(tree, path, text), expected));
}
