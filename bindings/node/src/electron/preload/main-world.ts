// What the page's scripts do that leaves no trace in the document itself: values they set, rules they add to style
// sheets. rrweb notices these by wrapping functions of its own world, which the page's scripts don't call. So a small
// witness wraps them in theirs, and tells by events on the elements. Without it the rest is recorded all the same.
import { contextBridge, webFrame } from "electron";
import { listen } from "../../../../web/src/listeners";
import type { Link } from "./link.js";

export function watchMainWorld(link: Link): void {
  const event = `session-replay-${link.document}`;
  const hear = (told: Event) => {
    const target = told.composedPath()[0];
    const detail: unknown = (told as CustomEvent).detail;
    if (!(target instanceof Element)) return;
    if (detail === "value") link.recorder.valueChanged(target);
    else if (typeof detail === "string") link.recorder.rulesChanged(target, detail);
  };
  listen(document, event, hear, { capture: true });
  // Electron 35 and newer; before, what webFrame runs is no less early, and only its result comes later.
  if (contextBridge.executeInMainWorld) contextBridge.executeInMainWorld({ func: witness, args: [event] });
  else void webFrame.executeJavaScript(`(${String(witness)})(${JSON.stringify(event)})`).catch(() => {});
}

/** Runs in the page's world, and so uses nothing from around it. */
function witness(event: string): void {
  const tell = (target: EventTarget, detail: string) => {
    target.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  };
  const later = new Set<Element>();
  const tellValues = () => {
    const elements = [...later];
    later.clear();
    for (const element of elements) tell(element, "value");
  };
  const values: [{ prototype: object }, string][] = [
    [HTMLInputElement, "value"],
    [HTMLInputElement, "checked"],
    [HTMLSelectElement, "value"],
    [HTMLSelectElement, "selectedIndex"],
    [HTMLTextAreaElement, "value"],
    [HTMLOptionElement, "selected"],
  ];
  for (const [{ prototype }, key] of values) {
    const own = Object.getOwnPropertyDescriptor(prototype, key);
    if (!own?.set || !own.configurable) continue;
    const set = own.set;
    Object.defineProperty(prototype, key, {
      ...own,
      set(this: Element, value: unknown) {
        Reflect.apply(set, this, [value]);
        const field = this instanceof HTMLOptionElement ? this.closest("select") : this;
        if (!field?.isConnected) return;
        if (later.size === 0) setTimeout(tellValues);
        later.add(field);
      },
    });
  }
  const rules: [string, (first: unknown, second: unknown) => object][] = [
    ["insertRule", (rule, index) => ({ adds: [{ rule: String(rule), index: Number(index ?? 0) }] })],
    ["deleteRule", (index) => ({ removes: [{ index: Number(index) }] })],
  ];
  for (const [name, describe] of rules) {
    const prototype = CSSStyleSheet.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
    const own = prototype[name];
    if (!own) continue;
    prototype[name] = new Proxy(own, {
      apply(target, sheet: CSSStyleSheet, given) {
        const result: unknown = Reflect.apply(target, sheet, given);
        const owner = sheet.ownerNode;
        if (owner?.isConnected) tell(owner, JSON.stringify(describe(given[0], given[1])));
        return result;
      },
    });
  }
}
