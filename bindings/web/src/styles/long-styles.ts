// Style elements of very many texts, as some libraries make them. rrweb searches the whole sheet for each text, which
// takes minutes. Of an element without a sheet it records the texts as they are, and searches nothing.

import { ELEMENT_NODE, localNameOf, nodeTypeOf, querySelectorAllIn } from "../dom/native-dom";

const MAX_TEXTS = 50;

/** Hides the sheets of those with very many texts, until the returned function is called: before the page runs again. */
export function hideLongStyles(styles: Iterable<Element>): () => void {
  const hidden: Element[] = [];
  for (const style of styles) {
    if (style.childNodes.length <= MAX_TEXTS || Object.getOwnPropertyDescriptor(style, "sheet")) continue;
    Object.defineProperty(style, "sheet", { configurable: true, value: null });
    hidden.push(style);
  }
  return () => {
    for (const style of hidden) delete (style as { sheet?: unknown }).sheet;
  };
}

/** The style elements that these records added. */
export function* longStylesIn(records: MutationRecord[]): Iterable<Element> {
  for (const { addedNodes } of records) {
    for (let i = 0; i < addedNodes.length; i++) {
      const node = addedNodes[i] as Element;
      if (nodeTypeOf.call(node) !== ELEMENT_NODE) continue;
      if (localNameOf.call(node) === "style") yield node;
      else yield* Array.from(querySelectorAllIn.call(node, "style"));
    }
  }
}
