// Knows the passwords of this page for as long as the page lives, also while recording is paused. Pages show passwords,
// copy them and swap fields for others, so both are remembered: which fields have been for passwords, and what was typed.

import { listen } from "../dom/listeners";
import { getAttribute } from "../dom/native-dom";
import { FIXED_MASK } from "./secrets";

const FIELDS = ["input", "select", "textarea"];
/** Inputs whose value is the label of a button. */
const BUTTON_TYPES = ["submit", "button", "reset"];
const PASSWORD_NAME = /passw|passphrase|passcode|pwd/i;
/** Anything shorter is found all over a page by chance. */
const MIN_SECRET_LENGTH = 4;
const MAX_SECRETS = 64;
const MAX_WATCHED_FIELDS = 8;
const MASKED = /^\*+$/;

/** In documents of XHTML names of elements are in small letters, in those of HTML in capitals. */
export const isField = (element: Element) => FIELDS.includes(element.localName);

export const typeOf = (element: Element) =>
  element.localName === "input" ? String((element as HTMLInputElement).type).toLowerCase() : "";

export const isButton = (element: Element) => BUTTON_TYPES.includes(typeOf(element));

/** Tokens of the autocomplete attribute, one of which says what the field is for. */
export const autocompleteTokens = (element: Element) =>
  (getAttribute.call(element, "autocomplete") ?? "").toLowerCase().split(/\s+/);

class Passwords {
  private readonly fields = new WeakSet<Element>();
  /** The newest fields: scripts, such as a password manager's, fill them without an event. */
  private watched: WeakRef<Element>[] = [];
  /** What was typed in such fields, the newest last. */
  private readonly secrets = new Set<string>();
  /** The same as they stand in texts, the longest first; null: to be made anew. */
  private forms: string[] | null = null;

  constructor() {
    // Before the page's own listeners, which may copy the value or change the field, and while recording is paused.
    this.listenIn(window);
  }

  /** Hears what is typed in there: in a window, or in a shadow tree that is closed to those outside. */
  listenIn(target: EventTarget): void {
    for (const name of ["focusin", "beforeinput", "input", "change"]) {
      listen(target, name, (event) => this.onInput(event), { capture: true, passive: true });
    }
  }

  /** Whether this is, or has ever been, a field for a password. */
  has(element: Element): boolean {
    if (this.fields.has(element)) return true;
    if (!isField(element) || !isPasswordNow(element)) return false;
    this.fields.add(element);
    this.watched = [...this.watched, new WeakRef(element)].slice(-MAX_WATCHED_FIELDS);
    return true;
  }

  /** Remembers what is in a field for a password. Another field with the same value counts as one, too. Answers what {@link has} says from then on. */
  addValue(element: Element, value: string): boolean {
    if (this.has(element)) this.remember(value);
    else if (this.isSecret(value) && isField(element) && !isButton(element)) this.fields.add(element);
    else return false;
    return true;
  }

  /** Reads the watched fields. Nothing changes them while an event is processed: once an event is enough. */
  refresh(): void {
    for (const field of this.watched) {
      const value = (field.deref() as HTMLInputElement | undefined)?.value;
      if (value && !this.isSecret(value)) this.remember(value);
    }
  }

  /** Whether this text is a password that was typed here, as of the last {@link refresh}. */
  isSecret(text: string): boolean {
    return this.secrets.size > 0 && this.secrets.has(text.trim());
  }

  /** The text with each password in it masked that was typed here, however it is escaped. */
  mask(text: string): string {
    if (this.secrets.size === 0) return text;
    // While one is typed, each of its beginnings is remembered, too: the longest is to be found first.
    this.forms ??= [...this.secrets].flatMap(escapedForms).sort((a, b) => b.length - a.length);
    let masked = text;
    for (const form of this.forms) if (masked.includes(form)) masked = masked.split(form).join(FIXED_MASK);
    for (const form of this.forms) masked = withoutBeginningOf(form, masked);
    return masked;
  }

