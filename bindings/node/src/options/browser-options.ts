// From what the browser SDK takes to what the library takes. A host changes its import only, so nothing that the browser
// SDK takes keeps recording from beginning: a value is brought into its bounds, or left out, and named once.
//
// As strict as the library stay: the options that are ours alone, where data go to, and ids that no server would take.
import { readSessionId } from "../model/ids.js";
import { isRecord, numberOf, show, type Warn } from "../model/values.js";
import { privacyOption } from "./privacy-option.js";

type Read = (given: unknown, warn: Warn) => unknown;

const LOG_LEVELS = ["none", "error", "warn", "info", "debug"];
/** Of `version.type`. */
const KINDS = ["standalone", "plugin", "segment"];
const MAX_VERSION = 64;
/** The bounds of the intervals, and what the browser SDK takes for one that is none or too short. */
const INTERVAL_MS: Bounds = [10, 600_000];
const INTERVAL_FLOOR_MS = 100;
const SEND_TIMEOUT_MS: Bounds = [100, 120_000];

type Bounds = readonly [least: number, most: number];

/** The options that both know. What is `undefined` afterwards is left out. */
const READERS: Record<string, Read> = {
  deviceId: (given, warn) => {
    if (given === "" || typeof given === "string") return given || undefined;
    // As in the browser SDK nothing is captured without one; it says so, and the host may tell one later.
    if (typeof given !== "number" && typeof given !== "bigint") {
      return void warn(`option "deviceId" is ${show(given)}, and no text: ignored, so nothing is captured until there is one`);
    }
    warn(`option "deviceId" is ${show(given)}, and no text: "${given}" is taken`);
    return String(given);
  },
  sessionId: (given, warn) => readSessionId(given, (what) => warn(`option "sessionId" ${what}`)),
  // As the browser SDK's comparison with a session's hash: what is no number lets nothing through.
  sampleRate: (given, warn) => {
    const asked = typeof given === "boolean" ? Number(given) : numberOf(given);
    const rate = Number.isNaN(asked) ? 0 : Math.min(1, Math.max(0, asked));
    return changed("sampleRate", given, rate, "a number from 0 to 1", warn);
  },
  optOut: truth("optOut"),
  debugMode: truth("debugMode"),
  enableTransportCompression: truth("enableTransportCompression"),
  serverZone: (given, warn) => {
    const zone = typeof given === "string" && given.trim().toUpperCase() === "EU" ? "EU" : "US";
    return changed("serverZone", given, zone, '"US" or "EU"', warn);
  },
  trackServerUrl: (given) => (given === "" ? undefined : given),
  configServerUrl: (given) => (given === "" ? undefined : given),
  flushMaxRetries: whole("flushMaxRetries", [1, 100]),
  maxPersistedEventsSizeBytes: whole("maxPersistedEventsSizeBytes", [1_000, 9_000_000]),
  maxSingleEventSizeBytes: whole("maxSingleEventSizeBytes", [1_000, 9_000_000]),
  sendTimeoutMs: (given, warn) => {
    const asked = numberOf(given);
    // 0 or less is no time-out at all.
    if (asked <= 0 || asked === Infinity) return changed("sendTimeoutMs", given, SEND_TIMEOUT_MS[1], "at most that", warn);
    return whole("sendTimeoutMs", SEND_TIMEOUT_MS)(given, warn);
  },
  flushIntervalConfig: intervals,
  logLevel: (given, warn) => {
    const name = typeof given === "number" ? LOG_LEVELS[given] : given;
    if (typeof name === "string" && LOG_LEVELS.includes(name)) return name;
    return void warn(`option "logLevel" is ${show(given)}, and none of ${LOG_LEVELS.join(", ")} or 0 to 4: ignored`);
  },
  privacyConfig: privacyOption,
};

/** The option as the library takes it; `undefined` to leave it out. */
export function readOption(name: string, given: unknown, warn: Warn): unknown {
  return Object.hasOwn(READERS, name) ? READERS[name]?.(given, warn) : given;
}

/** The browser SDK's `version`, which is our `library`. */
export function readVersion(given: unknown, warn: Warn): Record<string, string> | undefined {
  if (!isRecord(given)) return void warn(`option "version" is ${show(given)}, and no object: ignored`);
  const { type, version } = given;
  const library: Record<string, string> = {};
  if (typeof type === "string" && KINDS.includes(type)) library["type"] = type;
  else if (type != null) warn(`option "version.type" is ${show(type)}, and none of ${KINDS.join(", ")}: ignored`);
  if (typeof version === "string" && /^[!-~]+$/.test(version) && version.length <= MAX_VERSION) {
    library["version"] = version;
  } else if (version != null) {
    warn(`option "version.version" is ${show(version)}, and not 1 to ${MAX_VERSION} signs of ASCII: ignored`);
  }
  return library;
}

/** Says what is taken where that is another value than was given. */
function changed<T>(name: string, given: unknown, taken: T, rule: string, warn: Warn): T {
  if (given !== taken) warn(`option "${name}" is ${show(given)}: ${show(taken)} is taken (${rule})`);
  return taken;
}

/** What JavaScript takes for true. */
function truth(name: string): Read {
  return (given, warn) => changed(name, given, Boolean(given), "true or false", warn);
}

/** A whole number; what is none, or without end, is left out, as in the browser SDK. */
function whole(name: string, [least, most]: Bounds): Read {
  return (given, warn) => {
    const asked = numberOf(given);
    const rule = `a whole number from ${least} to ${most}`;
    if (!Number.isFinite(asked)) return void warn(`option "${name}" is ${show(given)}, and not ${rule}: ignored`);
    return changed(name, given, Math.round(Math.min(most, Math.max(least, asked))), rule, warn);
  };
}

function intervals(given: unknown, warn: Warn): object | undefined {
  if (!isRecord(given)) return void warn(`option "flushIntervalConfig" is ${show(given)}, and no object: ignored`);
  const read: { minIntervalMs?: number; maxIntervalMs?: number } = {};
  for (const [key, value] of Object.entries(given)) {
    const name = `flushIntervalConfig.${key}`;
    if (key !== "minIntervalMs" && key !== "maxIntervalMs") warn(`unknown option "${name.slice(0, 100)}": ignored`);
    else if (value != null) read[key] = interval(name, value, key === "maxIntervalMs", warn);
  }
  const { minIntervalMs: min, maxIntervalMs: max } = read;
  if (min !== undefined && max !== undefined && max < min) {
    read.maxIntervalMs = min;
    warn(`option "flushIntervalConfig.maxIntervalMs" is less than minIntervalMs: ${min} is taken for both`);
  }
  return read;
}

/** `mayBeEndless`: no upper bound is one that is far away. */
function interval(name: string, given: unknown, mayBeEndless: boolean, warn: Warn): number {
  const asked = numberOf(given);
  const [least, most] = INTERVAL_MS;
  const isNone = Number.isNaN(asked) || asked < least || (asked === Infinity && !mayBeEndless);
  const taken = isNone ? INTERVAL_FLOOR_MS : Math.round(Math.min(most, asked));
  return changed(name, given, taken, `a whole number from ${least} to ${most}`, warn);
}
