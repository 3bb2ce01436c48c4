// Amplitude Classic, device-mode: session replay starts when the Amplitude library beside Segment has.
import type { SessionReplayOptions } from "../options/options.js";
import { warn, type SessionReplayApi } from "./api.js";
import { Decision } from "./decision.js";
import { readDeviceId, readSessionId } from "./event.js";

/** An instance of amplitude-js, `window.amplitude.getInstance()`, as far as it is used. */
export interface AmplitudeClassic {
  onInit(callback: () => void): void;
  getSessionId(): unknown;
  /** Not there in what stands for it until it is loaded. */
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
    const session = readSessionId(amplitude.getSessionId());
    await api.init(apiKey, {
      ...options,
      sessionId: options.sessionId ?? (Number.isNaN(session) ? undefined : session),
    }).promise;
    // Not as an option: what is given there is the host's, and no later device of amplitude-js would change it.
    const deviceId = readDeviceId(amplitude.options?.deviceId);
    if (options.deviceId || !deviceId) return;
    const decision = new Decision(api);
    decision.begins();
    await api.followAnalytics({ deviceId }).promise;
    await decision.isMade();
  };
  const promise = new Promise<void>((resolve) => amplitude.onInit(() => resolve(start())));
  // Whoever does not wait for it hears of a failure, and not by an unhandled rejection.
  promise.catch((error: unknown) => warn(options.loggerProvider, "nothing is recorded:", error));
  return { promise };
}
