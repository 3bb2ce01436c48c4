// Whether an element is inside of something that is blocked, masked, unmasked or editable. Each element is matched once
// per event, and inherits the rest from its composed parent: `closest` would climb to the top again for each text. It climbs
// once, for the first of them: mostly there is no rule on the way.

import {
  closest,
  composedParentOf,
  contains,
  defaultViewOf,
  designModeOf,
  DOCUMENT_NODE,
  hasAttribute,
  localNameOf,
  matches,
  nodeTypeOf,
  parentNodeOf,
  querySelector,
} from "../dom/native-dom";
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
  /** Whether no element of the page's document has a rule. */
  private areNone = false;
  /** Of these selectors `closest` finds something else than each ancestor by itself. A backslash may be part of an escaped `:scope`. */
  private readonly dependsOnScope: boolean;

  constructor(private readonly privacy: Privacy) {
    this.dependsOnScope = /:scope|[&\\]/i.test(privacy.anyRule);
  }

  /** To be called when the page may have changed. */
  forget(): void {
    this.known.clear();
    this.areNone = false;
  }

  /** To be called before most elements of the page are asked for: mostly none has a rule, as the browser finds in one step. */
  lookAhead(): void {
    this.areNone = this.holds(() => querySelector.call(document, this.privacy.anyRule) === null);
  }

  of(element: Element | null): Rule {
    if (!element) return Rule.None;
    if (this.areNone && contains.call(document, element)) return Rule.None;
    const known = this.known.get(element);
    if (known !== undefined) return known;
    const parent = composedParentOf(element);
    const around = parent ? this.known.get(parent) : undefined;
    if (around !== undefined) return this.remember(element, around | this.own(element));
    if (parent && this.isWithoutRules(element)) {
      this.remember(parent, Rule.None);
      return this.remember(element, Rule.None);
    }
    return this.inherited(element);
  }

  private remember(element: Element, rules: Rule): Rule {
    this.known.set(element, rules);
    return rules;
  }

  private inherited(element: Element): Rule {
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
    // What was taken out of the page has left the rules that were around it, and nobody sees it.
    const topmost = unknown[unknown.length - 1];
    if (topmost && !composedParentOf(topmost) && !isRoot(topmost)) rules = Rule.Blocked | Rule.Masked;
    for (let next = unknown.pop(); next; next = unknown.pop()) {
      rules = this.remember(next, rules | this.own(next));
    }
    return rules;
  }

  /** Whether nothing from the element up to the page's document has a rule, as the browser finds in one step. */
  private isWithoutRules(element: Element): boolean {
    return this.holds(() => closest.call(element, this.privacy.anyRule) === null && contains.call(document, element));
  }

  /** Whether the browser's answer for several elements at once stands for each of them. */
  private holds(answer: () => boolean): boolean {
    if (this.dependsOnScope) return false;
    try {
      return answer() && isOutermost();
    } catch {
      return false;
    }
  }

  private own(element: Element): Rule {
    const editable = isEditable(element) ? Rule.Editable : Rule.None;
    try {
      if (!matches.call(element, this.privacy.anyRule)) return editable;
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
  (localNameOf.call(element) === "html" && designModeOf.call(element.ownerDocument) === "on");

/** Whether the page's document is in no frame that has rules for it, and can't be edited as a whole. */
const isOutermost = () => window.frameElement === null && designModeOf.call(document) !== "on";

/** Whether this is the root element of a document that is shown. */
function isRoot(element: Element): boolean {
  const parent = parentNodeOf.call(element);
  return parent !== null && nodeTypeOf.call(parent) === DOCUMENT_NODE && defaultViewOf.call(parent) !== null;
}
