// Asks for the ids of a replay that is missing.

import { whyPath } from "../api/client";
import { h } from "../dom/elements";

export function askWhy(): HTMLElement {
  const field = (name: string, more = {}) => h("input", { type: "text", name, autocomplete: "off", spellcheck: "false", ...more });
  const [device, session] = [field("device", { required: true }), field("session")];
  const form = h("form", { class: "why-ask" }, h("label", {}, "Device id", device), h("label", {}, "Session id (optional)", session), h("button", {}, "Look into it"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(whyPath(device.value, session.value || null));
  });
  return h("section", { "aria-label": "Why is there no replay?" }, h("h2", {}, "Why is there no replay?"), form);
}
