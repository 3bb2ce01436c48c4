// What stands for a secret: a name, or the shape of a word. As src/companions/secret_names.rs, with which it shares
// tests/fixtures/secrets.json.

import { OPEN_HEADERS, SECRET_NAME_PARTS, SECRET_NAMES, SECRET_PARAMETERS } from "../model/shared";

/** Of a longer name the end says what it is. */
const MAX_NAME_LENGTH = 128;
/** A shorter word is no JSON web token, and none that follows "Bearer" or "Basic". */
export const MIN_TOKEN_LENGTH = 6;

const has = (list: readonly string[], name: string) => list.includes(name);

/** Whether a value of this name is a secret. */
export function isSecretName(name: string): boolean {
  const letters = lettersOf(name);
  return has(SECRET_NAMES, letters) || SECRET_NAME_PARTS.some((part) => letters.includes(part));
}

/** The same of a parameter in the query of an address. */
export const isSecretParameter = (name: string): boolean =>
  isSecretName(name) || has(SECRET_PARAMETERS, lettersOf(name));

/** The same of a header. */
export const isSecretHeader = (name: string): boolean => {
  const lower = name.toLowerCase();
  // Elsewhere a key is too much else.
  return (lower === "key" || isSecretName(name)) && !has(OPEN_HEADERS, lower);
};

/** Its letters and digits, in small letters. */
export const lettersOf = (name: string): string =>
  name
    .slice(-MAX_NAME_LENGTH)
    .replace(/[^a-z0-9]/gi, "")
    .toLowerCase();

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** As the query of an address and a form write it: `%5B`, and `+` for a blank. */
export function percentDecoded(text: string): string {
  if (!/[%+]/.test(text)) return text;
  return text.replace(/(?:%[0-9a-f]{2})+|\+/gi, (found) => {
    if (found === "+") return " ";
    const bytes = found.split("%").slice(1).map((hex) => parseInt(hex, 16));
    return decoder.decode(Uint8Array.from(bytes));
  });
}

/** Three parts, of which the first is JSON in base64. */
const isJsonWebToken = (word: string): boolean =>
  word.length >= MIN_TOKEN_LENGTH && word.startsWith("eyJ") && word.split(".", 3).length === 3;

/** The JSON web token in a word. */
export function tokenIn(word: string): { start: number; end: number } | null {
  const start = word.indexOf("eyJ");
  if (start < 0) return null;
  const behind = word.slice(start).search(/[%[\]]/);
  const end = behind < 0 ? word.length : start + behind;
  return isJsonWebToken(word.slice(start, end)) ? { start, end } : null;
}
