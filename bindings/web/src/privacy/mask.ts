// Decides what is masked. The rules are the browser SDK's; when in doubt, and for passwords, it masks.

import { MASK_LEVELS, type MaskLevel } from "../model/shared";
import type { Privacy } from "./config";
import { InheritedRules, Rule } from "./inherited-rules";
import { autocompleteTokens, isButton, isDrawnAsDots, isField, passwords, typeOf } from "./passwords";
import { FIXED_MASK } from "./secrets";
import { containsText, exposesText, maskedTextUrl, mayExposeText } from "./text-attributes";

/** An input's value or a text: the levels treat them differently. */
type Kind = "input" | "text";

const SENSITIVE_TYPES = ["password", "hidden", "email", "tel"];
/** Attributes that pages find a field by; nobody keeps what is typed in them. */
const STRUCTURAL_ATTRIBUTES = ["type", "id", "name", "class", "style", "autocomplete", "for", "form"];

export class Mask {
  private readonly rules: InheritedRules;
  private level: MaskLevel;
  /** The strictest level of the addresses that the page has left in this turn. */
  private kept: MaskLevel | null = null;
  /** The same for what scripts put into fields, which rrweb tells by a timer. */
  private keptForInput: MaskLevel | null = null;
  private addressesLeft = 0;

  /** `floor`: the level of the page around this one, which is not gone below. */
  constructor(
    private readonly privacy: Privacy,
    private readonly floor: MaskLevel = "light",
  ) {
    this.rules = new InheritedRules(privacy);
    this.level = this.currentLevel();
  }

  /** To be called before each event, which may be one of a field: since the one before, the page may have changed. */
  refresh(isInput = false): void {
    this.rules.forget();
    const kept = isInput ? this.keptForInput : this.kept;
    this.level = kept === null ? this.currentLevel() : stricter(this.currentLevel(), kept);
    passwords.refresh();
  }

  /** To be called after {@link refresh}, before most elements of the page are asked for. */
  lookAhead(): void {
    this.rules.lookAhead();
  }

  /** Masks what changed before this, in the same turn, at the level of this address at least. */
  keepLevelOf(href: string): void {
    const level = this.levelAt(() => href);
    this.kept = stricter(level, this.kept ?? this.floor);
    this.keptForInput = stricter(level, this.keptForInput ?? this.floor);
    const left = ++this.addressesLeft;
    // The browser tells changes that were made before in a turn of its own before this one, and runs timers in their order.
    queueMicrotask(() => {
      if (this.addressesLeft === left) this.kept = null;
    });
    setTimeout(() => {
      if (this.addressesLeft === left) this.keptForInput = null;
    });
  }

  /** The level as of the last {@link refresh}. */
  get levelInForce(): MaskLevel {
    return this.level;
  }

  /** Whether the attributes of every element have to be checked. */
  get hasAttributes(): boolean {
    return this.privacy.attributes.length > 0 || passwords.areKnown;
  }

  /** A text of the page, in this element (null: unknown). */
  text(text: string, element: Element | null): string {
    if (element && isStyleSheet(element)) return text;
    if (passwords.isSecret(text) || this.isEditedAsDots(element)) return fixedMask(text);
    if (element && isField(element)) return this.isMasked("input", element) ? maskCharacters(text) : text;
    return this.isMasked("text", element) ? maskCharacters(text) : text;
  }

  /** As {@link value}, for passwords only: what else masks a field may have changed since the last {@link refresh}. */
  password(value: string, field: Element): string {
    return passwords.addValue(field, value) ? fixedMask(value) : value;
  }

  /** What is in an input, or the label of a button. */
  value(value: string, element: Element | null): string {
    const isForPassword = element !== null && passwords.addValue(element, value);
    if (isForPassword || passwords.isSecret(value)) return fixedMask(value);
    if (!this.isMaskedByRuleOrLevel(element && isButton(element) ? "text" : "input", element)) return value;
    return element?.localName === "select" ? fixedMask(value) : maskCharacters(value);
  }

  attribute(name: string, value: string, element: Element | null): string {
    if (this.exposesPassword(name, value, element)) return fixedMask(value);
    const isInput = element !== null && isField(element);
    const { attributes } = this.privacy;
    if (attributes.includes(name.toLowerCase()) && this.isMasked(isInput ? "input" : "text", element)) return maskCharacters(value);
    if (!element || (name === "value" && isInput)) return value;
    if (isInput && this.exposesInput(name, value, element)) return fixedMask(value);
    if (!this.isMasked("text", element) || !exposesText(name, value, element)) return value;
    return maskedTextUrl(name, value) ?? maskCharacters(value);
  }

  /** Whether the element is left out of the recording, inside of one that is, or no longer in the page. */
  isBlocked(element: Element | null): boolean {
    try {
      return (this.rules.of(element) & Rule.Blocked) !== 0;
    } catch {
      return true;
    }
  }

