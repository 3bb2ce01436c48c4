// Decides what is masked. The rules are the browser SDK's; where in doubt, and for passwords, it masks.

import { autocomplete, isButton, isDisguised, isField, passwords, typeOf } from "./passwords";
import type { MaskLevel, Privacy } from "./privacy";

export { isField };

/** An input's value or a text: the levels treat them differently. */
export type Kind = "input" | "text";

// A form field named "closest" hides the form's own method of that name.
const closest = Element.prototype.closest;
const getRootNode = Node.prototype.getRootNode;

const SENSITIVE_TYPES = ["password", "hidden", "email", "tel"];
/** Attributes that pages find a field by; nobody keeps what is typed in them. */
const STRUCTURAL = ["type", "id", "name", "class", "style", "autocomplete", "for", "form"];

export class Mask {
  constructor(
    private readonly privacy: Privacy,
    private readonly href = () => location.href,
  ) {}

  /** Whether attributes have to be looked at. */
  get hasAttributes(): boolean {
    return this.privacy.attributes.length > 0 || passwords.areKnown;
  }

  /** A text of the page, in this element (null: not known). */
  text(text: string, element: Element | null): string {
    if (element && /^style$/i.test(element.tagName)) return text;
    if (passwords.isSecret(text.trim()) || this.isDisguised(element)) return "*".repeat(text.length);
    return this.masks(element && isField(element) ? "input" : "text", element) ? stars(text) : text;
  }

  /** What is in an input, or what a button says. */
  value(value: string, element: Element | null): string {
    if (element) passwords.learn(element, value);
    if (passwords.isSecret(value) || (element && passwords.has(element))) return "*".repeat(value.length);
    const kind = element && isButton(element) ? "text" : "input";
    return this.masks(kind, element) ? stars(value) : value;
  }

  attribute(name: string, value: string, element: Element | null): string {
    if (this.holdsPassword(name, value, element)) return "*".repeat(value.length);
    if (!this.privacy.attributes.includes(name)) return value;
    return this.masks(element && isField(element) ? "input" : "text", element) ? stars(value) : value;
  }

  /** Whether the element is left out of the recording, or inside one that is. */
  blocks(element: Element | null): boolean {
    try {
      return isWithin(element, this.privacy.block);
    } catch {
      return true;
    }
  }

  private masks(kind: Kind, element: Element | null): boolean {
    try {
      if (!element) return this.masksAtLevel(kind, null);
      if (kind === "input" && passwords.has(element)) return true;
      if (isWithin(element, this.privacy.mask)) return true;
      // Most text is not masked: no need then to look for what would unmask it.
      return this.masksAtLevel(kind, element) && !isWithin(element, this.privacy.unmask);
    } catch {
      return true;
    }
  }

  private masksAtLevel(kind: Kind, element: Element | null): boolean {
    switch (this.level()) {
      case "light":
        return kind === "input" && (!element || isSensitive(element));
      case "medium":
        return kind === "input";
      case "conservative":
        return true;
    }
  }

  private level(): MaskLevel {
    const { urlLevels, level } = this.privacy;
    if (urlLevels.length === 0) return level;
    const href = this.href();
    return urlLevels.find(({ pattern }) => pattern.test(href))?.level ?? level;
  }

  /** Whether a page that mirrors its fields (`data-value` and the like) has put a password there. */
  private holdsPassword(name: string, value: string, element: Element | null): boolean {
    if (STRUCTURAL.includes(name)) return false;
    if (passwords.isSecret(value)) return true;
    if (!element || !isField(element) || !passwords.has(element)) return false;
    const typed = String((element as HTMLInputElement).value);
    return typed !== "" && value.includes(typed);
  }

  /** An editable element may be a field for a password, which the page draws as dots. */
  private isDisguised(element: Element | null): boolean {
    try {
      return !!element && (element as HTMLElement).isContentEditable === true && isDisguised(element);
    } catch {
      return true;
    }
  }
}

/** As the browser SDK masks: each character that is not white space. */
const stars = (text: string) => text.replace(/\S/g, "*");

function isSensitive(element: Element): boolean {
  return SENSITIVE_TYPES.includes(typeOf(element)) || autocomplete(element).some((token) => token.startsWith("cc-"));
}

/** `closest`, which ends at the border of a shadow tree or of a frame, carried on beyond it. */
function isWithin(element: Element | null, selector: string): boolean {
  for (let at = element; at; at = holder(at)) if (closest.call(at, selector)) return true;
  return false;
}

function holder(element: Element): Element | null {
  const root = getRootNode.call(element) as { host?: Element; defaultView?: Window | null };
  return root.host ?? root.defaultView?.frameElement ?? null;
}
