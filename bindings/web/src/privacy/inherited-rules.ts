// What an element stands in: something that is left out, masked or shown. Each element is asked once per event, and
// inherits the rest from the one around it: `closest` would climb to the top again for each text.

import { hasAttribute, holderOf, localNameOf, matches } from "../dom/native-dom";
import type { Privacy } from "./config";

/** Bits, each set for everything inside an element that has it. */
export const BLOCKED = 1;
export const MASKED = 2;
export const UNMASKED = 4;
export const EDITABLE = 8;

export class Surroundings {
  private readonly known = new Map<Element, number>();
  private readonly any: string;

  constructor(private readonly privacy: Privacy) {
    this.any = `${privacy.block},${privacy.mask},${privacy.unmask}`;
  }

  of(element: Element | null): number {
    if (!element) return 0;
    const known = this.known.get(element);
    if (known !== undefined) return known;
    // From the element up to one that is known, and down again: pages are nested deeper than a stack of calls may be.
    const unknown: Element[] = [];
    let bits = 0;
    for (let at: Element | null = element; at; at = holderOf(at)) {
      const above = this.known.get(at);
      if (above !== undefined) {
        bits = above;
        break;
      }
      unknown.push(at);
    }
    for (let at = unknown.pop(); at; at = unknown.pop()) {
      bits |= this.own(at);
      this.known.set(at, bits);
    }
    return bits;
  }

  private own(element: Element): number {
    const editable = isEditable(element) ? EDITABLE : 0;
    try {
      if (!matches.call(element, this.any)) return editable;
      const bit = (selector: string, value: number) => (matches.call(element, selector) ? value : 0);
      const { block, mask, unmask } = this.privacy;
      return editable | bit(block, BLOCKED) | bit(mask, MASKED) | bit(unmask, UNMASKED);
    } catch {
      return BLOCKED | MASKED;
    }
  }
}

/** Whether it begins something that can be edited; what is inside inherits it. */
const isEditable = (element: Element) =>
  hasAttribute.call(element, "contenteditable") ||
  (localNameOf.call(element) === "html" && element.ownerDocument.designMode === "on");
