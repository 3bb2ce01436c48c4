// The requests of the library that the host makes: what its handlers are called with, and what they may be.
import type { SessionReplayFetchConfigHandler, SessionReplaySendEventsHandler } from "./browser-sdk.js";

/** A handler with this member is not given a request before that returns true. */
export const IS_READY = Symbol.for("session-replay-native.is-ready");

interface MayBeUnready {
  [IS_READY]?: () => boolean;
}

/** The host's handlers. Requests that have none are made by the library. */
export interface Handlers {
  readonly events: (SessionReplaySendEventsHandler & MayBeUnready) | undefined;
  readonly config: (SessionReplayFetchConfigHandler & MayBeUnready) | undefined;
}

export type RequestKind = keyof Handlers;

/** The option of the library that has these requests wait; `undefined` for none. */
export function hostRequestsOf({ events, config }: Handlers): RequestKind | "all" | undefined {
  if (events && config) return "all";
  return events ? "events" : config ? "config" : undefined;
}

/** Whether the handlers can be called now. */
export const areReady = ({ events, config }: Handlers): boolean =>
  [events, config].every((handler) => handler?.[IS_READY]?.() ?? true);

/** A request as the library gives it. */
export interface TakenRequest {
  readonly id: number;
  readonly kind: RequestKind;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly bodyLength: number;
  readonly timeoutMs: number;
}

/** As in the browser SDK: up to this size a request may outlive its page. */
const MAX_KEEPALIVE_BYTES = 64 * 1024;

/** Calls the handler with what the browser SDK calls it with. */
export function callHandler(handlers: Handlers, request: TakenRequest, body: Uint8Array, signal: AbortSignal): unknown {
  const { kind, url, headers } = request;
  if (kind === "config") return handlers.config?.({ url, method: "GET", headers, signal });
  const isGzipped = headers["Content-Encoding"] === "gzip";
  const events = {
    url,
    method: "POST" as const,
    headers,
    body: isGzipped ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"),
    keepalive: body.byteLength <= MAX_KEEPALIVE_BYTES,
  };
  // The browser SDK gives none. Who posts the request to a worker, as with that, posts all that is enumerable.
  Object.defineProperty(events, "signal", { value: signal });
  return handlers.events?.(events);
}
