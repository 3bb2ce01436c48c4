// A request as it is reported: the browser SDK's event.

import { AHEAD_LENGTH, MAX_ERROR_LENGTH, MAX_URL_LENGTH } from "../model/shared";
import { cutMasked, FIXED_MASK } from "../privacy/secrets";
import type { BodyStatus } from "./body";

export const REQUEST_TYPES = ["fetch", "xhr", "beacon"] as const;

export interface RequestReport {
  /** When it was sent, in milliseconds since 1970. */
  timestamp: number;
  type: (typeof REQUEST_TYPES)[number];
  method: string;
  url: string;
  requestHeaders?: Record<string, string>;
  requestBody?: string;
  status?: number;
  /** Milliseconds until the headers of the response were there. */
  duration?: number;
  responseHeaders?: Record<string, string>;
  responseBody?: string;
  responseBodyStatus?: BodyStatus;
  error?: { name: string; message: string };
}

/** What the probe reports: a request, or how many of them were left out. */
export type NetworkReport = RequestReport | { leftOut: number };

export const now = performance.now.bind(performance);

/**
 * The whole address, of bounded length, but longer than it is kept: so that rules are true of it, and a secret where it is cut is
 * still known for one. Of one that holds its content only what it is.
 */
export function addressOf(url: string): string {
  const start = url.trimStart().slice(0, 100).toLowerCase();
  if (start.startsWith("data:")) return `${start.split(/[,;]/, 1)[0] ?? ""},${FIXED_MASK}`;
  return absolute(url).slice(0, MAX_URL_LENGTH + AHEAD_LENGTH);
}

/** Cut to what is kept of an address. */
export const shortened = (url: string): string =>
  url.length > MAX_URL_LENGTH ? `${url.slice(0, MAX_URL_LENGTH)}…` : url;

function absolute(url: string): string {
  try {
    return new URL(url, document.baseURI).href;
  } catch {
    return url;
  }
}

/** As the browser SDK tells what a script was rejected with. */
export function errorOf(reason: unknown): { name: string; message: string } {
  const isError = reason instanceof Error || reason instanceof DOMException;
  const name = isError && typeof reason.name === "string" ? reason.name : "UnknownError";
  const message = isError ? String(reason.message) : typeof reason === "string" ? reason : "";
  return { name, message: cutMasked(message, MAX_ERROR_LENGTH) || "An unknown error occurred" };
}
