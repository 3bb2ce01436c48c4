// An event of Segment: where its ids are, and where the replay's properties go.
import type { NumericSessionId } from "../model/ids.js";
import { isObject } from "../model/values.js";

/** What every event of Segment's libraries has, whichever library it is. */
export interface SegmentEvent {
  type?: string | undefined;
  anonymousId?: unknown;
  context?: unknown;
  integrations?: unknown;
  properties?: unknown;
  traits?: unknown;
  /** Of a track event. */
  event?: unknown;
  /** Of a page or a screen. */
  name?: unknown;
  category?: unknown;
}

/** The destinations of Amplitude, by their names in `integrations`. */
export const ACTIONS = "Actions Amplitude";
const CLASSIC = "Amplitude";

const member = (object: unknown, name: string): unknown => (isObject(object) ? object[name] : undefined);

/** `integrations["Actions Amplitude"].session_id`, whatever it is. */
export const actionsSessionId = (event: SegmentEvent): unknown => member(member(event.integrations, ACTIONS), "session_id");

/** `integrations.Amplitude.session_id`, whatever it is. */
export const classicSessionId = (event: SegmentEvent): unknown => member(member(event.integrations, CLASSIC), "session_id");

/** Whether the event does not go to Amplitude (Actions), so that no session id will be written into it. */
export function isActionsOff(event: SegmentEvent): boolean {
  const actions = member(event.integrations, ACTIONS);
  return actions === false || (actions === undefined && member(event.integrations, "All") === false);
}

/**
 * What Segment sends as Amplitude's device id, by its default mapping: `context.device.id` where there is one, else
 * `anonymousId`.
 */
export function deviceIdOf(event: SegmentEvent): unknown {
  const id = member(member(event.context, "device"), "id") ?? null;
  // An empty id is not replaced by anonymousId.
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

/** Removes these properties again, if the event still has them unchanged. */
export function removeProperties(event: SegmentEvent, replay: { [key: string]: unknown }): void {
  const { properties } = event;
  if (!isObject(properties)) return;
  event.properties = Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => !Object.hasOwn(replay, name) || replay[name] !== value),
  );
}

/** What an object that has a toJSON will be sent as. */
function asSent(value: unknown): unknown {
  const toJson = member(value, "toJSON");
  return typeof toJson === "function" ? toJson.call(value, "properties") : value;
}

function without(replay: { [key: string]: unknown }, present: object): { [key: string]: unknown } {
  return Object.fromEntries(Object.entries(replay).filter(([name]) => !Object.hasOwn(present, name)));
}

/** Adds `integrations.Amplitude.session_id`, unless the event has one or does not go to Amplitude. */
export function addClassicSessionId(event: SegmentEvent, sessionId: NumericSessionId): void {
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
