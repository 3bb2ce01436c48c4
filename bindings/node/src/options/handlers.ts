// The options that are functions: `handleSendEvents`, `handleFetchConfig` and `beforeRecord`.
import type { BeforeRecord } from "../model/before-record.js";
import { invalid } from "../model/errors.js";
import type { Handlers } from "../model/host-requests.js";
import { show } from "../model/values.js";

export const readHandlers = (sendEvents: Handlers["events"], fetchConfig: Handlers["config"]): Handlers => ({
  events: functionIn("handleSendEvents", sendEvents),
  config: functionIn("handleFetchConfig", fetchConfig),
});

export const readBeforeRecord = (given: BeforeRecord | null | undefined): BeforeRecord | undefined =>
  functionIn("beforeRecord", given) ?? undefined;

/** Not ignored where it is no function: the host does not want the library to make these requests, or all to be recorded. */
function functionIn<Handler>(key: string, given: Handler): Handler | undefined {
  if (given === undefined || given === null || typeof given === "function") return given ?? undefined;
  throw invalid(`option "${key}" must be a function, but is ${show(given)}`);
}
