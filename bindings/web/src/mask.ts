// Decides what is masked. The rules are the browser SDK's; where in doubt, and for passwords, it masks.

import type { MaskLevel, Privacy } from "./privacy";

/** An input's value or a text: the levels treat them differently. */
export type Kind = "input" | "text";

// A form field named "closest" hides the form's own method of that name.
const closest = Element.prototype.closest;
const getRootNode = Node.prototype.getRootNode;
const getAttribute = Element.prototype.getAttribute;

const SENSITIVE_TYPES = ["password", "hidden", "email", "tel"];
const FIELDS = ["INPUT", "SELECT", "TEXTAREA"];
/** Inputs whose value is the label of a button. */
const BUTTONS = ["submit", "button", "reset"];
const PASSWORD_NAME = /passw|passphrase|passcode|pwd/i;

export class Mask {
  /** Inputs that have once been for passwords: "show password" turns them into others. */
  private readonly passwords = new WeakSet<Element>();

  constructor(
    private readonly privacy: Privacy,
    private readonly href = () => location.href,
  ) {}

  /** Whether attributes have to be looked at. */
  get hasAttributes(): boolean {
    return this.privacy.attributes.length > 0;
  }

  /** A text of the page, in this element (null: not known). */
  text(text: string, element: Element | null): string {
    if (element && /^style$/i.test(element.tagName)) return text;
    return this.masks(element && isField(element) ? "input" : "text", element) ? stars(text) : text;
  }

  /** What is in an input, or what a button says. */
  value(value: string, element: Element | null): string {
    if (element && this.isPassword(element)) return "*".repeat(value.length);
    const kind = element && BUTTONS.includes(typeOf(element)) ? "text" : "input";
    return this.masks(kind, element) ? stars(value) : value;
  }

  attribute(name: string, value: string, element: Element | null): string {
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
      if (kind === "input" && this.isPassword(element)) return true;
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

  private isPassword(element: Element): boolean {
    if (this.passwords.has(element)) return true;
    if (!isPasswordNow(element)) return false;
    this.passwords.add(element);
    return true;
  }
}

/** As the browser SDK masks: each character that is not white space. */
const stars = (text: string) => text.replace(/\S/g, "*");

export const isField = (element: Element) => FIELDS.includes(element.tagName);

const typeOf = (element: Element) =>
  element.tagName === "INPUT" ? String((element as HTMLInputElement).type).toLowerCase() : "";

/** Tokens of the autocomplete attribute, among them what the field is for. */
const autocomplete = (element: Element) =>
  (getAttribute.call(element, "autocomplete") ?? "").toLowerCase().split(/\s+/);

function isSensitive(element: Element): boolean {
  return SENSITIVE_TYPES.includes(typeOf(element)) || autocomplete(element).some((token) => token.startsWith("cc-"));
}

/**
 * Whether this is for a password, also where its type is another: while it is shown, or because the page hides what is
 * typed by other means.
 */
function isPasswordNow(element: Element): boolean {
  if (!isField(element)) return false;
  if (typeOf(element) === "password" || getAttribute.call(element, "data-rr-is-password") !== null) return true;
  if (autocomplete(element).some((token) => token.endsWith("-password"))) return true;
  if (BUTTONS.includes(typeOf(element))) return false;
  if (["name", "id"].some((name) => PASSWORD_NAME.test(getAttribute.call(element, name) ?? ""))) return true;
  const security = getComputedStyle(element).getPropertyValue("-webkit-text-security");
  return security !== "" && security !== "none";
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
