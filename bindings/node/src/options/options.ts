// What `init` takes: the browser SDK's options by their names, and those of this package.
import type { Backend } from "../model/backend.js";
import type { SessionReplayFetchConfigHandler, SessionReplaySendEventsHandler, StoreType } from "../model/browser-sdk.js";
import type { Logger } from "../model/log.js";
import type { LibraryType } from "../model/shared/choices.js";
import type { LibraryOptions } from "../model/shared/options.js";

/** Options of the native library. docs/guide/options.md explains them. */
export interface NativeOptions extends Omit<LibraryOptions, "deviceId" | "sessionId" | "logLevel"> {
  /** The device id that the analytics events carry. Without one nothing is captured. */
  deviceId?: LibraryOptions["deviceId"] | null;
  /** The current analytics session: milliseconds since 1970, or a text. 0 is "none yet". */
  sessionId?: LibraryOptions["sessionId"] | null;
  /** A name, or the browser SDK's number: 0 none, 1 error, 2 warn, 3 verbose (info), 4 debug. */
  logLevel?: LibraryOptions["logLevel"] | 0 | 1 | 2 | 3 | 4;
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
  /** Receives the log, as `on("log", …)` does. Where neither is there, warnings and errors go to `console`; `null`: nowhere. */
  loggerProvider?: Logger | null | undefined;
  /** The browser SDK's name of `library`. */
  version?: { type: LibraryType; version: string } | undefined;
}
