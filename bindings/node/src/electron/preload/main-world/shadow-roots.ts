// Injected: tells of shadow roots that elements of the document get. Nothing else tells of them: a shadow root is no child.
// Closed ones are not told of: what the page keeps to itself is not recorded.
import type { AskForTools } from "./tools.js";

/** It runs in the page's world, so it must not use anything outside itself. */
export function reportShadowRoots(event: string): void {
  const ask: AskForTools = new CustomEvent(`${event}-tools`, { detail: {} });
  document.dispatchEvent(ask);
  const { getter, wrap, report, eachWindow } = ask.detail.tools!;
  const modeOf = getter<string>(ShadowRoot.prototype, "mode");
  eachWindow(({ Element }) =>
    wrap(Element.prototype, "attachShadow", "value", (host: Element, _given, root) => {
      if (modeOf(root as ShadowRoot) === "open") report(host, "attachShadow");
    }),
  );
}
