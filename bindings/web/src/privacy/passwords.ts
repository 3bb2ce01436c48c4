// Knows the passwords of this page, for as long as it lives: a recorder that pauses must not forget which fields have
// been for passwords, nor what was typed into them, because pages show passwords, copy them, and swap fields for others.

import { listen } from "../dom/listeners";
import { getAttribute } from "../dom/native-dom";

const FIELDS = ["input", "select", "textarea"];
/** Inputs whose value is the label of a button. */
const BUTTONS = ["submit", "button", "reset"];
const NAME = /passw|passphrase|passcode|pwd/i;
/** What is shorter is found everywhere in a page by chance. */
const MIN_SECRET = 4;
const MAX_SECRETS = 64;
const MAX_WATCHED = 8;
const MASK = /^\*+$/;

/** In documents of XHTML names of elements are in small letters, in those of HTML in capitals. */
export const isField = (element: Element) => FIELDS.includes(element.localName);

export const typeOf = (element: Element) =>
  element.localName === "input" ? String((element as HTMLInputElement).type).toLowerCase() : "";

export const isButton = (element: Element) => BUTTONS.includes(typeOf(element));

/** Tokens of the autocomplete attribute, among them what the field is for. */
export const autocomplete = (element: Element) =>
  (getAttribute.call(element, "autocomplete") ?? "").toLowerCase().split(/\s+/);

class Passwords {
  private readonly fields = new WeakSet<Element>();
  /** The newest of them: scripts, such as a password manager's, fill them without an event. */
  private watched: WeakRef<Element>[] = [];
  /** What was in such fields, the newest last. */
  private readonly secrets = new Set<string>();

  constructor() {
    // Before the page's own listeners, which may copy the value or change the field, and while nothing is recorded.
    for (const name of ["focusin", "beforeinput", "input", "change"]) {
      listen(window, name, (event) => this.look(event), { capture: true, passive: true });
    }
  }

  /** Whether this is, or has ever been, a field for a password. */
  has(element: Element): boolean {
    if (this.fields.has(element)) return true;
    if (!isField(element) || !isPasswordNow(element)) return false;
    this.fields.add(element);
    this.watched = [...this.watched, new WeakRef(element)].slice(-MAX_WATCHED);
    return true;
  }

  /** Remembers what is in a field for a password. Another field with that same value is one, too. */
  learn(element: Element, value: string): void {
    if (this.has(element)) this.keep(value);
    else if (this.isSecret(value) && isField(element) && !isButton(element)) this.fields.add(element);
  }

  /** Reads the watched fields. Nothing changes them while an event is looked at: once for each is enough. */
  refresh(): void {
    for (const field of this.watched) {
      const value = (field.deref() as HTMLInputElement | undefined)?.value;
      if (value && !this.secrets.has(value)) this.keep(value);
    }
  }

  /** Whether this text is a password that was typed here, as of the last {@link refresh}. */
  isSecret(text: string): boolean {
    return this.secrets.size > 0 && this.secrets.has(text.trim());
  }

  get areKnown(): boolean {
    return this.watched.length > 0 || this.secrets.size > 0;
  }

  private keep(value: string): void {
    // A mask comes by again where a value is looked at twice.
    if (value.length < MIN_SECRET || MASK.test(value)) return;
    this.secrets.delete(value);
    this.secrets.add(value);
    if (this.secrets.size > MAX_SECRETS) for (const oldest of this.secrets) return void this.secrets.delete(oldest);
  }

  private look(event: Event): void {
    try {
      const element = event.composedPath()[0] as HTMLInputElement;
      if (element?.nodeType === Node.ELEMENT_NODE && isField(element)) this.learn(element, String(element.value));
    } catch {
      // The page's event goes on.
    }
  }
}

/** One for the page, whichever recorder asks. */
export const passwords = new Passwords();

/**
 * Whether this is for a password, also where its type is another: while it is shown, or because the page hides what is
 * typed by other means.
 */
function isPasswordNow(element: Element): boolean {
  if (typeOf(element) === "password" || getAttribute.call(element, "data-rr-is-password") !== null) return true;
  if (autocomplete(element).some((token) => token.endsWith("-password"))) return true;
  if (isButton(element)) return false;
  if (["name", "id"].some((name) => NAME.test(getAttribute.call(element, name) ?? ""))) return true;
  return isDisguised(element);
}

/** Whether the page draws dots in place of this element's text. */
export function isDisguised(element: Element): boolean {
  const security = getComputedStyle(element).getPropertyValue("-webkit-text-security");
  return security !== "" && security !== "none";
}
