// Sees the page's XMLHttpRequests, synchronous ones too. Nothing listens to their `upload`: that would change how the browser
// asks servers of other origins.

import { MAX_METHOD_LENGTH } from "../model/shared";
import { wrapMethod } from "../page-world/wrap-method";
import { toJson } from "../send/json";
import { bytesToRead, captureSent, captureText, type CapturedBody } from "./body";
import type { BodyRules, NetworkConfig } from "./config";
import { reasonToSkip } from "./content-type";
import { allowedHeaders, type Header, parseHeaders } from "./headers";
import { decode } from "./read-body";
import { type Recording, safely, seenOf } from "./recording";
import { addressOf, errorOf, now, type RequestReport } from "./request";

const { addEventListener, removeEventListener } = EventTarget.prototype;
const ENDS = ["load", "error", "abort", "timeout"];
const ERRORS: Record<string, { name: string; message: string }> = {
  error: { name: "NetworkError", message: "the request failed" },
  abort: { name: "AbortError", message: "the request was aborted" },
  timeout: { name: "TimeoutError", message: "the request took longer than its timeout" },
};

/** What `open` and `setRequestHeader` said of a request that is not sent yet. */
interface Opened {
  method: string;
  url: string;
  headers: Header[];
}

/** false: the page has made it read-only. */
export function watchXhr(recording: Recording): boolean {
  const { prototype } = XMLHttpRequest;
  const opened = new WeakMap<object, Opened>();
  const isOpenSeen = wrapMethod(prototype, "open", (proceed, xhr, [method, url]) => {
    const result = proceed();
    const isText = typeof url === "string" || url instanceof URL;
    if (isXhr(xhr))
      opened.set(xhr, {
        method: typeof method === "string" ? method : "GET",
        url: isText ? String(url) : "",
        headers: [],
      });
    return result;
  });
  const areHeadersSeen = wrapMethod(prototype, "setRequestHeader", (proceed, xhr, [name, value]) => {
    const result = proceed();
    if (typeof name === "string" && isXhr(xhr)) safely(() => opened.get(xhr)?.headers.push([name, String(value)]));
    return result;
  });
  const isSendSeen = wrapMethod(prototype, "send", (proceed, xhr, [body]) => {
    const open = isXhr(xhr) ? opened.get(xhr) : undefined;
    const fail =
      open &&
      seenOf(() =>
        watchRequest(recording, xhr as XMLHttpRequest, open, body, () => opened.get(xhr as object) === open),
      );
    try {
      return proceed();
    } catch (error) {
      // A synchronous request that fails throws, and fires no event.
      if (fail) safely(() => fail(error));
      throw error;
    }
  });
  return isOpenSeen && areHeadersSeen && isSendSeen;
}

const isXhr = (self: unknown): self is XMLHttpRequest => self instanceof XMLHttpRequest;

/** Returns what reports that it failed at once; null: it is not recorded. `isCurrent`: whether it was not opened again. */
function watchRequest(
  recording: Recording,
  xhr: XMLHttpRequest,
  { method, url, headers }: Opened,
  body: unknown,
  isCurrent: () => boolean,
): ((error: unknown) => void) | null {
  const config = recording.begin(url);
  if (!config) return null;
  const began = now();
  const request: RequestReport = {
    timestamp: Date.now(),
    type: "xhr",
    method: method.slice(0, MAX_METHOD_LENGTH).toUpperCase(),
    url: addressOf(url),
    requestHeaders: allowedHeaders(headers, config),
    requestBody: captureSent(body, config.request),
  };
  let isReported = false;
  const report = (more: Partial<RequestReport>) => {
    if (isReported) return;
    isReported = true;
    recording.report({ ...request, duration: Math.round(now() - began), ...more });
  };
  const onEnd = (event: Event) => {
    const { type, loaded } = event as ProgressEvent;
    for (const end of ENDS) removeEventListener.call(xhr, end, onEnd);
    safely(() =>
      report(type === "load" && isCurrent() ? responseOf(xhr, config, loaded, recording) : { error: ERRORS[type] }),
    );
  };
  for (const end of ENDS) addEventListener.call(xhr, end, onEnd);
  return (error) => report({ error: errorOf(error) });
}

function responseOf(
  xhr: XMLHttpRequest,
  config: NetworkConfig,
  loaded: number,
  recording: Recording,
): Partial<RequestReport> {
  const headers = parseHeaders(xhr.getAllResponseHeaders());
  const seen = { status: xhr.status, responseHeaders: allowedHeaders(headers, config) };
  if (!config.response || !recording.hasRoom()) return seen;
  const body = bodyOf(xhr, config.response, headers, loaded);
  return { ...seen, responseBody: body.value, responseBodyStatus: body.status };
}

/** `loaded`: how many bytes have come. */
function bodyOf(xhr: XMLHttpRequest, rules: BodyRules, headers: Header[], loaded: number): CapturedBody {
  const length: Header = ["content-length", String(loaded)];
  const skipped = reasonToSkip((wanted) => [length, ...headers].find(([name]) => name === wanted)?.[1]);
  if (skipped && skipped !== "skipped_stream") return { status: skipped };
  const limit = bytesToRead(rules);
  switch (xhr.responseType) {
    case "":
    case "text": {
      const text = xhr.responseText;
      return captureText(text.slice(0, limit), text.length <= limit, rules);
    }
    case "json": {
      // The page gets the very same object.
      const text = xhr.response === null ? "" : toJson(xhr.response);
      return captureText(text.slice(0, limit), text.length <= limit, rules);
    }
    case "arraybuffer": {
      const bytes = new Uint8Array((xhr.response as ArrayBuffer | null) ?? []);
      const { text, isBinary } = decode([bytes], limit, bytes.length <= limit);
      return isBinary ? { status: "skipped_binary" } : captureText(text, bytes.length <= limit, rules);
    }
    default:
      return { status: "skipped_binary" };
  }
}
