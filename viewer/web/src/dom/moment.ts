// A moment as people read it, and on its tooltip as programs do.

import { h } from "./elements";
import { iso, time } from "./format";

export function moment(ms: number, text = time(ms)): HTMLElement {
  const exact = iso(ms);
  return exact === "–" ? h("span", {}, text) : h("time", { datetime: exact, title: exact }, text);
}
