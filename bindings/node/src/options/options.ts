// What `init` takes: the browser SDK's options by their names, and which of them the library, the page or nobody needs.
import { isDeepStrictEqual } from "node:util";
import { readOption, readVersion } from "./browser-options.js";
import { hintOf } from "../model/values.js";
import type { SessionReplayFetchConfigHandler, SessionReplaySendEventsHandler, StoreType } from "../model/browser-sdk.js";
import type { Backend, EventLimits } from "../native/library.js";
import type { LoadOptions } from "../native/load.js";
import { SessionReplayError, invalid } from "../model/status.js";

/** Anything with the browser SDK's logger's methods: `console` will do. */
export interface Logger {
  error(...message: unknown[]): void;
  warn(...message: unknown[]): void;
  /** Lines of the levels info and debug go to `debug`, or to `log` where there is no `debug`. */
  log(...message: unknown[]): void;
  debug?(...message: unknown[]): void;
}

/** How strictly the in-page recorder hides what users see and type. */
export type MaskLevel = "light" | "medium" | "conservative";

/** What the in-page recorder hides. */
export interface PrivacyConfig {
  blockSelector?: string | string[] | undefined;
  maskSelector?: string[] | undefined;
  unmaskSelector?: string[] | undefined;
  maskAttributes?: string[] | undefined;
  defaultMaskLevel?: MaskLevel | undefined;
  urlMaskLevels?: { match: string; maskLevel: MaskLevel }[] | undefined;
}

/** Options that the native library heeds. docs/guide/options.md gives the bounds and defaults. */
export interface NativeOptions {
  /** The device id that the analytics events carry. Without one nothing is captured. */
  deviceId?: string | null | undefined;
  /** The current analytics session: milliseconds since 1970, or a text. 0 is "none yet". */
  sessionId?: number | string | null | undefined;
  /** The share of sessions to capture, 0 to 1; 0 unless given. */
  sampleRate?: number | undefined;
  /** The user does not want to be recorded. */
  optOut?: boolean | undefined;
  /** Amplitude's data centre; "US" unless given. */
  serverZone?: "US" | "EU" | undefined;
  trackServerUrl?: string | undefined;
  configServerUrl?: string | undefined;
  /** Ask the server whether to capture, and at which rate; true unless given. */
  enableRemoteConfig?: boolean | undefined;
  flushMaxRetries?: number | undefined;
  flushIntervalConfig?: { minIntervalMs?: number | undefined; maxIntervalMs?: number | undefined } | undefined;
  maxPersistedEventsSizeBytes?: number | undefined;
  maxSingleEventSizeBytes?: number | undefined;
  enableTransportCompression?: boolean | undefined;
  sendTimeoutMs?: number | undefined;
  /** Where events wait until they are delivered; they survive the process there. Without it they wait in memory. */
  storageDir?: string | undefined;
  storageLimitBytes?: number | undefined;
  /** For hosts without analytics of their own: a new session begins after so long a silence. 0: off. */
  sessionTimeoutMs?: number | undefined;
  minSessionDurationMs?: number | undefined;
  /** Check each event whole in `record`, while developing. */
  validateOnRecord?: boolean | undefined;
  /** A name, or the browser SDK's number: 0 none, 1 error, 2 warn, 3 verbose (info), 4 debug. */
  logLevel?: "none" | "error" | "warn" | "info" | "debug" | 0 | 1 | 2 | 3 | 4 | undefined;
  debugMode?: boolean | undefined;
  /** What the in-page recorder is to hide; `getPrivacyConfig` joins it with the remote configuration. */
  privacyConfig?: PrivacyConfig | undefined;
  /** How Segment is used, for `processSegmentEvent`: docs/guide/segment.md. */
  segment?: { mode?: "actions" | "classic-device" | "classic-cloud" | undefined } | undefined;
  /** How the SDK was brought in. */
  library?: { type?: "standalone" | "plugin" | "segment" | undefined; version?: string | undefined } | undefined;
  clientUrl?: string | undefined;
}

