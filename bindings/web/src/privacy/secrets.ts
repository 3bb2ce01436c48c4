// Finds secrets in texts of any kind, as messages, addresses, values of headers and bodies. In doubt it masks: a number of
// tokens is masked, too. It does what src/companions/secrets.rs does: tests/fixtures/secrets.json and secrets_at_random.json
// hold both to it.

import { AHEAD_LENGTH } from "../model/shared";
import { plainJson } from "./json-escapes";
import { FIXED_MASK, type Found, MaskedText } from "./masked-text";
import { endOf, MAX_AHEAD, QUOTES, WORD } from "./scan";
import { isSecretName, isSecretParameter, MIN_TOKEN_LENGTH, percentDecoded, tokenIn } from "./secret-names";
import { placeOf } from "./secret-places";
import { endOfKeyBlock, type Value, valueAt } from "./secret-values";

export { FIXED_MASK };

/** Addresses in addresses are looked into this deep; what lies deeper is masked whole. */
const MAX_DEPTH = 3;

/** The text with its secrets masked: what follows a name like `password` and a `:` or `=`, tokens, and those in addresses. */
export const maskSecrets = (text: string): string => maskTextAt(text, 0);

/** An address with its secrets masked: user and password, and values in the query and behind `#` whose names say so. */
export const maskAddress = (url: string): string => maskAddressAt(url, 0);

/**
 * The beginning of a text, of so many characters at most. Where it is cut, that is once its secrets are masked: half a secret
 * may not look like one.
 */
export const cutMasked = (text: string, length: number): string =>
  text.length <= length ? text : maskSecrets(text.slice(0, length + AHEAD_LENGTH)).slice(0, length);

