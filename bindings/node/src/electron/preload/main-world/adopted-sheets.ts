// Injected: tells which documents and shadow roots have got other constructed sheets: by an assignment, or by a change of the
// list that they have. For that the page has to ask for the list; it is compared when the page's script is done.
import type { AskForTools } from "./tools.js";

/** It runs in the page's world, so it must not use anything outside itself. */
export function reportAdoptedSheets(event: string): void {
  type Root = Document | ShadowRoot;
  const ask: AskForTools = new CustomEvent(`${event}-tools`, { detail: {} });
  document.dispatchEvent(ask);
  const { getter, wrap, report, eachWindow } = ask.detail.tools!;
  const typeOf = getter<number>(Node.prototype, "nodeType");
  const hostOf = getter<Element>(ShadowRoot.prototype, "host");
  const schedule = queueMicrotask;
  /** Lists that the page has asked for, as they were. */
  const asked = new Map<Root, { list: ArrayLike<unknown>; before: unknown[] }>();

  const reportRoot = (root: Root) => report(typeOf(root) === 9 ? root : hostOf(root), "adopt");
  const isSame = (list: ArrayLike<unknown>, before: unknown[]) => {
    for (let i = 0; i < before.length; i++) if (list[i] !== before[i]) return false;
    return list.length === before.length;
  };
  const compare = () => {
    const all = [...asked];
    asked.clear();
    for (const [root, { list, before }] of all) {
      try {
        if (!isSame(list, before)) reportRoot(root);
      } catch {
        // The page has its list.
      }
    }
  };
  const onAsked = (root: Root, list: ArrayLike<unknown>) => {
    if (asked.has(root)) return;
    if (asked.size === 0) schedule(compare);
    const before: unknown[] = [];
    for (let i = 0; i < list.length; i++) before[i] = list[i];
    asked.set(root, { list, before });
  };
  const onSet = (root: Root) => {
    const known = asked.get(root);
    asked.delete(root);
    // What the list is from now on is told.
    if (known) onAsked(root, known.list);
    reportRoot(root);
  };
  eachWindow(({ Document, ShadowRoot }) => {
    for (const { prototype } of [Document, ShadowRoot]) {
      wrap(prototype, "adoptedStyleSheets", "get", (root: Root, _given, list) => onAsked(root, list as ArrayLike<unknown>));
      wrap(prototype, "adoptedStyleSheets", "set", onSet);
    }
  });
}
