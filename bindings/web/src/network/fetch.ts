// Sees the page's calls of `fetch`. The page gets what the browser returns, one turn of promises later: an error that it
// does not handle must still be reported as unhandled, so its promise can't be ours as well.

import { MAX_METHOD_LENGTH } from "../model/shared";
import { wrapMethod } from "../page-world/wrap-method";
import { bytesToRead, captureSent, captureText, type CapturedBody } from "./body";
import type { BodyRules, NetworkConfig } from "./config";
import { reasonToSkip } from "./content-type";
import { allowedHeaders, dataProperty, givenHeaders, headersOf } from "./headers";
import { readBeginning } from "./read-body";
import { type Recording, safely, seenOf } from "./recording";
import { addressOf, errorOf, now, type RequestReport } from "./request";

const { then } = Promise.prototype;

/** false: the page has made it read-only. */
export function watchFetch(recording: Recording): boolean {
  return wrapMethod(window, "fetch", (proceed, _self, given) => {
    const seen = seenOf(() => seenCall(recording, given));
    // What the page put in place of `fetch` may throw: that is for the page.
    const promise = proceed();
    if (!seen || !isPlainPromise(promise)) return promise;
    return then.call(
      promise,
      (response) => {
        safely(() => onResponse(recording, seen, response));
        return response;
      },
      (error: unknown) => {
        safely(() => recording.report({ ...seen.request, duration: seen.elapsed(), error: errorOf(error) }));
        throw error;
      },
    );
  });
}

/** One with methods of its own, such as a cancellation, is left to the page as it is. */
const isPlainPromise = (value: unknown): value is Promise<unknown> =>
  value instanceof Promise && Object.getPrototypeOf(value) === Promise.prototype && Object.keys(value).length === 0;

interface SeenCall {
  request: RequestReport;
  config: NetworkConfig;
  elapsed: () => number;
}

function seenCall(recording: Recording, [input, init]: unknown[]): SeenCall | null {
  const asked = input instanceof Request ? input : null;
  const url = asked
    ? asked.url
    : typeof input === "string" || input instanceof URL || input instanceof Location
      ? String(input)
      : null;
  const config = url === null ? null : recording.begin(url);
  if (url === null || !config) return null;
  const of = (name: string) => (init instanceof Request ? undefined : given(init, name));
  const method = of("method") ?? (init instanceof Request ? init.method : asked?.method);
  const headers = of("headers") ?? (init instanceof Request ? init.headers : asked?.headers);
  const began = now();
  const request: RequestReport = {
    timestamp: Date.now(),
    type: "fetch",
    method: typeof method === "string" ? method.slice(0, MAX_METHOD_LENGTH).toUpperCase() : "GET",
    url: addressOf(url),
    requestHeaders: allowedHeaders(givenHeaders(headers), config),
    requestBody: captureSent(of("body"), config.request),
  };
  return { request, config, elapsed: () => Math.round(now() - began) };
}

const given = (init: unknown, name: string): unknown =>
  typeof init === "object" && init !== null ? dataProperty(init, name) : undefined;

function onResponse(recording: Recording, { request, config, elapsed }: SeenCall, response: unknown): void {
  const report = (body?: CapturedBody) =>
    recording.report({ ...request, responseBody: body?.value, responseBodyStatus: body?.status });
  request.duration = elapsed();
  // The page has put something else in its place.
  if (!(response instanceof Response)) return report();
  request.status = response.status;
  request.responseHeaders = allowedHeaders(headersOf(response.headers), config);
  if (!config.response || !recording.hasRoom()) return report();
  const skipped = reasonToSkip((name) => response.headers.get(name));
  if (skipped) return report({ status: skipped });
  void capture(response, config.response).then((body) => safely(() => report(body)));
}

async function capture(response: Response, rules: BodyRules): Promise<CapturedBody> {
  try {
    const { text, isWhole, isBinary } = await readBeginning(response, bytesToRead(rules));
    return isBinary ? { status: "skipped_binary" } : captureText(text, isWhole, rules);
  } catch {
    return { status: "error" };
  }
}