const IS_OF_WORD = /[\w.~%[\]-]/;
const WORD_START = /[\w.~%[\]-]/g;
const PLAIN_BLANKS = /[ \t]*/y;
const TOKEN = /[!#-&(*+./0-:=?-Z[^-~-]*/y;
const ENCODED = /[+\w.~%[\]-]*/y;
const AUTHORITY = /[^/?#]*/y;
const PATH = /[^?#]*/y;
const ADDRESS = /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"'<>`\\]*/y;

function maskTextAt(text: string, depth: number): string {
  const plain = plainJson(text);
  const shown = maskPlain(plain, depth);
  return shown === plain ? text : shown;
}

function maskPlain(text: string, depth: number): string {
  const masked = new MaskedText(text);
  for (let at = 0; ; ) {
    const start = nextWord(text, at);
    // What stands before a value is looked at, too, as `<token password=… >value`.
    const behind = masked.goOnAt(start);
    at = behind ?? endOf(WORD, text, start);
    if (behind !== null) continue;
    if (start === text.length) return masked.end();
    const found = findSecret(text, start, at, masked.kept, depth);
    if (found) masked.add(found);
  }
}

/** Where the next word begins; the end of the text where there is none. */
function nextWord(text: string, at: number): number {
  WORD_START.lastIndex = at;
  return WORD_START.test(text) ? WORD_START.lastIndex - 1 : text.length;
}

/** What is to be put in place of which part, at the word that stands here. What stands before `kept` is done. */
function findSecret(text: string, start: number, end: number, kept: number, depth: number): Found | null {
  const word = text.slice(start, end);
  // Also `//user@host`.
  const isRelative = start >= kept + 2 && text.startsWith("//", start - 2);
  if (isRelative || text.startsWith("://", end)) return findAddress(text, isRelative ? start - 2 : start, end, depth);
  const token = tokenIn(word);
  if (token) {
    // With the brackets around it.
    const isBracket = (at: number) => word[at] === "[" || word[at] === "]";
    while (isBracket(token.start - 1)) token.start--;
    while (isBracket(token.end)) token.end++;
    return { start: start + token.start, end: start + token.end, mask: FIXED_MASK };
  }
  if (word.startsWith("-----BEGIN") && isPrivateKey(text, end)) {
    return { start, end: endOfKeyBlock(text, start) as number, mask: FIXED_MASK };
  }
  const value = namedValue(text, start, end, start);
  if (value) {
    const { quote } = value;
    const isQuoted = quote === "" && /["']/.test(text[value.start - 1] as string);
    const valueEnd = isQuoted ? value.end : endWithNames(text, value.start, value.end);
    return { start: value.start, end: valueEnd, mask: quote + FIXED_MASK + quote };
  }
  // A form writes `+` for a blank: what is encoded goes on behind it, for the first of its words.
  const encodedEnd = text[start - 1] === "+" ? end : endOf(ENCODED, text, end);
  const encoded = text.slice(start, encodedEnd);
  if (encoded.includes("%") && holdsSecret(encoded, depth)) return { start, end: encodedEnd, mask: FIXED_MASK };
  const credentials = behindScheme(text, word, end);
  return credentials && { ...credentials, mask: FIXED_MASK };
}

/** Where nothing is masked, the address is passed over all the same: what is in it was looked at. */
function findAddress(text: string, start: number, wordEnd: number, depth: number): Found {
  let end = endOf(ADDRESS, text, wordEnd);
  if (text[end - 1] === ":" && text[end] === '"') {
    // A name and its value stand here, not in the address.
    for (end--; end > wordEnd && IS_OF_WORD.test(text[end - 1] as string); ) end--;
  }
  return { start, end, mask: maskAddressAt(text.slice(start, end), depth) };
}

/** The value of the name that stands from `start` to `end`, if that is a secret's, and if it stands behind `least`. */
function namedValue(text: string, start: number, end: number, least: number): Value | null {
  const place = placeOf(text, start, end);
  if (!place || place.value < least) return null;
  const name = decoded(text.slice(start, end));
  const isParameter = (text[start - 1] === "?" || text[start - 1] === "&") && text[end] === "=";
  return isSecretName(name) || (isParameter && isSecretParameter(name)) ? valueAt(text, place, name) : null;
}

/**
 * Where a value ends with what belongs to names in it: an unclosed text before a name ends at the name's first quote, and its
 * last one says nothing any more, as in `token=@"{"password":"…"}`.
 */
function endWithNames(text: string, start: number, valueEnd: number): number {
  let [at, end] = [start, valueEnd];
  for (;;) {
    at = nextWord(text, Math.max(at, end - MAX_AHEAD));
    if (at >= end) return end;
    const wordEnd = endOf(WORD, text, at);
    const further = namedValue(text, at, wordEnd, end) ?? behindScheme(text, text.slice(at, wordEnd), wordEnd);
    end = Math.max(end, further?.end ?? 0);
    at = wordEnd;
  }
}

/** Whether this goes on with the first line of a private key. */
const isPrivateKey = (text: string, end: number): boolean => /^[\0-\t\v-\x7f]*PRIVATE KEY/.test(text.slice(end, end + 64));

/** What follows `Bearer` and `Basic`. */
function behindScheme(text: string, word: string, end: number): { start: number; end: number } | null {
  // Most words are neither; no expression goes back in them.
  if (!/bearer|basic/i.test(word) || !/^(?:bearer|basic)$/i.test(trimmed(word))) return null;
  const blank = endOf(PLAIN_BLANKS, text, end);
  const start = endOf(QUOTES, text, blank);
  const tokenEnd = endOf(TOKEN, text, start);
  return blank > end && tokenEnd - start >= MIN_TOKEN_LENGTH ? { start, end: tokenEnd } : null;
}

/** A word without the signs around it. */
function trimmed(word: string): string {
  const isSign = (at: number) => "[]~".includes(word[at] as string);
  let [start, end] = [0, word.length];
  while (start < end && isSign(start)) start++;
  while (end > start && isSign(end - 1)) end--;
  return word.slice(start, end);
}

/** As often as something is encoded, within bounds. */
function decoded(text: string): string {
  let plain = text;
  for (let turn = 0; turn < MAX_DEPTH && plain.includes("%"); turn++) plain = percentDecoded(plain);
  return plain;
}

/** Whether there is a secret in what this is the encoding of. */
function holdsSecret(encoded: string, depth: number): boolean {
  const text = percentDecoded(encoded);
  if (!/[=@:% <"]/.test(text) && !text.includes("eyJ")) return false;
  if (depth >= MAX_DEPTH) return /[=@:]/.test(text);
  return maskTextAt(text, depth + 1) !== text;
}

function maskAddressAt(url: string, depth: number): string {
  if (depth > MAX_DEPTH) return FIXED_MASK;
  const authority = beginOfAuthority(url);
  const first = endOf(AUTHORITY, url, authority);
  const path = authority > 0 ? endOfAuthority(url, authority, first) : first;
  const host = url.slice(authority, path).lastIndexOf("@");
  const query = endOf(PATH, url, path);
  return (
    url.slice(0, authority) +
    (host <= 0 ? url.slice(authority, path) : FIXED_MASK + url.slice(authority + host, path)) +
    maskSteps(url.slice(path, query), depth) +
    maskPairs(url.slice(query), depth)
  );
}

function beginOfAuthority(url: string): number {
  if (url.startsWith("//")) return 2;
  const scheme = url.indexOf("://");
  return scheme < 0 || /[?#]/.test(url.slice(0, scheme)) ? 0 : scheme + 3;
}

/** A password that is not encoded may hold what would end it: what stands behind the `:` is then no port. */
function endOfAuthority(url: string, authority: number, first: number): number {
  const host = url.slice(authority, first);
  const port = host.includes(":") ? host.slice(host.lastIndexOf(":") + 1) : "";
  if (/^\d*$/.test(port) || port.endsWith("]") || host.includes("@")) return first;
  const at = url.lastIndexOf("@");
  return at < first ? first : endOf(AUTHORITY, url, at);
}

/** The path: `name=value`, as in `;jsessionid=…`, and JSON web tokens, which show by themselves that they are secret. */
function maskSteps(path: string, depth: number): string {
  return path
    .split(/([/;])/)
    .map((step, index) => (index % 2 ? step : (maskPair(step, depth) ?? step)))
    .join("");
}

/** What stands behind the path: `name=value`, parted by `?`, `#`, `&` and `;`. */
function maskPairs(query: string, depth: number): string {
  const pieces = query.split(/([?#&;])/);
  let isMasked = false;
  for (let index = 0; index < pieces.length; index += 2) {
    const pair: string = pieces[index] as string;
    // A `;` may be part of the value before it.
    const goesOn: boolean = isMasked && pieces[index - 1] === ";" && pair !== "" && !pair.includes("=");
    const shown: string | null = goesOn ? FIXED_MASK : maskPair(pair, depth);
    isMasked = shown !== null;
    pieces[index] = shown ?? pair;
  }
  return pieces.join("");
}

/** Null: nothing is masked. */
function maskPair(pair: string, depth: number): string | null {
  const equals = pair.indexOf("=");
  if (equals >= 0) {
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
    return value !== "" && isSecretPair(name, value, depth) ? `${name}=${FIXED_MASK}` : null;
  }
  const token = tokenIn(pair);
  if (token) return pair.slice(0, token.start) + FIXED_MASK + pair.slice(token.end);
  return /[:%]/.test(pair) && holdsSecret(pair, depth) ? FIXED_MASK : null;
}

/** Also another address, as where to go on to behind a sign-in; JSON; a search for it. */
const isSecretPair = (name: string, value: string, depth: number): boolean =>
  isSecretParameter(decoded(name)) || tokenIn(value) !== null || holdsSecret(value, depth);
