// Generated from src/options/fields.rs: run `SR_GENERATED=write cargo test --lib generated`.
// The options of the library.
import type { HostRequestKind, LibraryType, LogLevel, SegmentMode, ServerZone } from "./choices.js";
import type { InteractionConfig, LoggingConfig } from "./page-config.js";
import type { PrivacyConfig } from "./privacy.js";

/** Every key, in the library's order. */
export const OPTION_KEYS = [
  "deviceId",
  "sessionId",
  "sampleRate",
  "optOut",
  "serverZone",
  "trackServerUrl",
  "configServerUrl",
  "flushMaxRetries",
  "flushIntervalConfig",
  "maxPersistedEventsSizeBytes",
  "maxSingleEventSizeBytes",
  "enableTransportCompression",
  "sendTimeoutMs",
  "enableRemoteConfig",
  "storageDir",
  "storageLimitBytes",
  "privacyConfig",
  "sessionTimeoutMs",
  "minSessionDurationMs",
  "validateOnRecord",
  "logLevel",
  "debugMode",
  "segment",
  "library",
  "clientUrl",
  "frameIntervalMs",
  "frameBytesPerSecond",
  "frameMaxPixels",
  "proxy",
  "loggingConfig",
  "interactionConfig",
  "hostRequests",
  "userProperties",
  "rememberOptOut",
  "idleTimeoutMs",
  "onErrorSampleRate",
  "onErrorWindowMs",
  "captureOnUnhandledError",
  "replayUrlTemplate",
] as const;

/** The least and the most that a number may be. A time whose default is 0, which says "off", may be 0, too. */
export const BOUNDS = {
  flushMaxRetries: [1, 100],
  "flushIntervalConfig.minIntervalMs": [10, 600_000],
  "flushIntervalConfig.maxIntervalMs": [10, 600_000],
  maxPersistedEventsSizeBytes: [1_000, 9_000_000],
  maxSingleEventSizeBytes: [1_000, 9_000_000],
  sendTimeoutMs: [100, 120_000],
  storageLimitBytes: [4_000_000, 10_000_000_000],
  sessionTimeoutMs: [1_000, 86_400_000],
  minSessionDurationMs: [0, 60_000],
  frameIntervalMs: [50, 60_000],
  frameBytesPerSecond: [1_000, 10_000_000],
  frameMaxPixels: [10_000, 4_000_000],
  idleTimeoutMs: [1_000, 86_400_000],
  onErrorWindowMs: [10_000, 300_000],
} as const;

/** The bytes that a text has at least and at most. */
export const TEXT_LENGTHS = {
  storageDir: [1, 4_096],
  "library.version": [1, 64],
  clientUrl: [0, 65_536],
} as const;

/** What holds where an option is not given. Those without a single default are not here. */
export const DEFAULTS = {
  sampleRate: 0,
  optOut: false,
  serverZone: "US",
  flushMaxRetries: 2,
  "flushIntervalConfig.minIntervalMs": 1_000,
  "flushIntervalConfig.maxIntervalMs": 10_000,
  maxPersistedEventsSizeBytes: 6_000_000,
  maxSingleEventSizeBytes: 9_000_000,
  enableTransportCompression: true,
  sendTimeoutMs: 10_000,
  enableRemoteConfig: true,
  storageLimitBytes: 64_000_000,
  "privacyConfig.defaultMaskLevel": "medium",
  sessionTimeoutMs: 0,
  minSessionDurationMs: 0,
  validateOnRecord: false,
  logLevel: "warn",
  debugMode: false,
  "segment.mode": "actions",
  "library.type": "standalone",
  frameIntervalMs: 500,
  frameBytesPerSecond: 30_000,
  frameMaxPixels: 1_048_576,
  proxy: "system",
  hostRequests: "none",
  rememberOptOut: false,
  idleTimeoutMs: 0,
  onErrorSampleRate: 0,
  onErrorWindowMs: 60_000,
  captureOnUnhandledError: true,
} as const;

