// What an event of Segment tells for rules that choose sessions: as the event that Segment makes of it for Amplitude. The library has the
// same rule (src/segment/targeting.rs).
import type { SessionReplayTargetingInput } from "../model/browser-sdk.js";
import type { SegmentMode } from "../model/shared/choices.js";
import { isObject } from "../model/values.js";
import type { SegmentEvent } from "./event.js";

/** `undefined`: nothing. `now`: the event is on its way, so its own timestamp is a few milliseconds older. */
export function targetingOf(event: SegmentEvent, mode: SegmentMode, now: number): SessionReplayTargetingInput | undefined {
  const { type, properties, traits } = event;
  const page = pageOf(event);
  if (type === "identify") return isObject(traits) ? { userProperties: traits, page } : undefined;
  const eventType = eventTypeOf(event, mode);
  if (eventType === undefined) return undefined;
  return { event: { event_type: eventType, event_properties: isObject(properties) ? properties : {}, time: now }, page };
}

/** By the mappings that Segment's destinations come with. */
export function eventTypeOf({ type, event, name, category }: SegmentEvent, mode: SegmentMode): string | undefined {
  if (type === "track") return typeof event === "string" ? event : undefined;
  if (type !== "page" && type !== "screen") return undefined;
  if (mode === "actions") return `Viewed ${textOr(name)}`;
  const what = type === "screen" ? "Screen" : "Page";
  const fullName = `${textOr(category)} ${textOr(name)}`.trim();
  return fullName === "" ? `Loaded a ${what}` : `Viewed ${fullName} ${what}`;
}

const textOr = (value: unknown): string => (typeof value === "string" ? value : "");

function pageOf({ context }: SegmentEvent): { url: string } | undefined {
  const page = isObject(context) ? context["page"] : undefined;
  const url = isObject(page) ? page["url"] : undefined;
  return typeof url === "string" ? { url } : undefined;
}
