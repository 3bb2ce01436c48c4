// The types that @amplitude/session-replay-browser exports by name, so that a host in TypeScript changes its import only.
import type { SessionReplayOptions } from "../options/options.js";

/** What the browser SDK's calls return: the work has begun; `promise` tells when it is done. */
export interface SessionReplayReturn {
  promise: Promise<void>;
}

/** Where the browser SDK keeps events. Taken, and without a meaning here: see the option `storageDir`. */
export type StoreType = "memory" | "idb";

/** What `evaluateTargetingAndCapture` is given. */
export interface SessionReplayTargetingInput {
  event?: object | undefined;
  userProperties?: { [key: string]: any } | undefined;
  page?: { url?: string | undefined } | undefined;
}

/** The browser SDK's calls, which this package has too. */
export interface AmplitudeSessionReplay {
  init: (apiKey: string, options: SessionReplayOptions) => SessionReplayReturn;
  setSessionId: (sessionId: string | number, deviceId?: string) => SessionReplayReturn;
  getSessionId: () => string | number | undefined;
  getSessionReplayProperties: () => { [key: string]: boolean | string | null };
  evaluateTargetingAndCapture: (
    targetingParams: SessionReplayTargetingInput,
    isInit?: boolean,
    forceRestart?: boolean,
    forceTargetingReevaluation?: boolean,
  ) => Promise<void>;
  flush: (useRetry: boolean) => Promise<void>;
  start: () => SessionReplayReturn;
  stop: () => void;
  shutdown: () => void;
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

/** Taken as an option, and not called. Answers with a Response, whose type needs one of the libraries that know it. */
export type SessionReplaySendEventsHandler = (request: SendEventsRequest) => Promise<any>;
/** As {@link SessionReplaySendEventsHandler}. */
export type SessionReplayFetchConfigHandler = (request: FetchConfigRequest) => Promise<any>;
