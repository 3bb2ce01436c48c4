// What the integrations need of the package's public API: the same in Node.js and in an Electron renderer.
import type { SessionReplayOptions } from "../options.js";

/** The calls of `session-replay-native` that the integrations make. */
export interface SessionReplayApi {
  init(apiKey: string, options?: SessionReplayOptions): { promise: Promise<void> };
  setSessionId(sessionId: number | string, deviceId?: string): { promise: Promise<void> };
  setDeviceId(deviceId: string): { promise: Promise<void> } | void;
  getSessionId(): number | string | undefined;
  getSessionReplayId(): string | undefined;
  getSessionReplayProperties(): { [key: string]: unknown };
  evaluateTargetingAndCapture?(targeting: { userProperties?: { [key: string]: any } }): Promise<void>;
}

/** Hears of what was ignored. `console` unless another is given. */
export interface WarnLogger {
  warn(...message: unknown[]): void;
}
