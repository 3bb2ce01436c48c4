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

/** Stays until it is closed, or something else is said. */
export function announceFailure(text: string): void {
  clearTimeout(timer);
  done.textContent = "";
  failed.replaceChildren(h("span", {}, text), h("button", { type: "button", click: () => failed.replaceChildren() }, "Close"));
}
