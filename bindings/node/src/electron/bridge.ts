// What the preload script gives to the page as `window.sessionReplay`.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import type { SessionReplayTargetingInput } from "../model/browser-sdk.js";
import type { RecordStatus, WaitStatus } from "../model/results.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";
import type { Stats } from "../model/stats.js";
import type { SessionReplayOptions } from "../options/options.js";
import type { Call, Outcome } from "./messages.js";

export interface BridgeEvents {
  "needs-full-snapshot": () => void;
  session: (sessionId: number | string) => void;
}

export interface Returned {
  promise: Promise<void>;
}

/** The package's API, as far as a page can have it. Values cross by copy, so errors arrive without their `status`. */
export interface Bridge {
  init(apiKey: string, options?: SessionReplayOptions): Returned;
  setSessionId(sessionId: number | string, deviceId?: string | null): Returned;
  setDeviceId(deviceId: string): Returned;
  followAnalytics(told: ToldByAnalytics): { promise: Promise<Followed> };
  setOptOut(optOut: boolean): void;
  getSessionId(): number | string | undefined;
  getSessionReplayId(): string | undefined;
  getSessionReplayProperties(): { [key: string]: string };
  getPrivacyConfig(): PrivacyConfig;
  /** As of the newest state that the main process has sent. */
  stats(): Stats | undefined;
  /** Adds an event to this document's recording. */
  record(event: object | string): RecordStatus;
  recordLines(lines: string): number;
  flush(timeoutMs?: number | boolean): Promise<WaitStatus>;
  /** Stops recording in this document, until `start`. */
  stop(): void;
  start(): Returned;
  /** In a page, `stop` and `flush`: the app goes on. */
  shutdown(timeoutMs?: number): Promise<WaitStatus>;
  /** Never rejected. `page` is this page unless given. */
  evaluateTargetingAndCapture(
    targetingParams: SessionReplayTargetingInput,
    isInit?: boolean,
    forceRestart?: boolean,
    forceTargetingReevaluation?: boolean,
  ): Promise<void>;
  /** Returns a function that removes the listener: functions do not keep their identity between the worlds. */
  on<Name extends keyof BridgeEvents>(name: Name, listener: BridgeEvents[Name]): () => void;
  /** A call, with the main process's reply as it is: an error keeps its `status`. */
  request(name: Call, ...given: unknown[]): Promise<Outcome>;
}
