// What a page may call, and with which arguments: ids, and choices about recording. Keys, servers and files are decided by
// the main process alone.
import * as sessionReplay from "../index.js";
import type { ToldByAnalytics } from "../model/analytics.js";
import type { SessionReplayTargetingInput } from "../model/browser-sdk.js";
import { isObject } from "../model/values.js";
import { CALLS, LIMITS, PAGE_OPTIONS, type Call, type PageGivenOptions } from "./messages.js";
import { PageRefusal } from "./page-view.js";

/** Starts recording with the main process's options, and these of a page where it has none. */
export type Start = (apiKey: string, given: PageGivenOptions) => Promise<void>;

const FLUSH_MS = 10_000;

export class Calls {
  #isOptedOut = false;

  /** `mayOptIn`: the main process has not opted out itself. `toldAddress`: a page's address, as rules that choose sessions have it. */
  constructor(
    private readonly start: Start,
    private readonly mayOptIn: () => boolean,
    private readonly toldAddress: (address: string) => string,
  ) {}

  /** Does a call of a page; the values may be anything. Throws a {@link PageRefusal}, or what the package's calls throw. */
  async answer(name: unknown, json: unknown): Promise<unknown> {
    if (!CALLS.includes(name as Call)) throw new PageRefusal("there is no such call");
    const given = argumentsIn(json);
    switch (name as Call) {
      case "init":
        return this.#init(textArgument("the API key", given[0]), optionsArgument(given[1]));
      case "setSessionId":
        return sessionReplay.setSessionId(sessionIdArgument(given[0]), given[1] === null ? undefined : optionalDeviceId(given[1]))
          .promise;
      case "setDeviceId":
        return sessionReplay.setDeviceId(textArgument("the device id", given[0])).promise;
      case "followAnalytics":
        return sessionReplay.followAnalytics(eventIdsArgument(given[0])).promise;
      case "evaluateTargeting":
        return void sessionReplay.evaluateTargeting(this.#targetingArgument(given[0]));
      case "setOptOut":
        return this.#setOptOut(given[0]);
      case "flush":
        return sessionReplay.flush(typeof given[0] === "number" ? Math.min(Math.max(given[0], 0), FLUSH_MS) : FLUSH_MS);
    }
  }

  #targetingArgument(given: unknown): SessionReplayTargetingInput {
    const { event, userProperties, page } = objectArgument("what targeting is told", given, ["event", "userProperties", "page"]);
    const objectOr = (value: unknown) => (isObject(value) ? value : undefined);
    const url = objectOr(page)?.["url"];
    return {
      event: objectOr(event),
      userProperties: objectOr(userProperties),
      page: typeof url === "string" ? { url: this.toldAddress(url) } : undefined,
    };
  }

  #init(apiKey: string, options: PageGivenOptions): Promise<void> {
    if (options.optOut) this.#isOptedOut = true;
    return this.start(apiKey, options);
  }

  /** A page may opt the user out, and take that back. It can't take back what the main process said. */
  #setOptOut(optOut: unknown): void {
    if (typeof optOut !== "boolean") throw new PageRefusal("setOptOut takes true or false");
    if (!optOut && !(this.#isOptedOut && this.mayOptIn())) return;
    this.#isOptedOut = optOut;
    sessionReplay.setOptOut(optOut);
  }
}

function argumentsIn(json: unknown): unknown[] {
  if (typeof json !== "string" || json.length > LIMITS.callArguments) {
    throw new PageRefusal(`the arguments of a call may have ${LIMITS.callArguments} characters`);
  }
  try {
    const given: unknown = JSON.parse(json);
    if (Array.isArray(given)) return given;
  } catch {
    // Refused below.
  }
  throw new PageRefusal("the arguments of a call must be a JSON array");
}

/** The options that a page may give. Their values are checked by `init`, as those of any host. */
const optionsArgument = (given: unknown): PageGivenOptions =>
  given === undefined || given === null ? {} : objectArgument("the options", given, PAGE_OPTIONS);

function eventIdsArgument(given: unknown): ToldByAnalytics {
  const { deviceId, sessionId } = objectArgument("the ids of an analytics event", given, ["deviceId", "sessionId"]);
  if (typeof (sessionId ?? 0) !== "number") throw new PageRefusal("the session id must be a number");
  return { deviceId: optionalDeviceId(deviceId ?? undefined), sessionId: sessionId as number | null | undefined };
}

function objectArgument(what: string, given: unknown, keys: readonly string[]): Record<string, unknown> {
  if (!isObject(given)) throw new PageRefusal(`${what} must be an object`);
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new PageRefusal(`${what}: a page can't give "${unknown.slice(0, 100)}"; attach() takes it in the main process`);
  return given;
}

function textArgument(what: string, given: unknown): string {
  if (typeof given === "string") return given;
  throw new PageRefusal(`${what} must be a text`);
}

const optionalDeviceId = (given: unknown): string | undefined =>
  given === undefined ? undefined : textArgument("the device id", given);

function sessionIdArgument(given: unknown): string | number {
  if (typeof given === "string" || typeof given === "number") return given;
  throw new PageRefusal("the session id must be a number or a text");
}
