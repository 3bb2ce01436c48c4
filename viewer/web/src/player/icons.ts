// The drawings on the controls of a replay.

import { h } from "../dom/elements";

const PATHS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zm5 0h3v11H9z",
  full: "M2 6V2h4v1.5H3.5V6zm8-4h4v4h-1.5V3.5H10zM2 10h1.5v2.5H6V14H2zm10.5 0H14v4h-4v-1.5h2.5z",
};

const SVG = "http://www.w3.org/2000/svg";

export function drawing(name: keyof typeof PATHS): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.ariaHidden = "true";
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function fullscreenButton(click: () => void): HTMLElement {
  const named = { "aria-label": "Full screen", title: "Full screen", "aria-keyshortcuts": "f" };
  return h("button", { type: "button", class: "quiet icon", ...named, click }, drawing("full"));
}
