// Whether an element is inside of something that is blocked, masked, unmasked or editable. Each element is matched once
// per event, and inherits the rest from its composed parent: `closest` would climb to the top again for each text.

import { composedParentOf, hasAttribute, localNameOf, matches } from "../dom/native-dom";
import type { Privacy } from "./config";

/** Flags, each set for everything inside of an element that has it. */
export const enum Rule {
  None = 0,
  Blocked = 1,
  Masked = 2,
  Unmasked = 4,
  Editable = 8,
}

export class InheritedRules {
  private readonly known = new Map<Element, Rule>();
  private readonly anySelector: string;

  constructor(private readonly privacy: Privacy) {
    this.anySelector = `${privacy.block},${privacy.mask},${privacy.unmask}`;
  }

  of(element: Element | null): Rule {
    if (!element) return Rule.None;
    const known = this.known.get(element);
    if (known !== undefined) return known;
    // From the element up to one that is known, and down again: pages are nested deeper than a stack of calls may be.
    const unknown: Element[] = [];
    let rules = Rule.None;
    for (let ancestor: Element | null = element; ancestor; ancestor = composedParentOf(ancestor)) {
      const inherited = this.known.get(ancestor);
      if (inherited !== undefined) {
        rules = inherited;
        break;
      }
      unknown.push(ancestor);
    }
    for (let next = unknown.pop(); next; next = unknown.pop()) {
      rules |= this.own(next);
      this.known.set(next, rules);
    }
    return rules;
  }

  private own(element: Element): Rule {
    const editable = isEditable(element) ? Rule.Editable : Rule.None;
    try {
      if (!matches.call(element, this.anySelector)) return editable;
      const rule = (selector: string, flag: Rule) => (matches.call(element, selector) ? flag : Rule.None);
      const { block, mask, unmask } = this.privacy;
      return editable | rule(block, Rule.Blocked) | rule(mask, Rule.Masked) | rule(unmask, Rule.Unmasked);
    } catch {
      return Rule.Blocked | Rule.Masked;
    }
  }
}

/** Whether it begins something that can be edited; what is inside inherits it. */
const isEditable = (element: Element) =>
  hasAttribute.call(element, "contenteditable") ||
  (localNameOf.call(element) === "html" && element.ownerDocument.designMode === "on");
