// Sorts the options of `init` by who uses them: the library, the recorder inside a page, or this package.
import { isDeepStrictEqual } from "node:util";
import type { BeforeRecord } from "../model/before-record.js";
import type { EventLimits, LoadOptions } from "../model/backend.js";
import { SessionReplayError, invalid, messageOf } from "../model/errors.js";
import { hostRequestsOf, type Handlers } from "../model/host-requests.js";
import type { DeviceId, SessionId } from "../model/ids.js";
import { isLogger, type LogSettings } from "../model/log.js";
import type { LogLevel } from "../model/shared/choices.js";
import { DEFAULTS } from "../model/shared/options.js";
import { readOption, readVersion } from "./browser-options.js";
import { readBeforeRecord, readHandlers } from "./handlers.js";
import { ALL_KEYS, IGNORED_BECAUSE, IGNORED_KEYS, NATIVE_KEYS, PAGE_KEYS } from "./keys.js";
import type { PageOptions, SessionReplayOptions } from "./options.js";
import { ownMember } from "../model/values.js";
import { suggestionFor } from "./validation.js";

/** The options as the library takes them. Those without a type here go to it as the host gave them. */
export interface NativeValues {
  deviceId?: DeviceId;
  sessionId?: SessionId;
  optOut?: boolean;
  logLevel?: LogLevel;
  [name: string]: unknown;
}

/** The options, sorted by who uses them. */
export interface SortedOptions {
  native: NativeValues;
  page: PageOptions;
  load: LoadOptions;
  limits: EventLimits;
  log: LogSettings;
  /** Who makes the requests in place of the library. */
  handlers: Handlers;
  /** The host's filter. */
  beforeRecord: BeforeRecord | undefined;
  /** The instance of Amplitude's SDK whose opt-out is followed, if it is the name of one. */
  instanceName: unknown;
  /** What the host should know about options that were changed or ignored. */
  warnings: string[];
}

/** Sorts the options, and warns of each that was changed or ignored. */
export function sortOptions(options: SessionReplayOptions = {}): SortedOptions {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalid("the options must be an object");
  }
  const { backend, libraryPath, loggerProvider, version, handleSendEvents, handleFetchConfig, beforeRecord, instanceName, ...others } =
    membersOf(options);
  if (libraryPath !== undefined && typeof libraryPath !== "string") {
    throw invalid('option "libraryPath" must be a text: the path of the native library');
  }
  const native: NativeValues = {};
  const page: Record<string, unknown> = {};
  const warnings: string[] = [];
  const warn = (warning: string) => void warnings.push(warning);
  const library = version == null ? undefined : readable("version", () => readVersion(version, warn));
  if (library) native["library"] = library;
  if (loggerProvider != null && !isLogger(loggerProvider)) {
    warn('option "loggerProvider" is no logger, which has methods like error and warn: the log goes to the console');
  }
  const handlers = readHandlers(handleSendEvents, handleFetchConfig);
  const filter = readBeforeRecord(beforeRecord);
  const hostRequests = hostRequestsOf(handlers);
  if (hostRequests) native["hostRequests"] = hostRequests;
  for (const [key, value] of Object.entries(others)) {
    if (value === undefined || value === null) continue;
    if (NATIVE_KEYS.has(key)) {
      const read = readable(key, () => readOption(key, value, warn));
      if (read !== undefined) native[key] = read;
    } else if (PAGE_KEYS.has(key)) {
      page[key] = value;
      warn(`option "${key}" is ignored: it is for a recorder inside a page`);
    } else if (IGNORED_KEYS.has(key)) {
      warn(`option "${key}" is ignored: ${IGNORED_BECAUSE.get(key) ?? "the library does that in its own way"}`);
    } else {
      warn(`unknown option "${key.slice(0, 100)}": ignored${suggestionFor(key, ALL_KEYS)}`);
    }
  }
  const limits = {
    maxEventBytes: Number(ownMember(native, "maxSingleEventSizeBytes") ?? DEFAULTS.maxSingleEventSizeBytes),
    validateOnRecord: ownMember(native, "validateOnRecord") === true,
  };
  return { native, page, load: { backend, libraryPath }, limits, handlers, beforeRecord: filter, instanceName, log: logSettingsOf({ loggerProvider, logLevel: ownMember(native, "logLevel") }), warnings };
}

/** The options, each read once: a getter or proxy of the host may run, and throw. */
function membersOf(options: SessionReplayOptions): SessionReplayOptions {
  // Without a prototype "__proto__" is a name like any other.
  const members = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(options)) members[key] = readable(key, () => options[key as keyof SessionReplayOptions]);
  return members;
}

function readable<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SessionReplayError) throw error;
    throw invalid(`option "${key.slice(0, 100)}" can't be read: ${messageOf(error)}`);
  }
}

/** Where the host wants its log, as far as its options can be read: there it hears why they were refused. */
export function logSettingsOf(options: unknown): LogSettings {
  const given = options as SessionReplayOptions | null | undefined;
  const level = readMember(() => readOption("logLevel", given && ownMember(given, "logLevel"), () => {}));
  const logger = readMember(() => given && ownMember(given, "loggerProvider"));
  return { logger: logger === null || isLogger(logger) ? logger : undefined, level: (level ?? DEFAULTS.logLevel) as LogLevel };
}

function readMember<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Whether both are the same, apart from the session, the device and the user. */
export function isSameConfiguration(one: SortedOptions, other: SortedOptions): boolean {
  const relevant = ({ native: { deviceId: _device, sessionId: _session, userProperties: _user, ...rest }, page }: SortedOptions) => [rest, page];
  return isDeepStrictEqual(relevant(one), relevant(other));
}

/** The options as the library reads them. Refuses what JSON would turn into null, which is the option's default. */
export function toOptionsJson(native: NativeValues): string {
  try {
    return JSON.stringify(native, refuseLossy);
  } catch (error) {
    if (error instanceof SessionReplayError) throw error;
    throw invalid(`the options can't be written as JSON: ${messageOf(error)}`);
  }
}

function refuseLossy(key: string, value: unknown): unknown {
  const isLossy =
    typeof value === "number" ? !Number.isFinite(value) : ["bigint", "function", "symbol"].includes(typeof value);
  if (isLossy) throw invalid(`option "${key}" is ${typeof value === "number" ? value : `a ${typeof value}`}`);
  return value;
}
