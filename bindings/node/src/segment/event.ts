// An event of Segment, as far as it concerns a replay: what it tells, and what it is given.

/** What every event of Segment's libraries has, whichever library it is. */
export interface SegmentEvent {
  type?: string | undefined;
  anonymousId?: unknown;
  context?: unknown;
  integrations?: unknown;
  properties?: unknown;
  traits?: unknown;
}

/** The property that leads from an event to its replay. */
export const REPLAY_ID = "[Amplitude] Session Replay ID";
export const ACTIONS = "Actions Amplitude";
const CLASSIC = "Amplitude";

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const member = (object: unknown, name: string): unknown => (isObject(object) ? object[name] : undefined);

/** `integrations["Actions Amplitude"].session_id`, whatever it is. */
export const toldSessionId = (event: SegmentEvent): unknown => member(member(event.integrations, ACTIONS), "session_id");

/** `integrations.Amplitude.session_id`, whatever it is. */
export const ownSessionId = (event: SegmentEvent): unknown => member(member(event.integrations, CLASSIC), "session_id");

/** Whether the event is not to go to Amplitude (Actions), so that no session id will be written into it. */
export function isSwitchedOff(event: SegmentEvent): boolean {
  const actions = member(event.integrations, ACTIONS);
  return actions === false || (actions === undefined && member(event.integrations, "All") === false);
}

/** A number as JSON writes it, with JSON's white space around it. */
const JSON_NUMBER = /^[ \t\n\r]*-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?[ \t\n\r]*$/;

/**
 * A session id: milliseconds since 1970, as a number or a text. `undefined` for what says that there is none: null, 0,
 * and -1, which Amplitude's libraries write. `NaN` for what can't be meant.
 *
 * A text counts as the number that JSON would take it for. The library has the same rule (src/segment/session_id.rs), and
 * tests/fixtures/segment/session-ids.json proves it of both.
 */
export function readSessionId(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const isText = typeof value === "string" && JSON_NUMBER.test(value);
  const id = isText || typeof value === "number" ? Number(value) : NaN;
  if (id === 0 || id === -1) return undefined;
  return Number.isSafeInteger(id) && id > 0 ? id : NaN;
}

/** What a device id may be; the library refuses others. */
const DEVICE_ID = /^[\w.|@:=-]{1,512}$/;

/** A device id; `undefined` for what says that there is none, `null` for what can be none. */
export function readDeviceId(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" && DEVICE_ID.test(value) ? value : null;
}

/**
 * What Segment sends as Amplitude's device id, by its default mapping: `context.device.id` where there is one, else
 * `anonymousId`.
 */
export function deviceOf(event: SegmentEvent): unknown {
  const id = member(member(event.context, "device"), "id") ?? null;
  // An empty one is there, and is nobody's.
  return id === null ? event.anonymousId : id === "" ? undefined : id;
}

/** Adds the replay's properties to an event that has properties; one of the same name that it has wins. */
export function addProperties(event: SegmentEvent, replay: { [key: string]: unknown }): boolean {
  if (event.type !== "track" && event.type !== "page" && event.type !== "screen") return false;
  const properties = asSent(event.properties);
  if (Object.keys(replay).length === 0 || !(isObject(properties) || properties === undefined || properties === null)) {
    return false;
  }
  event.properties = { ...properties, ...without(replay, properties ?? {}) };
  return true;
}

/** Takes these properties away again, as far as the event still has them. */
export function removeProperties(event: SegmentEvent, replay: { [key: string]: unknown }): void {
  const { properties } = event;
  if (!isObject(properties)) return;
  event.properties = Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => !Object.hasOwn(replay, name) || replay[name] !== value),
  );
}

/** What an object that says itself how it is sent will be sent as. */
function asSent(value: unknown): unknown {
  const toJson = member(value, "toJSON");
  return typeof toJson === "function" ? toJson.call(value, "properties") : value;
}

function without(replay: { [key: string]: unknown }, present: object): { [key: string]: unknown } {
  return Object.fromEntries(Object.entries(replay).filter(([name]) => !Object.hasOwn(present, name)));
}

/** Adds `integrations.Amplitude.session_id`, unless the event has one or is not to go to Amplitude. */
export function addSessionId(event: SegmentEvent, sessionId: number): void {
  const integrations = event.integrations ?? {};
  if (!isObject(integrations)) return;
  const amplitude = integrations[CLASSIC];
  // Given options, the destination would be switched on.
  if (amplitude === undefined && integrations["All"] === false) return;
  if (amplitude !== undefined && amplitude !== true && !isObject(amplitude)) return;
  const options = isObject(amplitude) ? amplitude : {};
  if (Object.hasOwn(options, "session_id")) return;
  event.integrations = { ...integrations, [CLASSIC]: { ...options, session_id: sessionId } };
}
