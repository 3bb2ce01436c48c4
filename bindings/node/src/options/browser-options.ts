// From what the browser SDK accepts to what the library accepts. A host changes its import only, so no value that the
// browser SDK accepts may keep recording from starting: it is clamped, or left out, and the log says so once.
//
// Left to the library, which refuses them: options that only this package has, server addresses, and ids that no server
// accepts.
import { messageOf } from "../model/errors.js";
import { coerceSessionId } from "../model/ids.js";
import { LIBRARY_TYPES, LOG_LEVELS, type LibraryType } from "../model/shared/choices.js";
import { BOUNDS, TEXT_LENGTHS } from "../model/shared/options.js";
import { isCollection, isObject, ownMember, show, type Warn } from "../model/values.js";
import { readInteractionConfig } from "./interaction-option.js";
import { readPrivacyConfig } from "./privacy-option.js";
import { clamp, isOneOf, toNumber, truth, used, whole, wholeRule, type Read } from "./validation.js";

/** The same for both intervals. */
const FLUSH_INTERVAL_MS = BOUNDS["flushIntervalConfig.minIntervalMs"];
const MAX_LIBRARY_VERSION_LENGTH = TEXT_LENGTHS["library.version"][1];

/** As docs/guide/options.md says. */
const MAX_USER_PROPERTIES = 1_024;

/** What the browser SDK uses in place of an interval that is none or too short. */
const INTERVAL_FLOOR_MS = 100;

const readDeviceId: Read = (given, warn) => {
  if (typeof given === "string") return given || undefined;
  // As in the browser SDK nothing is captured without one; it says so, and the host may set one later.
  if (typeof given !== "number" && typeof given !== "bigint") {
    return void warn(`option "deviceId" is ${show(given)}, and no text: ignored, so nothing is captured until there is one`);
  }
  warn(`option "deviceId" is ${show(given)}, and no text: "${given}" is used`);
  return String(given);
};

/** As the browser SDK's comparison with a session's hash: a value that is no number captures nothing. */
const readSampleRate: Read = (given, warn) => {
  const number = typeof given === "boolean" ? Number(given) : toNumber(given);
  const rate = Number.isNaN(number) ? 0 : clamp(number, [0, 1]);
  return used("sampleRate", given, rate, "a number from 0 to 1", warn);
};

const readServerZone: Read = (given, warn) => {
  const zone = typeof given === "string" && given.trim().toUpperCase() === "EU" ? "EU" : "US";
  return used("serverZone", given, zone, '"US" or "EU"', warn);
};

const readSendTimeout: Read = (given, warn) => {
  const number = toNumber(given);
  // 0 or less means no time-out at all.
  if (number <= 0 || number === Infinity) return used("sendTimeoutMs", given, BOUNDS.sendTimeoutMs[1], "at most that", warn);
  return whole("sendTimeoutMs", BOUNDS.sendTimeoutMs)(given, warn);
};

const readLogLevel: Read = (given, warn) => {
  const name = typeof given === "number" ? LOG_LEVELS[given] : given;
  if (isOneOf(LOG_LEVELS, name)) return name;
  return void warn(`option "logLevel" is ${show(given)}, and none of ${LOG_LEVELS.join(", ")} or 0 to 4: ignored`);
};

/** What JSON has of it. What has none, as a cycle, is ignored whole. */
const readUserProperties: Read = (given, warn) => {
  try {
    const read: unknown = isObject(given) ? JSON.parse(JSON.stringify(given)) : given;
    if (!isObject(read) || isCollection(given)) {
      return void warn(`option "userProperties" is ${isCollection(given) ? "a Map or Set" : show(read)}, and no object: ignored`);
    }
    const members = Object.entries(read);
    if (members.length > MAX_USER_PROPERTIES) warn(`option "userProperties" has ${members.length} members: the first ${MAX_USER_PROPERTIES} are used`);
    return Object.fromEntries(members.slice(0, MAX_USER_PROPERTIES));
  } catch (error) {
    return void warn(`option "userProperties" can't be written as JSON: ${messageOf(error)}: ignored`);
  }
};

