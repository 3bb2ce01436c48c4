// Types that @amplitude/session-replay-browser exports by name, so that a host in TypeScript changes its import only.

/** What the browser SDK's calls return: the work has begun; `promise` settles when it is done. */
export interface SessionReplayReturn {
  promise: Promise<void>;
}

/** Where the browser SDK keeps events. It is accepted and ignored here: see the option `storageDir`. */
export type StoreType = "memory" | "idb";

/** What `evaluateTargetingAndCapture` is given. */
export interface SessionReplayTargetingInput {
  event?: object | undefined;
  userProperties?: { [key: string]: any } | undefined;
  page?: { url?: string | undefined } | undefined;
}

/** What `handleSendEvents` is called with. Send exactly these headers, and `body` as it is. */
export interface SendEventsRequest {
  url: string;
  method: "POST";
  headers: Record<string, string>;
  /** Bytes where it is gzipped, as the headers say then; else the text. */
  body: string | Uint8Array;
  /** The request may be larger than a page that closes could send where this is false. Node.js has no use for it. */
  keepalive: boolean;
  /** An AbortSignal: there is no more time. The browser SDK has none; this one is not enumerable, so that a copy is as there. */
  signal?: any;
}

/** What `handleFetchConfig` is called with. `signal` is an AbortSignal: there is no more time. */
export interface FetchConfigRequest {
  url: string;
  method: "GET";
  headers: Record<string, string>;
  signal?: any;
}

/** Makes a request, and returns its Response, whose type is only in some of TypeScript's libraries; or what has its `status`. */
export type SessionReplaySendEventsHandler = (request: SendEventsRequest) => Promise<any>;
/** As {@link SessionReplaySendEventsHandler}. */
export type SessionReplayFetchConfigHandler = (request: FetchConfigRequest) => Promise<any>;
