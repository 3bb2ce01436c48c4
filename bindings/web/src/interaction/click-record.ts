// What is told of a click: where in the page, and on what.

import { composedParentOf, ELEMENT_NODE, elementFromPoint, nodeTypeOf } from "../dom/native-dom";
import type { SelectorLimits } from "../model/page-options";
import type { ObserverContext } from "../observers/observer";
import { clickedAt } from "./clicked";
import type { Click } from "./rrweb-interaction";
import { viewportHeight, viewportWidth } from "./scroll-depth";
import { selectorOf } from "./selector";

export interface ClickRecord {
  /** In the page, from its left and its top. */
  x: number;
  y: number;
  /** undefined: none was found. */
  selector: string | undefined;
  viewportHeight: number;
  viewportWidth: number;
  pageUrl: string;
  timestamp: number;
  type: "click";
}

/** null: nothing of it is told. */
export function clickRecord(context: ObserverContext, limits: SelectorLimits, click: Click): ClickRecord | null {
  // rrweb has no number for what it does not record, such as a shadow tree in what is blocked.
  const node = context.nodeOf(click.id) ?? elementFromPoint.call(document, click.x, click.y);
  const target = node && nodeTypeOf.call(node) !== ELEMENT_NODE ? composedParentOf(node) : (node as Element | null);
  if (!node || (target && context.isBlocked(target))) return null;
  const { x, y, element } = clickedAt(node, click.x, click.y);
  return {
    x: x + scrollX,
    y: y + scrollY,
    selector: element ? selectorOf(element, limits, context.isMaskedAttribute) : undefined,
    viewportHeight: viewportHeight(),
    viewportWidth: viewportWidth(),
    pageUrl: context.address(location.href),
    timestamp: Date.now(),
    type: "click",
  };
}
