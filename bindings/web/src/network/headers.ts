// Headers as they are reported: of bounded number and length, and only those that the lists allow.

import { MAX_HEADER_LENGTH, MAX_HEADERS } from "../model/shared";
import { cutMasked } from "../privacy/secrets";
import type { NetworkConfig } from "./config";

export type Header = [name: string, value: string];

/** undefined: there are none. */
export function allowedHeaders(
  headers: Header[],
  { allowedHeaders: allowed, excludedHeaders: excluded }: NetworkConfig,
): Record<string, string> | undefined {
  const names = (list: string[], name: string) => list.includes("*") || list.includes(name.toLowerCase());
  const isKept = ([name]: Header) => (allowed === null || names(allowed, name)) && !names(excluded, name);
  const kept = headers.filter(isKept).slice(0, MAX_HEADERS);
  if (kept.length === 0) return undefined;
  return Object.fromEntries(kept.map(([name, value]) => [name, cutMasked(value, MAX_HEADER_LENGTH)]));
}

/** What a script gives `fetch` as headers. Nothing that would show: an iterator, or a getter, is the page's own. */
export function givenHeaders(given: unknown): Header[] {
  if (given instanceof Headers) return headersOf(given);
  if (Array.isArray(given)) return given.slice(0, MAX_HEADERS).flatMap((pair) => (isPair(pair) ? [pair] : []));
  if (typeof given !== "object" || given === null || Symbol.iterator in given) return [];
  return Object.keys(given).flatMap((name): Header[] => {
    const value = dataProperty(given, name);
    return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
  });
}

export function headersOf(headers: Headers): Header[] {
  const found: Header[] = [];
  Headers.prototype.forEach.call(headers, (value, name) => void found.push([name, value]));
  return found;
}

/** `XMLHttpRequest.getAllResponseHeaders()`. */
export const parseHeaders = (text: string): Header[] =>
  text.split("\r\n").flatMap((line): Header[] => {
    const colon = line.indexOf(":");
    return colon > 0 ? [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]] : [];
  });

/** An own property of the page's object; a getter is not called. */
export const dataProperty = (holder: object, name: string): unknown =>
  Object.getOwnPropertyDescriptor(holder, name)?.value as unknown;

const isPair = (pair: unknown): pair is Header =>
  Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string");
