// What a page may call, and how far: it tells ids and wishes; keys, addresses and files are the main process's own.
import * as sessionReplay from "../index.js";
import type { ToldByAnalytics } from "../model/analytics.js";
import { CALLS, LIMITS, PAGE_OPTIONS, type Call, type PageGivenOptions } from "./messages.js";
import { PageRefusal } from "./page-view.js";

/** Begins recording with the main process's options, and these of a page where that one has none. */
export type Begin = (apiKey: string, given: PageGivenOptions) => Promise<void>;

const FLUSH_MS = 10_000;

export class Calls {
  #optedOut = false;

  /** `mayOptIn`: the main process has not opted out itself. */
  constructor(
    private readonly begin: Begin,
    private readonly mayOptIn: () => boolean,
  ) {}

  /** Does what a page asks for, given in texts of any content. Throws a {@link PageRefusal}, or what the package's calls throw. */
  async answer(name: unknown, json: unknown): Promise<unknown> {
    if (!CALLS.includes(name as Call)) throw new PageRefusal("there is no such call");
    const given = parse(json);
    switch (name as Call) {
      case "init":
        return this.#init(text("the API key", given[0]), optionsOf(given[1]));
      case "setSessionId":
        return sessionReplay.setSessionId(idOf(given[0]), given[1] === null ? undefined : optionalText(given[1]))
          .promise;
      case "setDeviceId":
        return sessionReplay.setDeviceId(text("the device id", given[0])).promise;
      case "followAnalytics":
        return sessionReplay.followAnalytics(toldOf(given[0])).promise;
      case "setOptOut":
        return this.#setOptOut(given[0]);
      case "flush":
        return sessionReplay.flush(typeof given[0] === "number" ? Math.min(Math.max(given[0], 0), FLUSH_MS) : FLUSH_MS);
    }
  }

  #init(apiKey: string, options: PageGivenOptions): Promise<void> {
    if (options.optOut) this.#optedOut = true;
    return this.begin(apiKey, options);
  }

  /** A page may opt the user out, and take that back; what the main process said stays. */
  #setOptOut(optOut: unknown): void {
    if (typeof optOut !== "boolean") throw new PageRefusal("setOptOut takes true or false");
    if (!optOut && !(this.#optedOut && this.mayOptIn())) return;
    this.#optedOut = optOut;
    sessionReplay.setOptOut(optOut);
  }
}

function parse(json: unknown): unknown[] {
  if (typeof json !== "string" || json.length > LIMITS.callArguments) {
    throw new PageRefusal(`the arguments of a call may have ${LIMITS.callArguments} characters`);
  }
  try {
    const given: unknown = JSON.parse(json);
    if (Array.isArray(given)) return given;
  } catch {
    // Told below.
  }
  throw new PageRefusal("the arguments of a call must be a JSON array");
}

/** The options that a page may give; their values are read as `init` reads those of any host. */
const optionsOf = (given: unknown): PageGivenOptions =>
  given === undefined || given === null ? {} : record("the options", given, PAGE_OPTIONS);

function toldOf(given: unknown): ToldByAnalytics {
  const { deviceId, sessionId } = record("what the analytics tell", given, ["deviceId", "sessionId"]);
  if (typeof (sessionId ?? 0) !== "number") throw new PageRefusal("the session id must be a number");
  return { deviceId: optionalText(deviceId ?? undefined), sessionId: sessionId as number | null | undefined };
}

function record(what: string, given: unknown, keys: readonly string[]): Record<string, unknown> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw new PageRefusal(`${what} must be an object`);
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new PageRefusal(`${what}: a page can't give "${unknown.slice(0, 100)}"; attach() takes it in the main process`);
  return given as Record<string, unknown>;
}

function text(what: string, given: unknown): string {
  if (typeof given === "string") return given;
  throw new PageRefusal(`${what} must be a text`);
}

const optionalText = (given: unknown): string | undefined =>
  given === undefined ? undefined : text("the device id", given);

function idOf(given: unknown): string | number {
  if (typeof given === "string" || typeof given === "number") return given;
  throw new PageRefusal("the session id must be a number or a text");
}