  /**
   * Whether a document of its own inside of this element, which knows only its own rules, must not be shown: the element is blocked
   * or masked by a rule that is for it.
   */
  isWithheld(element: Element): boolean {
    try {
      return (this.rules.of(element) & (Rule.Blocked | Rule.Masked)) !== 0;
    } catch {
      return true;
    }
  }

  /** Whether not even the length of this field's value is shown. */
  hidesLength(field: Element): boolean {
    return passwords.has(field) || (field.localName === "select" && this.isMasked("input", field));
  }

  /** Whether this element's input, or its texts, are masked. */
  isMasked(kind: Kind, element: Element | null): boolean {
    try {
      if (kind === "input" && element && passwords.has(element)) return true;
    } catch {
      return true;
    }
    return this.isMaskedByRuleOrLevel(kind, element);
  }

  /** As {@link isMasked}, but without a look whether it is for a password: whoever asks for an input has taken it. */
  private isMaskedByRuleOrLevel(kind: Kind, element: Element | null): boolean {
    try {
      const rules = this.rules.of(element);
      if (rules & Rule.Masked) return true;
      return !(rules & Rule.Unmasked) && this.isMaskedAtLevel(kind, element);
    } catch {
      return true;
    }
  }

  private isMaskedAtLevel(kind: Kind, element: Element | null): boolean {
    switch (this.level) {
      case "light":
        return kind === "input" && (!element || isSensitive(element));
      case "medium":
        return kind === "input";
      case "conservative":
        return true;
    }
  }

  /** The level at the page's address as it is now. */
  currentLevel(): MaskLevel {
    return this.levelAt(() => location.href);
  }

  /** Asked for with each event, the address costs more than masking a text: only where it counts. */
  private levelAt(address: () => string): MaskLevel {
    const { urlLevels, level } = this.privacy;
    if (urlLevels.length === 0) return stricter(level, this.floor);
    const href = address();
    return stricter(urlLevels.find(({ glob }) => glob.test(href))?.level ?? level, this.floor);
  }

  /** A text, or what is in a field, of another page's document. That page has masked it by its own rules already. */
  foreign(text: string): string {
    if (passwords.isSecret(text)) return fixedMask(text);
    return this.level === "conservative" ? maskCharacters(text) : text;
  }

  /** As {@link foreign}: an attribute of an element of this tag, whose own attribute "name" is `nameOfElement`. */
  foreignAttribute(name: string, value: string, tag: string, nameOfElement: unknown): string {
    if (STRUCTURAL_ATTRIBUTES.includes(name)) return value;
    if (passwords.isSecret(value)) return fixedMask(value);
    if (this.privacy.attributes.includes(name.toLowerCase())) return maskCharacters(value);
    if (this.level !== "conservative") return value;
    const isValue = name === "value" || mayExposeText(name, value, tag, nameOfElement);
    return isValue ? (maskedTextUrl(name, value) ?? maskCharacters(value)) : value;
  }

  /** Whether a page that mirrors its fields (`data-value` and the like) has put a password into this attribute. */
  private exposesPassword(name: string, value: string, element: Element | null): boolean {
    if (STRUCTURAL_ATTRIBUTES.includes(name)) return false;
    if (passwords.isSecret(value)) return true;
    if (!element || !isField(element) || !passwords.has(element)) return false;
    const typed = String((element as HTMLInputElement).value);
    return typed !== "" && value.includes(typed);
  }

  /** The same for every other field that is masked. What a button says is its label, and shown. */
  private exposesInput(name: string, value: string, field: Element): boolean {
    if (STRUCTURAL_ATTRIBUTES.includes(name) || isButton(field) || !this.isMasked("input", field)) return false;
    return containsText(value, String((field as HTMLInputElement).value).trim());
  }

  /** An editable element may be a field for a password, which the page draws as dots. */
  private isEditedAsDots(element: Element | null): boolean {
    try {
      if (!element || !(this.rules.of(element) & Rule.Editable)) return false;
      return isDrawnAsDots(element);
    } catch {
      return true;
    }
  }
}

/** MASK_LEVELS begins with the loosest. */
const stricter = (a: MaskLevel, b: MaskLevel): MaskLevel => (MASK_LEVELS.indexOf(a) > MASK_LEVELS.indexOf(b) ? a : b);

/** Whether nothing but a style sheet is in it: a text of another type can be shown. */
const isStyleSheet = (element: Element) =>
  element.localName === "style" && /^(text\/css)?$/i.test(String((element as HTMLStyleElement).type));

/** As the browser SDK masks: each character that is not white space. */
const maskCharacters = (text: string) => text.replace(/\S/g, "*");

/** An empty text stays empty: a field that was emptied is drawn empty. */
const fixedMask = (text: string) => (text === "" ? "" : FIXED_MASK);

function isSensitive(element: Element): boolean {
  return SENSITIVE_TYPES.includes(typeOf(element)) || autocompleteTokens(element).some((token) => token.startsWith("cc-"));
}
