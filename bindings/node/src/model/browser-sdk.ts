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

/** What `handleSendEvents` would be called with. */
export interface SendEventsRequest {
  url: string;
  method: "POST";
  headers: Record<string, string>;
  body: string | Uint8Array;
  keepalive: boolean;
}

/** What `handleFetchConfig` would be called with. `signal` is an AbortSignal. */
export interface FetchConfigRequest {
  url: string;
  method: "GET";
  headers: Record<string, string>;
  signal?: any;
}

/** Accepted as an option, and not called. It returns a Response, whose type is only in some of TypeScript's libraries. */
export type SessionReplaySendEventsHandler = (request: SendEventsRequest) => Promise<any>;
/** As {@link SessionReplaySendEventsHandler}. */
export type SessionReplayFetchConfigHandler = (request: FetchConfigRequest) => Promise<any>;
