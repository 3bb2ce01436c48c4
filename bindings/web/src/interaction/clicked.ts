// Where a click lies in the page's own document, also one in a shadow tree or in a frame.

import { DOCUMENT_NODE, ELEMENT_NODE, nodeTypeOf, rootNodeOf } from "../dom/native-dom";

export interface Clicked {
  /** In the viewport of the page. */
  x: number;
  y: number;
  /** What was clicked, as far as the page's own document knows it: the host of a shadow tree, the element of a frame. */
  element: Element | null;
}

/** `x` and `y`: in the viewport of the document that `node` is in. */
export function clickedAt(node: Node, x: number, y: number): Clicked {
  for (let target = node; ; ) {
    if (target === document) return { x, y, element: null };
    const root = nodeTypeOf.call(target) === DOCUMENT_NODE ? target : rootNodeOf.call(target);
    if (root === document) return { x, y, element: nodeTypeOf.call(target) === ELEMENT_NODE ? (target as Element) : null };
    const { host, defaultView } = root as { host?: Element; defaultView?: Window | null };
    const frame = host ? null : (defaultView?.frameElement ?? null);
    if (frame) {
      const { left, top } = frame.getBoundingClientRect();
      x += left + frame.clientLeft;
      y += top + frame.clientTop;
    }
    const outer = host ?? frame;
    if (!outer) return { x, y, element: null };
    target = outer;
  }
}
