// The table of what was run: a test is a cell, and its result is what the cell says.
import { appendFileSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { MUST_HAVE_ALL, isInstalled, versionOf } from "./tools.mjs";

const file = process.env.SR_NPM_RESULTS;

/**
 * A row: in which part of the table, and of which tool, its package, and how it is used. `cells` is given a function that makes
 * a cell: `cell(what, body)`. A tool without a package comes with its `version`; one that needs another
 * package, too, names it in `needs`.
 */
export function row(part, { tool, package: name, needs, use = "", version = versionOf(name) }, cells) {
  const named = [part, `${tool} ${version}`, use];
  const missing = [name, needs].find((one) => one !== undefined && !isInstalled(one));
  if (missing === undefined) return cells((what, body) => makeCell([...named, what], body));
  if (MUST_HAVE_ALL) return makeCell([...named, undefined], () => Promise.reject(new Error(`${missing} is not installed: run \`npm ci\``)));
  write([...named, undefined, "not run here"]);
  test(named.filter(Boolean).join(", "), { skip: `${missing} is not for this system` }, () => {});
}

/** The test that is a cell. The body may answer with a result other than "works". */
function makeCell(named, body) {
  test(named.filter(Boolean).join(", "), async () => {
    let result = "**fails**";
    try {
      result = (await body()) || "works";
    } finally {
      write([...named, result]);
    }
  });
}

const write = (cell) => file && appendFileSync(file, `${JSON.stringify(cell)}\n`);

/** The results in a file, as Markdown: a table for each part, a row for each tool and use. */
export function tablesOf(path) {
  const cells = readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const parts = [...new Set(cells.map(([part]) => part))].sort();
  return parts.map((part) => tableOf(part, cells.filter(([of]) => of === part))).join("\n");
}

function tableOf(part, cells) {
  const columns = [...new Set(cells.map(([, , , what]) => what).filter(Boolean))];
  const rows = new Map();
  for (const [, tool, use, what, result] of cells) {
    const name = [tool, use].filter(Boolean).join(", ");
    if (!rows.has(name)) rows.set(name, {});
    rows.get(name)[what ?? columns[0]] = result;
  }
  const line = (texts) => `| ${texts.join(" | ")} |\n`;
  const body = [...rows].map(([name, results]) => line([name, ...columns.map((what) => results[what] ?? "")]));
  return line([part, ...columns]) + line(["---", ...columns.map(() => "---")]) + body.join("");
}

/** The lines of tables, without versions: a tool's own is in package.json, and Node.js' is what happens to run. */
const comparable = (tables) =>
  tables
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
    .map((line) => line.replace(/ \d+\.\d+\.\d+\S*?(?=,| )/, ""));

/** Lines that one of two texts with tables has, and the other has not: `{ missing, more }`. */
export function differencesOf(expected, actual) {
  const [before, now] = [comparable(expected), comparable(actual)];
  const without = (lines, others) => {
    const left = [...others];
    return lines.filter((line) => (left.includes(line) ? (left.splice(left.indexOf(line), 1), false) : true));
  };
  return { missing: without(before, now), more: without(now, before) };
}
