// Amplitude Classic, device-mode: session replay starts when the Amplitude library beside Segment has.
import type { SessionReplayOptions } from "../options.js";
import type { SessionReplayApi } from "./api.js";
import { readSessionId } from "./event.js";

/** An instance of amplitude-js, `window.amplitude.getInstance()`, as far as it is used. */
export interface AmplitudeClassic {
  onInit(callback: () => void): void;
  getSessionId(): unknown;
  options: { deviceId?: string | null | undefined };
}

/** Starts session replay in amplitude-js's session and on its device, once it has them. */
export function initAfter(
  api: SessionReplayApi,
  amplitude: AmplitudeClassic,
  apiKey: string,
  options: SessionReplayOptions,
): { promise: Promise<void> } {
  const promise = new Promise<void>((resolve, reject) => {
    amplitude.onInit(() => {
      const session = readSessionId(amplitude.getSessionId());
      api
        .init(apiKey, {
          deviceId: amplitude.options.deviceId ?? undefined,
          sessionId: Number.isNaN(session) ? undefined : session,
          ...options,
        })
        .promise.then(resolve, reject);
    });
  });
  return { promise };
}
