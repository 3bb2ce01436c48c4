// Sees `navigator.sendBeacon`: where to, and how much. Nobody learns what becomes of a beacon.

import { wrapMethod } from "../page-world/wrap-method";
import { sizeOf } from "./body";
import { allowedHeaders } from "./headers";
import { type Recording, seenOf } from "./recording";
import { addressOf } from "./request";

const REFUSED = { name: "QuotaExceededError", message: "the browser did not take the beacon" };

/** false: the page has made it read-only. */
export function watchBeacons(recording: Recording): boolean {
  return wrapMethod(Navigator.prototype, "sendBeacon", (proceed, _self, [url, body]) => {
    const isTaken = proceed();
    if (typeof url === "string" || url instanceof URL)
      seenOf(() => reportBeacon(recording, String(url), body, isTaken === true));
    return isTaken;
  });
}

function reportBeacon(recording: Recording, url: string, body: unknown, isTaken: boolean): void {
  const config = recording.begin(url);
  if (!config) return;
  const size = sizeOf(body);
  const requestHeaders = size === undefined ? undefined : allowedHeaders([["content-length", String(size)]], config);
  const request = {
    timestamp: Date.now(),
    type: "beacon",
    method: "POST",
    url: addressOf(url),
    requestHeaders,
  } as const;
  recording.report(isTaken ? request : { ...request, error: REFUSED });
}
