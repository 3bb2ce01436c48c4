// The shape of @amplitude/session-replay-browser itself, under the name that it exports.
import type { SessionReplayReturn, SessionReplayTargetingInput } from "./model/browser-sdk.js";
import type { SessionReplayOptions } from "./options/options.js";

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
