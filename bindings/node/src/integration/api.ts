// What the integrations use of the package's public API. It is the same in Node.js and in an Electron renderer.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import type { SessionReplayTargetingInput } from "../model/browser-sdk.js";
import { isNone, sessionIdOf, type ReplayId } from "../model/ids.js";
import type { Stats } from "../model/stats.js";
import type { SessionReplayOptions } from "../options/options.js";

/** The calls of `session-replay-native` that the integrations make. */
export interface SessionReplayApi {
  init(apiKey: string, options?: SessionReplayOptions): { promise: Promise<void> };
  setSessionId(sessionId: number | string, deviceId?: string): { promise: Promise<void> };
  setDeviceId(deviceId: string): { promise: Promise<void> } | void;
  followAnalytics(told: ToldByAnalytics): { promise: Promise<Followed> };
  getSessionId(): number | string | undefined;
  getSessionReplayId(): string | undefined;
  getSessionReplayProperties(): { [key: string]: unknown };
  stats(): Stats | undefined;
  evaluateTargetingAndCapture?(targeting: SessionReplayTargetingInput): Promise<void>;
}

/** Whether an event that says this about itself is of the current session and device: no other may decide whether that is captured. */
export function isOfCurrentReplay(api: SessionReplayApi, { deviceId, sessionId }: ToldByAnalytics): boolean {
  const current = api.getSessionReplayId();
  if (current === undefined) return false;
  const session = sessionIdOf(current as ReplayId);
  const isOfSession = isNone(sessionId) || String(sessionId) === session;
  return isOfSession && (isNone(deviceId) || current === `${deviceId}/${session}`);
}

/** The properties of the current replay; its integrations read texts only. */
export const currentProperties = (api: SessionReplayApi): Followed["properties"] =>
  api.getSessionReplayProperties() as Followed["properties"];
