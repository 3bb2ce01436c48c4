// Amplitude Classic, device-mode: session replay starts when the Amplitude library beside Segment has.
import type { SessionReplayOptions } from "../options/options.js";
import { parseDeviceId, parseSessionId } from "../integration/analytics-ids.js";
import type { SessionReplayApi } from "../integration/api.js";
import { CaptureDecision } from "../integration/capture-decision.js";
import { warn } from "./warn.js";

/** An instance of amplitude-js, `window.amplitude.getInstance()`, as far as it is used. */
export interface AmplitudeClassic {
  onInit(callback: () => void): void;
  getSessionId(): unknown;
  /** Missing in the stub that stands in until amplitude-js is loaded. */
  options?: { deviceId?: string | null | undefined } | undefined;
}

/** Starts session replay in amplitude-js's session and on its device, once it has them. */
export function initAfter(
  api: SessionReplayApi,
  amplitude: AmplitudeClassic,
  apiKey: string,
  options: SessionReplayOptions,
): { promise: Promise<void> } {
  const start = async (): Promise<void> => {
    const sessionId = parseSessionId(amplitude.getSessionId()) ?? undefined;
    await api.init(apiKey, { ...options, sessionId: options.sessionId ?? sessionId }).promise;
    // Not as an option: an option is the host's choice, which no later device of amplitude-js would change.
    const deviceId = parseDeviceId(amplitude.options?.deviceId);
    if (options.deviceId || !deviceId) return;
    const decision = new CaptureDecision(api);
    decision.start();
    await api.followAnalytics({ deviceId }).promise;
    await decision.settled();
  };
  const promise = new Promise<void>((resolve) => amplitude.onInit(() => resolve(start())));
  // A failure that nobody awaits is logged, and is no unhandled rejection.
  promise.catch((error: unknown) => warn(options.loggerProvider, "nothing is recorded:", error));
  return { promise };
}
