// The names of all options, by who uses them.
import { OPTION_KEYS } from "../model/shared/options.js";
import type { NativeOptions, PageOptions } from "./options.js";

/** The names of {@link PageOptions}. */
export const PAGE_KEYS: ReadonlySet<string> = new Set<keyof PageOptions>([
  "performanceConfig",
  "crossOriginIframes",
  "shouldInlineStylesheet",
  "inlineImages",
  "captureDocumentTitle",
  "captureFullSnapshotOnFocus",
  "fullSnapshotIntervalMs",
  "applyBackgroundColorToBlockedElements",
  "enableUrlChangePolling",
  "urlChangePollingInterval",
  "idleTimeoutMs",
  "recordCanvas",
  "sampling",
]);

/** {@link IgnoredOptions}, and those that the browser SDK's type inherits from all of Amplitude's SDKs. */
export const IGNORED_KEYS: ReadonlySet<string> = new Set([
  ...["storeType", "useWebWorker", "eagerFullSnapshotSend", "experimental", "sessionReplayId"],
  ...["apiKey", "enableRequestBodyCompression", "flushIntervalMillis"],
  ...["flushQueueSize", "identify", "ingestionMetadata", "minIdLength", "offline", "plan", "remoteConfig", "requestMetadata"],
  ...["serverUrl", "storageProvider", "transportProvider", "useBatch", "diagnosticsClient", "diagnosticsSampleRate"],
  "captureAdoptedStyleSheets",
]);

/** Why an option is ignored, where there is something to do instead. */
export const IGNORED_BECAUSE: ReadonlyMap<string, string> = new Map([
  ["storeType", 'see "storageDir"'],
  ["serverUrl", 'see "trackServerUrl"'],
  ["flushIntervalMillis", 'see "flushIntervalConfig"'],
  ["sessionReplayId", "it is made of the device id and the session id"],
  ["eagerFullSnapshotSend", "a full snapshot is stored at once and goes with the next batch; flush sends it"],
  ["captureAdoptedStyleSheets", "constructed style sheets are always recorded"],
  ["apiKey", "it is the first argument of init"],
]);

/** The names of {@link NativeOptions}: what the library knows, but for what follows from the handlers. */
export const NATIVE_KEYS: ReadonlySet<string> = new Set<keyof NativeOptions>(OPTION_KEYS.filter((key) => key !== "hostRequests"));

/** Every name that `init` knows. */
export const ALL_KEYS: readonly string[] = [
  ...[...NATIVE_KEYS, ...PAGE_KEYS, ...IGNORED_KEYS],
  ...["backend", "libraryPath", "loggerProvider", "version", "handleSendEvents", "handleFetchConfig", "instanceName"],
  "beforeRecord",
];
