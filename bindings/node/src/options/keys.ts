// The names of all options, by who uses them.
import { OPTION_KEYS } from "../model/shared/options.js";
import type { NativeOptions, PageOptions } from "./options.js";

/** The names of {@link PageOptions}. */
export const PAGE_KEYS: ReadonlySet<string> = new Set<keyof PageOptions>([
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
]);

/** {@link IgnoredOptions}, and those that the browser SDK's type inherits from all of Amplitude's SDKs. */
export const IGNORED_KEYS: ReadonlySet<string> = new Set([
  ...["storeType", "useWebWorker", "eagerFullSnapshotSend", "experimental", "instanceName", "sessionReplayId"],
  ...["handleSendEvents", "handleFetchConfig", "apiKey", "enableRequestBodyCompression", "flushIntervalMillis"],
  ...["flushQueueSize", "ingestionMetadata", "minIdLength", "offline", "plan", "remoteConfig", "requestMetadata"],
  ...["serverUrl", "storageProvider", "transportProvider", "useBatch", "diagnosticsClient", "diagnosticsSampleRate"],
]);

/** Why an option is ignored, where there is something to do instead. */
export const IGNORED_BECAUSE: ReadonlyMap<string, string> = new Map([
  ["handleSendEvents", 'the library makes its requests itself; see "trackServerUrl"'],
  ["handleFetchConfig", 'the library makes its requests itself; see "configServerUrl"'],
  ["storeType", 'see "storageDir"'],
  ["serverUrl", 'see "trackServerUrl"'],
  ["flushIntervalMillis", 'see "flushIntervalConfig"'],
  ["sessionReplayId", "it is made of the device id and the session id"],
  ["apiKey", "it is the first argument of init"],
]);

/** The names of {@link NativeOptions}: what the library knows. */
export const NATIVE_KEYS: ReadonlySet<string> = new Set<keyof NativeOptions>(OPTION_KEYS);

/** Every name that `init` knows. */
export const ALL_KEYS: readonly string[] = [
  ...[...NATIVE_KEYS, ...PAGE_KEYS, ...IGNORED_KEYS],
  ...["backend", "libraryPath", "loggerProvider", "version"],
];
