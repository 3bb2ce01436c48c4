// One line at the bottom of the page that says what was done, or why it could not be.

import { h } from "../dom/elements";

/** How long it says that something went well. */
const SHOWN_MS = 6_000;

// Both are there from the beginning: screen readers hear of what changes in them.
const done = h("p", { class: "announcement", role: "status" });
const failed = h("div", { class: "announcement grave", role: "alert" });
document.body.append(done, failed);
let timer: number | undefined;

/** `isLasting`: until the next one. */
export function announce(text: string, isLasting = false): void {
  clearTimeout(timer);
  failed.replaceChildren();
  done.textContent = text;
  if (!isLasting) timer = setTimeout(() => (done.textContent = ""), SHOWN_MS);
}

/** Stays until it is closed, or something else is said. `copied` is to be copied by hand: it is selected. */
export function announceFailure(text: string, copied?: string): void {
  clearTimeout(timer);
  done.textContent = "";
  const field = copied !== undefined && h("input", { class: "by-hand", readonly: true, value: copied, "aria-label": "To be copied" });
  failed.replaceChildren(h("span", {}, text), ...(field ? [field] : []), h("button", { type: "button", click: () => failed.replaceChildren() }, "Close"));
  if (!field) return;
  field.focus();
  field.select();
}
