// Which page a moment of a recording shows.

import { EventType, type RrwebEvent } from "../model/rrweb-event";

/** Of the browser SDK's plugin, which tells each change of the address. */
const ADDRESSES = "amplitude/url-tracking@1";

/** The address that an event tells; null: none. */
function addressIn({ type, data }: RrwebEvent): string | null {
  const payload = data["payload"] as { href?: unknown } | null | undefined;
  const href = type === EventType.Meta ? data["href"] : type === EventType.Plugin && data["plugin"] === ADDRESSES ? payload?.href : null;
  return typeof href === "string" ? href : null;
}

/** The address at this time, in milliseconds since 1970. */
export function addressAt(events: readonly RrwebEvent[], time: number): string | null {
  let address: string | null = null;
  for (const event of events) {
    if (event.timestamp > time && address !== null) break;
    address = addressIn(event) ?? address;
  }
  return address;
}

/** Whether the recording shows this address at any time. */
export function isAddress(events: readonly RrwebEvent[], url: string): boolean {
  return events.some((event) => addressIn(event) === url);
}
