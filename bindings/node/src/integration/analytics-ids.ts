// Ids as analytics libraries write them: `undefined` for what says that there is none, `null` for what can't be an id.
import type { DeviceId, NumericSessionId } from "../model/ids.js";
import { isNumericSessionId } from "../model/ids.js";
import { ID_PATTERN } from "../model/shared/ids.js";

/** A number as JSON writes it, with JSON's white space around it. */
const JSON_NUMBER = /^[ \t\n\r]*-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?[ \t\n\r]*$/;

/**
 * A session id: milliseconds since 1970, as a number or a text. null, 0, and -1, which Amplitude's libraries write, say
 * that there is none.
 *
 * A text counts as the number that JSON would take it for. The library has the same rule (src/segment/session_id.rs), and
 * tests/fixtures/segment/session-ids.json proves it of both.
 */
export function parseSessionId(value: unknown): NumericSessionId | undefined | null {
  if (value === undefined || value === null) return undefined;
  const isNumber = typeof value === "number" || (typeof value === "string" && JSON_NUMBER.test(value));
  const id = isNumber ? Number(value) : NaN;
  if (id === 0 || id === -1) return undefined;
  return isNumericSessionId(id) ? id : null;
}

/** A device id that the library accepts. */
export function parseDeviceId(value: unknown): DeviceId | undefined | null {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" && ID_PATTERN.test(value) ? (value as DeviceId) : null;
}
