// The session and the device of an event: its own, or those that a getter gives in its place.
import { parseDeviceId, parseSessionId } from "../integration/analytics-ids.js";
import type { DeviceId, NumericSessionId } from "../model/ids.js";
import type { SegmentMode } from "../model/shared/choices.js";
import { actionsSessionId, deviceIdOf, type SegmentEvent } from "./event.js";
import type { IntegrationOptions } from "./mode.js";
import type { Warnings } from "./warn.js";

/** What an event says about itself. */
export interface EventIds {
  deviceId?: DeviceId | undefined;
  sessionId?: NumericSessionId | undefined;
}

/** Where reading an id fails, there is none. */
export function idsOf(event: SegmentEvent, mode: SegmentMode, options: IntegrationOptions, warnings: Warnings): EventIds {
  return {
    deviceId: warnings.attempt(() => deviceIdFor(event, mode, options, warnings)),
    sessionId: warnings.attempt(() => sessionIdFor(event, mode, options, warnings)),
  };
}

function sessionIdFor(
  event: SegmentEvent,
  mode: SegmentMode,
  { getSessionId }: IntegrationOptions,
  warnings: Warnings,
): NumericSessionId | undefined {
  if (mode === "classic-cloud") return undefined;
  const value = mode === "actions" ? actionsSessionId(event) : valueOf(getSessionId);
  const sessionId = parseSessionId(value);
  if (sessionId === null) warnings.once("a session id is ignored, since it is not milliseconds since 1970", value);
  return sessionId ?? undefined;
}

function deviceIdFor(
  event: SegmentEvent,
  mode: SegmentMode,
  { deviceId: fixed, getDeviceId }: IntegrationOptions,
  warnings: Warnings,
): DeviceId | undefined {
  if (fixed) return fixed as DeviceId;
  const value = mode === "classic-device" && getDeviceId ? valueOf(getDeviceId) : deviceIdOf(event);
  const deviceId = parseDeviceId(value);
  if (deviceId === null) warnings.once("an event's device id can't be used: give one of your own", value);
  return deviceId ?? undefined;
}

/** What a getter returns. A promise is no id, and its rejection is nobody's: it must not end the process. */
function valueOf(getter: (() => unknown) | undefined): unknown {
  const value = getter?.();
  if (value instanceof Promise) value.catch(() => {});
  return value;
}
