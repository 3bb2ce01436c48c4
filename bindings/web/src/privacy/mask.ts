// Decides what is masked. The rules are the browser SDK's; where in doubt, and for passwords, it masks.

import { autocomplete, isButton, isDisguised, isField, passwords, typeOf } from "./passwords";
import type { MaskLevel, Privacy } from "./config";
import { maskedAddress, repeats, repeatsText } from "./text-attributes";
import { BLOCKED, EDITABLE, MASKED, Surroundings, UNMASKED } from "./inherited-rules";

export { isField };

/** An input's value or a text: the levels treat them differently. */
type Kind = "input" | "text";

const SENSITIVE_TYPES = ["password", "hidden", "email", "tel"];
/** Attributes that pages find a field by; nobody keeps what is typed in them. */
const STRUCTURAL = ["type", "id", "name", "class", "style", "autocomplete", "for", "form"];
/** Of one length: that of a password, or of what was chosen, would tell which it is. */
const HIDDEN = "*".repeat(8);

export class Mask {
  private around: Surroundings;
  private level: MaskLevel;

  constructor(
    private readonly privacy: Privacy,
    private readonly href = () => location.href,
  ) {
    this.around = new Surroundings(privacy);
    this.level = this.levelNow();
  }

  /** To be called before each event: what is known of the page since the one before may be so no more. */
  refresh(): void {
    this.around = new Surroundings(this.privacy);
    this.level = this.levelNow();
    passwords.refresh();
  }

  /** Whether attributes have to be looked at, of whatever element. */
  get hasAttributes(): boolean {
    return this.privacy.attributes.length > 0 || passwords.areKnown;
  }

  /** A text of the page, in this element (null: not known). */
  text(text: string, element: Element | null): string {
    if (element && element.localName === "style") return text;
    if (passwords.isSecret(text) || this.isDisguised(element)) return hide(text);
    if (element && isField(element)) return this.masks("input", element) ? stars(text) : text;
    return this.masksText(element) ? stars(text) : text;
  }

  /** As {@link value}, for passwords alone: what else masks a field may have changed since the last {@link refresh}. */
  secret(value: string, field: Element): string {
    passwords.learn(field, value);
    return passwords.has(field) ? hide(value) : value;
  }

  /** What is in an input, or what a button says. */
  value(value: string, element: Element | null): string {
    if (element) passwords.learn(element, value);
    if (passwords.isSecret(value) || (element && passwords.has(element))) return hide(value);
    if (!this.masks(element && isButton(element) ? "text" : "input", element)) return value;
    return element?.localName === "select" ? hide(value) : stars(value);
  }

  attribute(name: string, value: string, element: Element | null): string {
    if (this.holdsPassword(name, value, element)) return hide(value);
    const isInput = element !== null && isField(element);
    if (this.privacy.attributes.includes(name) && this.masks(isInput ? "input" : "text", element)) return stars(value);
    if (!element || (name === "value" && isInput)) return value;
    if (isInput && this.repeatsField(name, value, element)) return hide(value);
    if (!this.masksText(element) || !repeatsText(name, value, element)) return value;
    return maskedAddress(name, value) ?? stars(value);
  }

  /** Whether the element is left out of the recording, or inside one that is. */
  blocks(element: Element | null): boolean {
    return (this.around.of(element) & BLOCKED) !== 0;
  }

  /** Whether the texts in this element are masked. */
  masksText(element: Element | null): boolean {
    return this.masks("text", element);
  }

  /** Whether this field's value is masked without a trace of its length. */
  hides(field: Element): boolean {
    return passwords.has(field) || (field.localName === "select" && this.masks("input", field));
  }

  /** Whether what is chosen in this field is masked. */
  masksInput(element: Element | null): boolean {
    return this.masks("input", element);
  }

  private masks(kind: Kind, element: Element | null): boolean {
    try {
      if (kind === "input" && element && passwords.has(element)) return true;
      const around = this.around.of(element);
      if (around & MASKED) return true;
      return !(around & UNMASKED) && this.masksAtLevel(kind, element);
    } catch {
      return true;
    }
  }

  private masksAtLevel(kind: Kind, element: Element | null): boolean {
    switch (this.level) {
      case "light":
        return kind === "input" && (!element || isSensitive(element));
      case "medium":
        return kind === "input";
      case "conservative":
        return true;
    }
  }

  private levelNow(): MaskLevel {
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

  /** As for passwords, for whatever else is masked. What a button says is on it. */
  private repeatsField(name: string, value: string, field: Element): boolean {
    if (STRUCTURAL.includes(name) || isButton(field) || !this.masks("input", field)) return false;
    return repeats(value, String((field as HTMLInputElement).value).trim());
  }

  /** An editable element may be a field for a password, which the page draws as dots. */
  private isDisguised(element: Element | null): boolean {
    try {
      if (!element || !(this.around.of(element) & EDITABLE)) return false;
      return isDisguised(element);
    } catch {
      return true;
    }
  }
}

/** As the browser SDK masks: each character that is not white space. */
const stars = (text: string) => text.replace(/\S/g, "*");

/** Nothing stays nothing: a field that was emptied is drawn empty. */
const hide = (text: string) => (text === "" ? "" : HIDDEN);

function isSensitive(element: Element): boolean {
  return SENSITIVE_TYPES.includes(typeOf(element)) || autocomplete(element).some((token) => token.startsWith("cc-"));
}
