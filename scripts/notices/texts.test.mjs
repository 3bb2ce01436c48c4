// Which files of a package its licence is taken from, and that no notice leads to a file that its reader does not have.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { licenceFiles } from "./texts.mjs";

const BOTH = ["LICENSE-APACHE", "LICENSE-MIT", "src/lib.rs"];
/** What a package has, its SPDX expression, and what is taken. */
const CASES = [
  [BOTH, "MIT OR Apache-2.0", ["LICENSE-MIT"]],
  [BOTH, "Apache-2.0 AND MIT", ["LICENSE-APACHE", "LICENSE-MIT"]],
  [["LICENSE", "NOTICE"], "Apache-2.0 OR MIT", ["LICENSE", "NOTICE"]],
  [["LICENSE-APACHE", "LICENSE-MIT", "NOTICE.txt"], "Apache-2.0 OR MIT", ["LICENSE-MIT", "NOTICE.txt"]],
  [["license-apache-2.0", "license-mit"], "MIT OR Apache-2.0", ["license-mit"]],
  [["COPYING", "UNLICENSE", "LICENSE-MIT"], "Unlicense OR MIT", ["LICENSE-MIT"]],
  // C code that a crate carries, under a licence of its own.
  [["LICENSE", "libdeflate/COPYING"], "Apache-2.0", ["LICENSE", "libdeflate/COPYING"]],
  [["LICENSE-MIT", "vendor/LICENSE"], "MIT OR Apache-2.0", ["LICENSE-MIT", "vendor/LICENSE"]],
  // What is in no program.
  [["LICENSE", "tests/data/LICENSE", "node_modules/other/LICENSE"], "MIT", ["LICENSE"]],
  [["README.md", "src/licenses.rs"], "MIT", []],
];

for (const [names, licence, expected] of CASES) {
  test(`${licence}: ${names.join(", ")}`, () => assert.deepEqual(licenceFiles(names, licence), expected));
}

test("the notices have the texts of the standard library's parts, and lead to none", () => {
  const text = readFileSync(new URL("../../THIRD-PARTY-NOTICES.txt", import.meta.url), "utf8");
  for (const name of ["hashbrown", "gimli", "compiler_builtins", "tables of characters"]) assert.ok(text.includes(`the Rust standard library: ${name} (`), name);
  for (const part of ["UNICODE LICENSE V3", "Rich Felker", "Amanieu d'Antras"]) assert.ok(text.includes(part), part);
  assert.doesNotMatch(text, /COPYRIGHT-library|share\/doc/);
});
