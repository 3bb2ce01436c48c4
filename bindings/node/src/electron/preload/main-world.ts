// Some changes by the page's scripts don't show in the document itself: values they set, rules they add to style sheets.
// rrweb notices these by wrapping functions of its own world, which the page's scripts don't call. So small injected scripts
// wrap them in the page's world, and report by events on the elements. Without them the rest is recorded all the same.
import { contextBridge, webFrame } from "electron";
import { listen } from "../../../../web/src/index";
import type { Link } from "./link.js";

export function watchMainWorld(link: Link): void {
  const event = `session-replay-${link.document}`;
  const onReport = (report: Event) => {
    const target = report.composedPath()[0];
    const detail: unknown = (report as CustomEvent).detail;
    if (!(target instanceof Element)) return;
    if (detail === "value") link.recorder.valueChanged(target);
    else if (typeof detail === "string") link.recorder.rulesChanged(target, detail);
  };
  listen(document, event, onReport, { capture: true });
  for (const script of [reportSetValues, reportSheetRules]) runInMainWorld(script, event);
}

/** Asks the page's world which guest a `<webview>` shows: only there the element has Electron's methods. */
export function askGuestId(link: Link): (element: Element) => number | undefined {
  const event = `session-replay-guest-${link.document}`;
  let answer: number | undefined;
  listen(document, `${event}-is`, (report) => void (answer = Number((report as CustomEvent).detail)), { capture: true });
  runInMainWorld(reportGuestId, event);
  return (element) => {
    answer = undefined;
    element.dispatchEvent(new CustomEvent(event));
    return answer;
  };
}

type InjectedScript = (event: string) => void;

function runInMainWorld(script: InjectedScript, event: string): void {
  // executeInMainWorld exists since Electron 35. Before, webFrame runs the script as early; only its result comes later.
  if (contextBridge.executeInMainWorld) contextBridge.executeInMainWorld({ func: script, args: [event] });
  else void webFrame.executeJavaScript(`(${String(script)})(${JSON.stringify(event)})`).catch(() => {});
}

/** Injected: reports fields whose value was set. It runs in the page's world, so it must not use anything outside itself. */
function reportSetValues(event: string): void {
  const report = (target: EventTarget, detail: string) => {
    target.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  };
  const changed = new Set<Element>();
  const reportValues = () => {
    const elements = [...changed];
    changed.clear();
    for (const element of elements) report(element, "value");
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
        if (changed.size === 0) setTimeout(reportValues);
        changed.add(field);
      },
    });
  }
}

/** Injected, as {@link reportSetValues}: reports rules that were added to or removed from the sheet of an element. */
function reportSheetRules(event: string): void {
  const report = (target: EventTarget, detail: string) => {
    target.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  };
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
        if (owner?.isConnected) report(owner, JSON.stringify(describe(given[0], given[1])));
        return result;
      },
    });
  }
}

/** Injected, as {@link reportSetValues}: answers which guest an element shows, while the question is being asked. */
function reportGuestId(event: string): void {
  const answer = ({ target }: Event) => {
    try {
      const id = (target as unknown as { getWebContentsId(): number }).getWebContentsId();
      (target as Element).dispatchEvent(new CustomEvent(`${event}-is`, { detail: String(id) }));
    } catch {
      // Its guest is not attached yet.
    }
  };
  document.addEventListener(event, answer, true);
}
