// Injected: tells which custom elements are defined. The preload script's own world has no registry of them.
import type { AskForTools } from "./tools.js";

/** It runs in the page's world, so it must not use anything outside itself. */
export function reportCustomElements(event: string): void {
  const ask: AskForTools = new CustomEvent(`${event}-tools`, { detail: {} });
  document.dispatchEvent(ask);
  const { wrap, report } = ask.detail.tools!;
  const registry = customElements;
  wrap(CustomElementRegistry.prototype, "define", "value", (self: CustomElementRegistry, [name]) => {
    if (self === registry) report(document, `define\n${name}`);
  });
}
