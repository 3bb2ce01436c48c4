// Injected: reports fields whose value a script has set.
import type { AskForTools } from "./tools.js";

/** It runs in the page's world, so it must not use anything outside itself. */
export function reportSetValues(event: string): void {
  const ask: AskForTools = new CustomEvent(`${event}-tools`, { detail: {} });
  document.dispatchEvent(ask);
  const { wrap, report, eachWindow } = ask.detail.tools!;
  const { apply } = Reflect;
  const { closest } = Element.prototype;
  const schedule = setTimeout;
  const changed = new Set<Element>();
  const reportValues = () => {
    const elements = [...changed];
    changed.clear();
    for (const element of elements) report(element, "value");
  };
  const onSet = (field: Element | null) => {
    if (!field) return;
    if (changed.size === 0) schedule(reportValues);
    changed.add(field);
  };
  eachWindow(({ HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement, HTMLOptionElement }) => {
    const values: [{ prototype: object }, string][] = [
      [HTMLInputElement, "value"],
      [HTMLInputElement, "checked"],
      [HTMLSelectElement, "value"],
      [HTMLSelectElement, "selectedIndex"],
      [HTMLTextAreaElement, "value"],
    ];
    for (const [{ prototype }, key] of values) wrap(prototype, key, "set", onSet);
    wrap(HTMLOptionElement.prototype, "selected", "set", (option: Element) => onSet(apply(closest, option, ["select"])));
  });
}
