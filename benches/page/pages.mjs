// The pages that are measured, and what is done with them, in the page.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "../../tests/support/paths.mjs";

const ROWS = 16_000;
const CHANGES = 200;
const LETTERS = 2_000;
const CLICKS = 1_000;

/** A script that ends when each of its tasks has: what a page does in one task recorders see at once. */
const inTasks = (count, task) => `(async () => {
  const { port1, port2 } = new MessageChannel();
  for (let i = 0; i < ${count}; i++) {
    (${task})(i);
    await new Promise((resolve) => { port1.onmessage = resolve; port2.postMessage(0); });
  }
})()`;

/** A cell's text, a class, and a row that goes and comes. */
function change(i) {
  const rows = document.getElementById("rows");
  const row = rows.children[(i * 79) % rows.children.length];
  row.lastChild.firstChild.data = `${i} EUR, changed`;
  row.classList.toggle("changed");
  if (i % 10 === 0) rows.append(row);
}

/** A letter more in one of the fields, masked or not. */
function type(i) {
  const fields = document.querySelectorAll("input:not([type]), input[type=text], input[type=password], input[type=email], textarea");
  const field = fields[Math.floor(i / 20) % fields.length];
  field.value += "abcdefghij klmno"[i % 16];
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function click(i) {
  const elements = document.querySelectorAll("p, b, button, input, option");
  const event = { bubbles: true, clientX: i % 800, clientY: i % 600 };
  for (const name of ["mousedown", "mouseup", "click"]) {
    elements[i % elements.length].dispatchEvent(new MouseEvent(name, { ...event, cancelable: true }));
  }
}

async function scroll() {
  for (let i = 1; i <= 60; i++) {
    scrollTo(0, i * 1_000);
    await new Promise(requestAnimationFrame);
  }
}

const table = `<!doctype html><style>td { padding: 1px; height: 18px }</style><table><tbody id="rows"></tbody></table>
  <script>document.getElementById("rows").innerHTML = Array.from({ length: ${ROWS} }, (_, i) =>
    '<tr class="row" data-row="' + i + '"><td>Order ' + i + '</td><td class="sum">' + (i * 37 % 900) + ' EUR</td></tr>').join("")</script>`;

// A form that is submitted would leave the page.
const form = readFileSync(join(project, "bindings/web/test/pages/form.html"), "utf8").replace(/<form\b/g, '<form onsubmit="return false" onreset="return false"');

export const PAGES = {
  [`a table of ${ROWS.toLocaleString("en")} rows`]: {
    html: table,
    steps: { [`${CHANGES} changes`]: inTasks(CHANGES, change), scrolling: `(${scroll})()` },
  },
  "a form": {
    html: form,
    steps: { [`${LETTERS.toLocaleString("en")} letters`]: inTasks(LETTERS, type), [`${CLICKS.toLocaleString("en")} clicks`]: inTasks(CLICKS, click) },
  },
};
