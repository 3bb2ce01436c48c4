// How Amplitude is connected in Segment, and so where the ids come from.
import { SEGMENT_MODES, type SegmentMode } from "../model/shared/choices.js";
import type { WarnLogger } from "./warn.js";

/** The mode, and what it needs. */
export interface IntegrationOptions {
  /** "actions" unless given. */
  mode?: SegmentMode | undefined;
  /** With "classic-device": returns the session id of the Amplitude library beside Segment. Called at each event. */
  getSessionId?: (() => unknown) | undefined;
  /** With "classic-device": returns its device id, in place of the event's own. Called at each event. */
  getDeviceId?: (() => unknown) | undefined;
  /** The device id that the host gave session replay: then those of events and getters do not count. */
  deviceId?: string | undefined;
  /** Receives warnings of what was ignored; `console` unless given. */
  loggerProvider?: WarnLogger | null | undefined;
}

/** The mode. Throws for one that does not exist, or lacks what it needs. */
export function modeOf({ mode: given, getSessionId }: IntegrationOptions): SegmentMode {
  const mode = given ?? "actions";
  if (!SEGMENT_MODES.includes(mode)) {
    throw new TypeError(`mode must be one of ${SEGMENT_MODES.join(", ")}, but is ${String(mode)}`);
  }
  if (mode === "classic-device" && typeof getSessionId !== "function") {
    throw new TypeError('mode "classic-device" needs getSessionId: () => amplitude.getInstance().getSessionId()');
  }
  return mode;
}