/** The options as the library reads them. */
export interface LibraryOptions {
  /** The device id that the analytics events carry. Default: the one kept in `storageDir`, else none. */
  deviceId?: string | undefined;
  /** The current analytics session. Default: the one kept in `storageDir`, else none. */
  sessionId?: number | string | undefined;
  /** The share of sessions to capture. 0 to 1; default 0. */
  sampleRate?: number | undefined;
  /** The user does not want to be recorded. Default false. */
  optOut?: boolean | undefined;
  /** Amplitude's data centre. Default "US". */
  serverZone?: ServerZone | undefined;
  /** Where batches go. Default: the zone's. */
  trackServerUrl?: string | undefined;
  /** Where the remote configuration is asked for. Default: the zone's. */
  configServerUrl?: string | undefined;
  /** Attempts to send a batch before it is set aside for a while. 1 to 100; default 2. */
  flushMaxRetries?: number | undefined;
  /** How long events are gathered before they are sent. */
  flushIntervalConfig?: {
    /** The interval at first, and by how much it grows. 10 to 600,000; default 1,000. */
    minIntervalMs?: number | undefined;
    /** The longest interval. 10 to 600,000; default 10,000. */
    maxIntervalMs?: number | undefined;
  } | undefined;
  /** Bytes of events in one batch. 1,000 to 9,000,000; default 6,000,000. */
  maxPersistedEventsSizeBytes?: number | undefined;
  /** Bytes of one event. 1,000 to 9,000,000; default 9,000,000. */
  maxSingleEventSizeBytes?: number | undefined;
  /** Gzip request bodies. Default true. */
  enableTransportCompression?: boolean | undefined;
  /** Time for one request. 100 to 120,000; default 10,000. */
  sendTimeoutMs?: number | undefined;
  /** Ask the server whether and at which rate to capture. Default true. */
  enableRemoteConfig?: boolean | undefined;
  /**
   * Directory for what is not delivered yet, made when missing. Only this user may read what is in it. 1 to 4,096
   * bytes; default: none.
   */
  storageDir?: string | undefined;
  /** Room for what waits, on disk or in memory. 4,000,000 to 10,000,000,000; default 64,000,000. */
  storageLimitBytes?: number | undefined;
  /** What the recorder in a page is to mask and block. */
  privacyConfig?: PrivacyConfig | undefined;
  /**
   * For hosts without analytics of their own: a new session begins with the first event after so long a silence. 0, or
   * 1,000 to 86,400,000; default 0.
   */
  sessionTimeoutMs?: number | undefined;
  /** A session that lasted less is not sent. 0 to 60,000; default 0. */
  minSessionDurationMs?: number | undefined;
  /** Check each event whole when it is recorded. Default false. */
  validateOnRecord?: boolean | undefined;
  /** How much the log tells. Default "warn". */
  logLevel?: LogLevel | undefined;
  /** Add `[Amplitude] Session Replay Debug` to the session replay properties. Default false. */
  debugMode?: boolean | undefined;
  /** How Segment is used. */
  segment?: {
    /** Which of Segment's integrations with Amplitude is used: who owns the session id. Default "actions". */
    mode?: SegmentMode | undefined;
  } | undefined;
  /** What the header `X-Client-Library` says. */
  library?: {
    /** How the SDK was brought in. Default "standalone". */
    type?: LibraryType | undefined;
    /**
     * The version of what brought it in. 1 to 64 characters of printable ASCII, no spaces; default: this library's
     * version.
     */
    version?: string | undefined;
  } | undefined;
  /** The page's URL or the app's identifier. Up to 65,536 bytes; default: `app://` and the name of the executable. */
  clientUrl?: string | undefined;
  /** The usual time between two frames of a view with pixels. 50 to 60,000; default 500. */
  frameIntervalMs?: number | undefined;
  /** Bytes of events that the pixels of all views may cost in the long run. 1,000 to 10,000,000; default 30,000. */
  frameBytesPerSecond?: number | undefined;
  /** Pixels of a view's image: a larger frame is made smaller. 10,000 to 4,000,000; default 1,048,576. */
  frameMaxPixels?: number | undefined;
  /** The proxy that requests go through: "system", "none" or a URL. Default "system". */
  proxy?: string | undefined;
  /**
   * What is recorded of the console, of requests and of errors. Default: nothing of pages; what the program itself
   * tells.
   */
  loggingConfig?: LoggingConfig | undefined;
  /** Whether clicks and scroll depth are recorded for heatmaps, and how addresses are told. Default: off. */
  interactionConfig?: InteractionConfig | undefined;
  /** Which requests wait for sr_take_request. Default "none". */
  hostRequests?: HostRequestKind | undefined;
  /** Properties of the user, for rules of the remote configuration that choose sessions. Default: none. */
  userProperties?: { [key: string]: unknown } | undefined;
  /** sr_set_opt_out holds for later starts, too. Default false. */
  rememberOptOut?: boolean | undefined;
  /** Recording ends after so long without an action of the user. 0, or 1,000 to 86,400,000; default 0. */
  idleTimeoutMs?: number | undefined;
  /**
   * The share of sessions of which the newest minute is kept, and sent only once something goes wrong. 0 to 1; default
   * 0.
   */
  onErrorSampleRate?: number | undefined;
  /** How much of a held session is kept at least. 10,000 to 300,000; default 60,000. */
  onErrorWindowMs?: number | undefined;
  /** An unhandled error in a page, or in a process of Node.js, makes a held session a captured one. Default true. */
  captureOnUnhandledError?: boolean | undefined;
  /** What sr_get_session_replay_url makes the address of a moment of. Default: none: there is no address. */
  replayUrlTemplate?: string | undefined;
}
