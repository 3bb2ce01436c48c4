// An event of Segment, as far as it concerns a replay: what it tells, and what it is given.

/** What every event of Segment's libraries has, whichever library it is. */
export interface SegmentEvent {
  type?: string | undefined;
  anonymousId?: unknown;
  integrations?: unknown;
  properties?: unknown;
  traits?: unknown;
}

const ACTIONS = "Actions Amplitude";
const CLASSIC = "Amplitude";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const member = (object: unknown, name: string): unknown => (isObject(object) ? object[name] : undefined);

/** `integrations["Actions Amplitude"].session_id`, whatever it is. */
export const toldSessionId = (event: SegmentEvent): unknown => member(member(event.integrations, ACTIONS), "session_id");

/** Whether the event is not to go to Amplitude (Actions), so that no session id will be written into it. */
export function isSwitchedOff(event: SegmentEvent): boolean {
  const actions = member(event.integrations, ACTIONS);
  return actions === false || (actions === undefined && member(event.integrations, "All") === false);
}

/** A number as JSON or a person writes it: no other base, no name. */
const DECIMAL = /^\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i;

/**
 * A session id: milliseconds since 1970, as a number or a text. `undefined` for what says that there is none: null, 0,
 * and -1, which Amplitude's libraries write. `NaN` for what can't be meant.
 */
export function readSessionId(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const isText = typeof value === "string" && DECIMAL.test(value);
  const id = isText || typeof value === "number" ? Number(value) : NaN;
  if (id === 0 || id === -1) return undefined;
  return Number.isSafeInteger(id) && id > 0 ? id : NaN;
}

/** Segment's id of the device. */
export const anonymousIdOf = (event: SegmentEvent): string | undefined =>
  typeof event.anonymousId === "string" && event.anonymousId !== "" ? event.anonymousId : undefined;

/** Adds the replay's properties to an event that has properties; a property of the same name that it has wins. */
export function addProperties(event: SegmentEvent, replay: { [key: string]: unknown }): void {
  if (event.type !== "track" && event.type !== "page" && event.type !== "screen") return;
  const properties = asSent(event.properties);
  if (Object.keys(replay).length === 0 || !(isObject(properties) || properties === undefined || properties === null)) return;
  event.properties = { ...properties, ...without(replay, properties ?? {}) };
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
