// What the integrations need of the package's public API: the same in Node.js and in an Electron renderer.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import type { SessionReplayOptions } from "../options/options.js";
import type { Stats } from "../model/shared/stats.js";

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
  evaluateTargetingAndCapture?(targeting: { userProperties?: { [key: string]: any } }): Promise<void>;
}

/** Hears of what was ignored. `console` unless another is given. */
export interface WarnLogger {
  warn(...message: unknown[]): void;
}

/** A logger that fails costs nobody an event. */
export function warn(logger: WarnLogger | undefined, what: string, detail: unknown): void {
  try {
    (logger ?? console).warn(`Session Replay with Segment: ${what}`, shown(detail));
  } catch {
    // There is nobody else to tell.
  }
}

const MOST_SHOWN = 200;

/** What somebody else wrote may be of any length. */
const shown = (detail: unknown): unknown =>
  typeof detail === "string" && detail.length > MOST_SHOWN ? `${detail.slice(0, MOST_SHOWN)}…` : detail;
