// A host's request as the values of C's struct.
import { isUint8Array } from "node:util/types";
import { toOwnBytes } from "../model/bytes.js";
import { isObject } from "../model/values.js";
import { Given, toTimestamp } from "./given.js";
import { placesOf, REQUEST, type RequestValues } from "./view-layout.js";

const REQUEST_BYTES = placesOf(REQUEST).bytes;
const MAX_STATUS = 999;

const MEMBERS = new Set([
  ...["url", "method", "status", "startedMs", "durationMs", "requestHeaders", "responseHeaders"],
  ...["requestBody", "responseBody", "error"],
]);

export function requestOf(request: unknown): RequestValues {
  const given = new Given("recordRequest: ", request, "a request", MEMBERS);
  const url = given.value("url");
  const values = {
    size: REQUEST_BYTES,
    status: given.within("status", 0, MAX_STATUS),
    method: given.text("method"),
    url: hrefOf(url) ?? given.text("url"),
    started_ms: toTimestamp('recordRequest: "startedMs"', given.value("startedMs")),
    duration_ms: durationOf(given),
    request_headers: headersOf(given, "requestHeaders"),
    response_headers: headersOf(given, "responseHeaders"),
    error: errorOf(given),
  };
  // Last: a getter of the host's could take the memory away.
  const [sent, received] = [bodyOf(given, "requestBody"), bodyOf(given, "responseBody")];
  return {
    ...values,
    request_body: withAddress(sent),
    request_body_length: sent?.byteLength ?? 0,
    response_body: withAddress(received),
    response_body_length: received?.byteLength ?? 0,
  };
}

/** Of a `URL`, also one of another realm, or a `Location`. */
const hrefOf = (url: unknown): string | undefined => (isObject(url) && typeof url.href === "string" ? url.href : undefined);

function durationOf(given: Given): number {
  return given.value("durationMs") == null ? 0 : Math.trunc(Math.min(Math.max(given.finite("durationMs"), 0), Number.MAX_SAFE_INTEGER));
}

function errorOf(given: Given): string | null {
  const error = given.value("error");
  return error instanceof Error ? withoutNul(String(error.message)) : given.text("error");
}

function bodyOf(given: Given, name: string): Uint8Array | null {
  const body = given.value(name);
  if (body == null) return null;
  if (typeof body === "string") return Buffer.from(body);
  return isUint8Array(body) ? toOwnBytes(body) : given.refuse(name, "a text, a Buffer or a Uint8Array");
}

/** Of an empty array a backend makes NULL, and that means: not known. */
const withAddress = (body: Uint8Array | null) => (body?.byteLength === 0 ? new Uint8Array(1) : body);

function headersOf(given: Given, name: string): string | null {
  const headers = given.value(name);
  if (headers == null || typeof headers === "string") return given.text(name);
  if (typeof headers !== "object") return given.refuse(name, "an object, a Headers, a list of pairs or a text");
  const isList = Symbol.iterator in headers;
  const pairs = isList ? Array.from(headers as Iterable<unknown>) : Object.entries(headers);
  let lines = "";
  for (const pair of pairs) {
    if (!Array.isArray(pair)) return given.refuse(name, "an object, a Headers, a list of pairs or a text");
    try {
      for (const value of [pair[1]].flat()) if (value != null) lines += `${oneLine(pair[0])}: ${oneLine(value)}\n`;
    } catch {
      // A value without toString, or with one that throws.
      return given.refuse(name, "names and values that can be written as texts");
    }
  }
  return lines;
}

/** A line feed would begin another header. */
const oneLine = (text: unknown): string => withoutNul(String(text)).replace(/[\r\n]+/g, " ");
const withoutNul = (text: string): string => text.replaceAll("\0", "\ufffd");
