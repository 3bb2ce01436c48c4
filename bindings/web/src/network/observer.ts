// Records the page's requests as the browser SDK does. What left the page's world is masked here.

import { type CompanionEvent, EventType } from "../model/rrweb-event";
import { CONSOLE_PLUGIN, MAX_METHOD_LENGTH, REQUEST_TAG } from "../model/shared";
import type { MakeObserver, ObserverContext } from "../observers/observer";
import { probeObserver } from "../observers/probe-observer";
import type { MakeProbe } from "../page-world/probe";
import { maskHeader, maskLogged, maskLoggedAddress } from "../privacy/mask-log";
import { withAddressesTold } from "../privacy/told-addresses";
import { BODY_STATUSES } from "./body";
import { type NetworkConfig, networkConfigOf } from "./config";
import { type NetworkReport, REQUEST_TYPES, type RequestReport, shortened } from "./request";

const MAX_NAME_LENGTH = 100;

export const networkObserver = (probe: MakeProbe<NetworkConfig, NetworkReport>): MakeObserver =>
  probeObserver(probe, {
    configOf: networkConfigOf,
    eventOf: (report, context) => {
      if ("leftOut" in report) return leftOutEvent(Number(report.leftOut));
      return isReport(report) ? requestEvent(report, context) : null;
    },
  });

const isReport = ({ type, url, method }: RequestReport) =>
  REQUEST_TYPES.includes(type) && typeof url === "string" && typeof method === "string";

/** What is said to be a number, or one of these words, in a report of a world that may say anything. */
const numberOf = (given: unknown) => (typeof given === "number" && Number.isFinite(given) ? given : undefined);
const statusOf = (given: unknown) => BODY_STATUSES.find((status) => status === given);

function requestEvent(request: RequestReport, context: ObserverContext): CompanionEvent {
  const { type, url, requestHeaders, requestBody, responseHeaders, responseBody, error } = request;
  const payload = {
    timestamp: numberOf(request.timestamp),
    type,
    method: request.method.slice(0, MAX_METHOD_LENGTH),
    // Filtered and masked whole: of a part no rule is true, and half a secret is not known for one.
    url: shortened(maskLoggedAddress(context.address(url))),
    requestHeaders: maskedHeaders(requestHeaders),
    requestBody: masked(requestBody),
    status: numberOf(request.status),
    duration: numberOf(request.duration),
    responseHeaders: maskedHeaders(responseHeaders),
    responseBody: masked(responseBody),
    responseBodyStatus: statusOf(request.responseBodyStatus),
    error: error && {
      name: maskLogged(String(error.name).slice(0, MAX_NAME_LENGTH)),
      message: maskLogged(withAddressesTold(String(error.message), context.address)),
    },
  };
  return { type: EventType.Custom, data: { tag: REQUEST_TAG, payload } };
}

const masked = (text: string | undefined) => (text === undefined ? undefined : maskLogged(String(text)));

const maskedHeaders = (headers: Record<string, string> | undefined) =>
  headers &&
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, maskHeader(name, String(value))]));

function leftOutEvent(count: number): CompanionEvent {
  const text = `session-replay: ${count} requests were left out: the page makes too many at once`;
  const payload = { level: "warn", trace: [], payload: [JSON.stringify(text)] };
  return { type: EventType.Plugin, data: { plugin: CONSOLE_PLUGIN, payload } };
}