  get areKnown(): boolean {
    return this.watched.length > 0 || this.secrets.size > 0;
  }

  /** Without white space around it, as a copy is compared. */
  private remember(typed: string): void {
    const value = typed.trim();
    // A value that is masked twice is a mask the second time.
    if (value.length < MIN_SECRET_LENGTH || MASKED.test(value)) return;
    this.secrets.delete(value);
    this.secrets.add(value);
    this.forms = null;
    if (this.secrets.size > MAX_SECRETS) for (const oldest of this.secrets) return void this.secrets.delete(oldest);
  }

  private onInput(event: Event): void {
    try {
      const element = event.composedPath()[0] as HTMLInputElement;
      if (element?.nodeType === Node.ELEMENT_NODE && isField(element)) this.addValue(element, String(element.value));
    } catch {
      // The page's event goes on.
    }
  }
}

/** A password as it stands in JSON, in JSON within JSON (a message is JSON itself), in HTML, in addresses and in forms, and as JSON in these. */
function escapedForms(secret: string): string[] {
  const inJson = asJson(secret);
  const inHtml = secret.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const quoted = inHtml.replace(/"/g, "&quot;");
  const inHtmls = [inHtml, quoted, quoted.replace(/'/g, "&#39;"), quoted.replace(/'/g, "&#039;"), quoted.replace(/'/g, "&apos;")];
  const all = [secret, inJson, asJson(inJson), asJson(asJson(inJson)), ...inHtmls, ...inHtmls.map(asJson), ...encodedForms(secret), ...encodedForms(inJson)];
  return [...new Set(all)];
}

const asJson = (text: string) => JSON.stringify(text).slice(1, -1);

/** As `encodeURIComponent`, `encodeURI`, `URL` and forms encode it, and as an address has it after each of them. */
function encodedForms(text: string): string[] {
  const inUrl = tryEncode(encodeURIComponent, text);
  const whole = tryEncode(encodeURI, text);
  const inForm = new URLSearchParams([["", text]]).toString().slice(1);
  const forms = [inUrl, inUrl.replace(/%20/g, "+"), inForm, inForm.replace(/\+/g, "%20"), whole, inQuery(text)];
  return [...forms, ...forms.map((form) => form.replace(/'/g, "%27"))];
}

/** As browsers write an address that a page has put together without encoding anything. */
function inQuery(text: string): string {
  const url = new URL("https://host/");
  url.search = text;
  return url.search.slice(1);
}

function tryEncode(encode: (text: string) => string, text: string): string {
  try {
    return encode(text);
  } catch {
    return text;
  }
}

/** A text that was cut may end within a password. */
function withoutBeginningOf(secret: string, text: string): string {
  const end = text.replace(/…["\]}]{0,20}$/, "");
  for (let length = secret.length - 1; length >= MIN_SECRET_LENGTH; length--) {
    if (secret[length - 1] === end[end.length - 1] && end.endsWith(secret.slice(0, length))) return end.slice(0, -length) + FIXED_MASK + text.slice(end.length);
  }
  return text;
}

/** One for the page, shared by all recorders. */
export const passwords = new Passwords();

/**
 * Whether this is for a password, also where its type is another: while it is shown, or because the page hides what is
 * typed by other means.
 */
function isPasswordNow(element: Element): boolean {
  if (typeOf(element) === "password" || getAttribute.call(element, "data-rr-is-password") !== null) return true;
  if (autocompleteTokens(element).some((token) => token.endsWith("-password"))) return true;
  if (isButton(element)) return false;
  if (["name", "id"].some((name) => PASSWORD_NAME.test(getAttribute.call(element, name) ?? ""))) return true;
  return isDrawnAsDots(element);
}

/** Whether the page draws dots in place of this element's text. */
export function isDrawnAsDots(element: Element): boolean {
  const security = getComputedStyle(element).getPropertyValue("-webkit-text-security");
  return security !== "" && security !== "none";
}
