// What the run is compared with: the tables of docs/guide/bundlers.md.
import assert from "node:assert/strict";
import { test } from "node:test";
import { differencesOf } from "./support/table.mjs";

const page = `
| Runtimes | records |
| --- | --- |
| Node.js 18.20.8 | works |
| Node.js 20.20.2, again | works |
| bun 1.4.4 | works |
`;
const NONE = { missing: [], more: [] };

for (const [what, ran, expected] of [
  ["the same", page, NONE],
  ["other versions, and another order", page.replace("18.20.8", "24.1.0-rc.1").replace("1.4.4", "1.5.0"), NONE],
  ["a row less", page.replace("| Node.js 18.20.8 | works |\n", ""), { missing: ["| Node.js | works |"], more: [] }],
  ["a row more", `${page}| Deno 2.9.6 | works |\n`, { missing: [], more: ["| Deno | works |"] }],
  ["a row twice", `${page}| bun 1.4.5 | works |\n`, { missing: [], more: ["| bun | works |"] }],
  [
    "another result",
    page.replace("| bun 1.4.4 | works |", "| bun 1.4.4 | says what is missing |"),
    { missing: ["| bun | works |"], more: ["| bun | says what is missing |"] },
  ],
]) {
  test(`the page beside a run: ${what}`, () => assert.deepEqual(differencesOf(page, ran), expected));
}