/** Options of the browser SDK that only a recorder inside a page can heed. Without a page they do nothing. */
export interface PageOptions {
  performanceConfig?: object | undefined;
  interactionConfig?: object | undefined;
  crossOriginIframes?: { enabled: boolean; coordinateChildren?: boolean | undefined } | undefined;
  shouldInlineStylesheet?: boolean | undefined;
  inlineImages?: boolean | undefined;
  captureAdoptedStyleSheets?: boolean | undefined;
  captureDocumentTitle?: boolean | undefined;
  captureFullSnapshotOnFocus?: boolean | undefined;
  fullSnapshotIntervalMs?: number | undefined;
  applyBackgroundColorToBlockedElements?: boolean | undefined;
  enableUrlChangePolling?: boolean | undefined;
  urlChangePollingInterval?: number | undefined;
  userProperties?: { [key: string]: any } | undefined;
}

/**
 * Options of the browser SDK that are taken and mean nothing here, because the library does that in its own way. The log
 * says so, once of each.
 */
export interface IgnoredOptions {
  storeType?: StoreType | undefined;
  useWebWorker?: boolean | undefined;
  eagerFullSnapshotSend?: boolean | undefined;
  experimental?: object | undefined;
  instanceName?: string | undefined;
  sessionReplayId?: string | undefined;
  /** The library makes its requests itself; a warning in the log says so. Use `trackServerUrl`. */
  handleSendEvents?: SessionReplaySendEventsHandler | undefined;
  /** As `handleSendEvents`. Use `configServerUrl`. */
  handleFetchConfig?: SessionReplayFetchConfigHandler | undefined;
}

/** The options of `init`. */
export interface SessionReplayOptions extends NativeOptions, PageOptions, IgnoredOptions {
  /** Which FFI package to call the library through; koffi, or else ffi-napi, unless given. */
  backend?: Backend | undefined;
  /** The native library's file. */
  libraryPath?: string | undefined;
  /** Hears what the library has to say, as `on("log", …)` does. */
  loggerProvider?: Logger | undefined;
  /** The browser SDK's name of `library`. */
  version?: { type: "standalone" | "plugin" | "segment"; version: string } | undefined;
}

/** The options, sorted by who needs them. */
export interface SortedOptions {
  native: Record<string, unknown>;
  page: PageOptions;
  load: LoadOptions;
  limits: EventLimits;
  logger: Logger | undefined;
  /** What the host should know about options that do not do what they say. */
  warnings: string[];
}

const PAGE_KEYS: readonly (keyof PageOptions)[] = [
  "performanceConfig",
  "interactionConfig",
  "crossOriginIframes",
  "shouldInlineStylesheet",
  "inlineImages",
  "captureAdoptedStyleSheets",
  "captureDocumentTitle",
  "captureFullSnapshotOnFocus",
  "fullSnapshotIntervalMs",
  "applyBackgroundColorToBlockedElements",
  "enableUrlChangePolling",
  "urlChangePollingInterval",
  "userProperties",
];

/** {@link IgnoredOptions}, and those that the browser SDK's type inherits from all of Amplitude's SDKs. */
const IGNORED_KEYS = new Set([
  ...["storeType", "useWebWorker", "eagerFullSnapshotSend", "experimental", "instanceName", "sessionReplayId"],
  ...["handleSendEvents", "handleFetchConfig", "apiKey", "enableRequestBodyCompression", "flushIntervalMillis"],
  ...["flushQueueSize", "ingestionMetadata", "minIdLength", "offline", "plan", "remoteConfig", "requestMetadata"],
  ...["serverUrl", "storageProvider", "transportProvider", "useBatch", "diagnosticsClient", "diagnosticsSampleRate"],
]);

/** Why an option is not heeded, where there is something to do instead. */
const INSTEAD = new Map([
  ["handleSendEvents", 'the library makes its requests itself; see "trackServerUrl"'],
  ["handleFetchConfig", 'the library makes its requests itself; see "configServerUrl"'],
  ["storeType", 'see "storageDir"'],
  ["serverUrl", 'see "trackServerUrl"'],
  ["flushIntervalMillis", 'see "flushIntervalConfig"'],
  ["sessionReplayId", "it is made of the device id and the session id"],
  ["apiKey", "it is the first argument of init"],
]);
const DEFAULT_MAX_EVENT_BYTES = 9_000_000;

