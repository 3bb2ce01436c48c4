// The table of what was run: a test is a cell, and its result is what the cell says.
import { appendFileSync, readFileSync } from "node:fs";
import { test } from "node:test";

const file = process.env.SR_NPM_RESULTS;

/**
 * A test that is a cell: in which part of the table; which tool, with its version, and how it is used; what is looked at. The
 * body may answer with a result other than "works".
 */
export function cell(part, tool, use, what, body) {
  test([part, tool, use, what].filter(Boolean).join(", "), async () => {
    let result = "**fails**";
    try {
      result = (await body()) || "works";
    } finally {
      if (file) appendFileSync(file, `${JSON.stringify([part, tool, use, what, result])}\n`);
    }
  });
}

/** The results in a file, as Markdown: a table for each part, a row for each tool and use. */
export function tablesOf(path) {
  const cells = readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const parts = [...new Set(cells.map(([part]) => part))].sort();
  return parts.map((part) => tableOf(part, cells.filter(([of]) => of === part))).join("\n");
}

function tableOf(part, cells) {
  const columns = [...new Set(cells.map(([, , , what]) => what))];
  const rows = new Map();
  for (const [, tool, use, what, result] of cells) {
    const name = [tool, use].filter(Boolean).join(", ");
    if (!rows.has(name)) rows.set(name, {});
    rows.get(name)[what] = result;
  }
  const line = (texts) => `| ${texts.join(" | ")} |\n`;
  const body = [...rows].map(([name, results]) => line([name, ...columns.map((what) => results[what] ?? "")]));
  return line([part, ...columns]) + line(["---", ...columns.map(() => "---")]) + body.join("");
}