/** An address that is empty is none. */
const readUrl: Read = (given) => (given === "" ? undefined : given);

/** The options that both the browser SDK and the library have. */
const READERS: Record<string, Read> = {
  deviceId: readDeviceId,
  sessionId: (given, warn) => coerceSessionId(given, (what) => warn(`option "sessionId" ${what}`)),
  sampleRate: readSampleRate,
  optOut: truth("optOut"),
  debugMode: truth("debugMode"),
  enableTransportCompression: truth("enableTransportCompression"),
  serverZone: readServerZone,
  trackServerUrl: readUrl,
  configServerUrl: readUrl,
  flushMaxRetries: whole("flushMaxRetries", BOUNDS.flushMaxRetries),
  maxPersistedEventsSizeBytes: whole("maxPersistedEventsSizeBytes", BOUNDS.maxPersistedEventsSizeBytes),
  maxSingleEventSizeBytes: whole("maxSingleEventSizeBytes", BOUNDS.maxSingleEventSizeBytes),
  sendTimeoutMs: readSendTimeout,
  flushIntervalConfig: readIntervals,
  logLevel: readLogLevel,
  privacyConfig: readPrivacyConfig,
  interactionConfig: readInteractionConfig,
  userProperties: readUserProperties,
};

/** The option as the library takes it; `undefined` to leave it out. */
export function readOption(name: string, given: unknown, warn: Warn): unknown {
  return Object.hasOwn(READERS, name) ? READERS[name]?.(given, warn) : given;
}

/** The browser SDK's `version`, which is the library's option `library`. */
export function readVersion(given: unknown, warn: Warn): { type?: LibraryType; version?: string } | undefined {
  if (!isObject(given)) return void warn(`option "version" is ${show(given)}, and no object: ignored`);
  const [type, version] = [ownMember(given, "type"), ownMember(given, "version")];
  const library: { type?: LibraryType; version?: string } = {};
  if (isOneOf(LIBRARY_TYPES, type)) library.type = type;
  else if (type != null) warn(`option "version.type" is ${show(type)}, and none of ${LIBRARY_TYPES.join(", ")}: ignored`);
  if (typeof version === "string" && /^[!-~]+$/.test(version) && version.length <= MAX_LIBRARY_VERSION_LENGTH) {
    library.version = version;
  } else if (version != null) {
    const rule = `1 to ${MAX_LIBRARY_VERSION_LENGTH} printable ASCII characters without spaces`;
    warn(`option "version.version" is ${show(version)}, and not ${rule}: ignored`);
  }
  return library;
}

function readIntervals(given: unknown, warn: Warn): object | undefined {
  if (!isObject(given)) return void warn(`option "flushIntervalConfig" is ${show(given)}, and no object: ignored`);
  const read: { minIntervalMs?: number; maxIntervalMs?: number } = {};
  for (const [key, value] of Object.entries(given)) {
    const name = `flushIntervalConfig.${key}`;
    if (key !== "minIntervalMs" && key !== "maxIntervalMs") warn(`unknown option "${name.slice(0, 100)}": ignored`);
    else if (value != null) read[key] = readInterval(name, value, key === "maxIntervalMs", warn);
  }
  const [min, max] = [ownMember(read, "minIntervalMs"), ownMember(read, "maxIntervalMs")];
  if (min !== undefined && max !== undefined && max < min) {
    read.maxIntervalMs = min;
    warn(`option "flushIntervalConfig.maxIntervalMs" is less than minIntervalMs: ${min} is used for both`);
  }
  return read;
}

/** `mayBeInfinite`: without an upper bound the largest allowed one is used. */
function readInterval(name: string, given: unknown, mayBeInfinite: boolean, warn: Warn): number {
  const number = toNumber(given);
  const [min, max] = FLUSH_INTERVAL_MS;
  const isInvalid = Number.isNaN(number) || number < min || (number === Infinity && !mayBeInfinite);
  const interval = isInvalid ? INTERVAL_FLOOR_MS : Math.round(Math.min(max, number));
  return used(name, given, interval, wholeRule(FLUSH_INTERVAL_MS), warn);
}