/** {@link NativeOptions}: what the library knows. */
export const NATIVE_KEYS: ReadonlySet<string> = new Set<keyof NativeOptions>([
  ...(["deviceId", "sessionId", "sampleRate", "optOut", "serverZone", "trackServerUrl", "configServerUrl"] as const),
  ...(["enableRemoteConfig", "flushMaxRetries", "flushIntervalConfig", "maxPersistedEventsSizeBytes"] as const),
  ...(["maxSingleEventSizeBytes", "enableTransportCompression", "sendTimeoutMs", "storageDir"] as const),
  ...(["storageLimitBytes", "sessionTimeoutMs", "minSessionDurationMs", "validateOnRecord", "logLevel"] as const),
  ...(["debugMode", "privacyConfig", "segment", "library", "clientUrl"] as const),
]);
const ALL_KEYS = [...NATIVE_KEYS, ...PAGE_KEYS, ...IGNORED_KEYS, "backend", "libraryPath", "loggerProvider", "version"];

/** Sorts the options, and says of each that is not heeded as it was given what is done instead. */
export function sort(options: SessionReplayOptions = {}): SortedOptions {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw invalid("the options must be an object");
  }
  const { backend, libraryPath, loggerProvider, version, ...others } = membersOf(options);
  if (libraryPath !== undefined && typeof libraryPath !== "string") {
    throw invalid('option "libraryPath" must be a text: the path of the native library');
  }
  const native: Record<string, unknown> = {};
  const page: Record<string, unknown> = {};
  const warnings: string[] = [];
  const warn = (warning: string) => void warnings.push(warning);
  const library = version == null ? undefined : readable("version", () => readVersion(version, warn));
  if (library) native["library"] = library;
  for (const [key, value] of Object.entries(others)) {
    if (value === undefined || value === null) continue;
    if (NATIVE_KEYS.has(key)) {
      const read = readable(key, () => readOption(key, value, warn));
      if (read !== undefined) native[key] = read;
    } else if ((PAGE_KEYS as readonly string[]).includes(key)) {
      page[key] = value;
      warn(`option "${key}" is not heeded: it is for a recorder inside a page`);
    } else if (IGNORED_KEYS.has(key)) {
      warn(`option "${key}" is not heeded: ${INSTEAD.get(key) ?? "the library does that in its own way"}`);
    } else {
      warn(`unknown option "${key.slice(0, 100)}": ignored${hintOf(key, ALL_KEYS)}`);
    }
  }
  return {
    native,
    page,
    load: { backend, libraryPath },
    limits: {
      maxEventBytes: Number(native["maxSingleEventSizeBytes"] ?? DEFAULT_MAX_EVENT_BYTES),
      validateOnRecord: native["validateOnRecord"] === true,
    },
    logger: loggerProvider ?? undefined,
    warnings,
  };
}

/** The options, each read once: what runs when one is read is the host's, and may throw. */
function membersOf(options: SessionReplayOptions): SessionReplayOptions {
  const keys = new Set([...Object.keys(options), "backend", "libraryPath", "loggerProvider", "version"]);
  // Without a prototype "__proto__" is a name like any other.
  const members = Object.create(null) as Record<string, unknown>;
  for (const key of keys) members[key] = readable(key, () => options[key as keyof SessionReplayOptions]);
  return members;
}

function readable<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SessionReplayError) throw error;
    throw invalid(`option "${key.slice(0, 100)}" can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Who is to hear why the options are refused, if that much can be read of them. */
export function loggerOf(options: unknown): Logger | undefined {
  try {
    return (options as SessionReplayOptions | null | undefined)?.loggerProvider ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether a recorder started with one of them is what the other wants, whichever session and device it is in. */
export function startsTheSame(one: SortedOptions, other: SortedOptions): boolean {
  const wanted = ({ native: { deviceId: _device, sessionId: _session, ...rest }, page }: SortedOptions) => [rest, page];
  return isDeepStrictEqual(wanted(one), wanted(other));
}

/** The options as the library reads them. What JSON would turn into null, and so into a default, is refused. */
export function toOptionsJson(native: Record<string, unknown>): string {
  try {
    return JSON.stringify(native, refuseLost);
  } catch (error) {
    if (error instanceof SessionReplayError) throw error;
    throw invalid(`the options can't be written as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refuseLost(key: string, value: unknown): unknown {
  const isLost =
    typeof value === "number" ? !Number.isFinite(value) : ["bigint", "function", "symbol"].includes(typeof value);
  if (isLost) throw invalid(`option "${key}" is ${typeof value === "number" ? value : `a ${typeof value}`}`);
  return value;
}
