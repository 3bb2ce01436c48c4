// What `init` takes: the browser SDK's options by their names, and those of this package.
import type { Backend } from "../model/backend.js";
import type { BeforeRecord } from "../model/before-record.js";
import type { SessionReplayFetchConfigHandler, SessionReplaySendEventsHandler, StoreType } from "../model/browser-sdk.js";
import type { Logger } from "../model/log.js";
import type { LibraryType } from "../model/shared/choices.js";
import type { LibraryOptions } from "../model/shared/options.js";

/** Options of the native library. docs/guide/options.md explains them. */
export interface NativeOptions extends Omit<LibraryOptions, "deviceId" | "sessionId" | "logLevel" | "hostRequests" | "userProperties"> {
  /** The device id that the analytics events carry. Without one nothing is captured. */
  deviceId?: LibraryOptions["deviceId"] | null;
  /** The current analytics session: milliseconds since 1970, or a text. 0 is "none yet". */
  sessionId?: LibraryOptions["sessionId"] | null;
  /** Properties of the user, for rules of the remote configuration that choose sessions. */
  userProperties?: { [key: string]: any } | undefined;
  /** A name, or the browser SDK's number: 0 none, 1 error, 2 warn, 3 verbose (info), 4 debug. */
  logLevel?: LibraryOptions["logLevel"] | 0 | 1 | 2 | 3 | 4;
}

/** Options of the browser SDK for the recorder inside a page. Without a page they do nothing. */
export interface PageOptions {
  /** `enabled` (true): events are written while the page is idle; `timeout` (500): at most so many milliseconds later; `mergeMutations` (true). */
  performanceConfig?:
    | { enabled: boolean; timeout?: number | undefined; mergeMutations?: boolean | undefined; interaction?: object | undefined }
    | undefined;
  crossOriginIframes?: { enabled: boolean; coordinateChildren?: boolean | undefined } | undefined;
  shouldInlineStylesheet?: boolean | undefined;
  inlineImages?: boolean | undefined;
  captureDocumentTitle?: boolean | undefined;
  captureFullSnapshotOnFocus?: boolean | undefined;
  fullSnapshotIntervalMs?: number | undefined;
  applyBackgroundColorToBlockedElements?: boolean | undefined;
  enableUrlChangePolling?: boolean | undefined;
  urlChangePollingInterval?: number | undefined;
  /**
   * Milliseconds after which nothing is recorded until the user does something; 0: never. In Electron it is for each page by itself, and
   * 1,800,000 unless given. Not the browser SDK's.
   */
  idleTimeoutMs?: number | undefined;
  /** Whether canvases are recorded, as pictures. Default: false. Not the browser SDK's. */
  recordCanvas?: boolean | undefined;
  /** `canvas`: pictures of each canvas in a second, 10 at most. Default: 1. Not the browser SDK's. */
  sampling?: { canvas?: number | undefined } | undefined;
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
  sessionReplayId?: string | undefined;
  captureAdoptedStyleSheets?: boolean | undefined;
}

/** The options of `init`. */
export interface SessionReplayOptions extends NativeOptions, PageOptions, IgnoredOptions {
  /** Which FFI package to call the library through; koffi, or else ffi-napi, unless given. */
  backend?: Backend | undefined;
  /** The native library's file. */
  libraryPath?: string | undefined;
  /** Receives the log, as `on("log", …)` does. Where neither is there, warnings and errors go to `console`; `null`: nowhere. */
  loggerProvider?: Logger | null | undefined;
  /** The browser SDK's name of `library`. */
  version?: { type: LibraryType; version: string } | undefined;
  /**
   * Makes the requests with batches, each attempt by one call: returns a Response, or what has its `status`. The library decides
   * what a response means, and tries again where the handler throws or there is none within `sendTimeoutMs`.
   */
  handleSendEvents?: SessionReplaySendEventsHandler | undefined;
  /** The same for the remote configuration. */
  handleFetchConfig?: SessionReplayFetchConfigHandler | undefined;
  /**
   * Sees each event that passes through Node.js before it is recorded, those of pages too in Electron, and keeps, drops or replaces
   * it: docs/guide/filter.md. It belongs to the thread whose `init` has it: what threads without one record is dropped.
   */
  beforeRecord?: BeforeRecord | undefined;
  /** The instance of Amplitude's SDK whose opt-out is followed. */
  instanceName?: string | undefined;
}
