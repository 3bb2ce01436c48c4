// What `init` takes: the browser SDK's options by their names, and those of this package.
import type { Backend } from "../model/backend.js";
import type { SessionReplayFetchConfigHandler, SessionReplaySendEventsHandler, StoreType } from "../model/browser-sdk.js";
import type { Logger } from "../model/log.js";
import type { LibraryType, LogLevel, SegmentMode, ServerZone } from "../model/shared/choices.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";

/** Options of the native library. docs/guide/options.md gives the bounds and defaults. */
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
  serverZone?: ServerZone | undefined;
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
  /** For hosts without analytics of their own: a new session begins after so long without events. 0: off. */
  sessionTimeoutMs?: number | undefined;
  minSessionDurationMs?: number | undefined;
  /** Check each event whole in `record`, while developing. */
  validateOnRecord?: boolean | undefined;
  /** A name, or the browser SDK's number: 0 none, 1 error, 2 warn, 3 verbose (info), 4 debug. */
  logLevel?: LogLevel | 0 | 1 | 2 | 3 | 4 | undefined;
  debugMode?: boolean | undefined;
  /** What the in-page recorder is to hide; `getPrivacyConfig` joins it with the remote configuration. */
  privacyConfig?: PrivacyConfig | undefined;
  /** How Segment is used, for `processSegmentEvent`: docs/guide/segment.md. */
  segment?: { mode?: SegmentMode | undefined } | undefined;
  /** How the host integrates the SDK. It is sent to the server. */
  library?: { type?: LibraryType | undefined; version?: string | undefined } | undefined;
  clientUrl?: string | undefined;
}

/** Options of the browser SDK for the recorder inside a page. Without a page they do nothing. */
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
 * Options of the browser SDK that are accepted and ignored, because the library does that in its own way. The log says so
 * once for each.
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
  /** Receives the log, as `on("log", …)` does. */
  loggerProvider?: Logger | undefined;
  /** The browser SDK's name of `library`. */
  version?: { type: LibraryType; version: string } | undefined;
}
