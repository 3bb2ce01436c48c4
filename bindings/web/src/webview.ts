// The script that a native host injects into its web view, at document start: records the page, as the host commands.
// build.mjs sees to it that it runs once, in the top frame, and throws nothing.

import type { PrivacyConfig } from "./model/shared";
import type { PageOptions } from "./record/page-options";
import { Recorder, type RecorderOptions } from "./record/recorder";
import { DEFAULT_NAME, webViewSend } from "./send/transport";

/** What the host may set in `window.sessionReplayRecorderOptions` before this script runs. */
export interface WebViewOptions extends Partial<
  Pick<RecorderOptions, "maxMessageLength" | "maxQueueLength" | "maxEventLength">
> {
  /** Takes messages in place of what the web view offers. */
  postMessage?: (lines: string) => void;
  /** Name of the message handler or of the QWebChannel object. Default: "sessionReplay". */
  name?: string;
  privacyConfig?: PrivacyConfig;
  /** The browser SDK's options for a page: docs/guide/web-views.md names those that have an effect. */
  pageOptions?: Partial<PageOptions>;
  /** Milliseconds for which events are gathered. Default: 250. */
  flushIntervalMs?: number;
  /** false: `sessionReplayRecorder.resume()` starts recording. */
  autoStart?: boolean;
}

/** What the host calls, as `sessionReplayRecorder`. None of it ever throws. */
export interface WebViewRecorder {
  /** To be called when the library answers `SR_NEEDS_FULL_SNAPSHOT`. */
  takeFullSnapshot(): void;
  /** Stops recording, as for a window in the background. */
  pause(): void;
  /** Records again, beginning with a full snapshot. */
  resume(): void;
  setPrivacyConfig(config: PrivacyConfig): void;
  /** Sends what there is. */
  flush(): void;
  /** For troubleshooting: numbers, and what went wrong. */
  status(): object;
}

const FLUSH_INTERVAL_MS = 250;
/** How long recording is paused after a loss; twice as long after each further one. */
const BACK_OFF_MS = 5_000;
const MAX_BACK_OFF_MS = 300_000;

const options = ((window as unknown as Record<string, unknown>)["sessionReplayRecorderOptions"] ?? {}) as WebViewOptions;
const interval = typeof options.flushIntervalMs === "number" ? options.flushIntervalMs : FLUSH_INTERVAL_MS;
let isWanted = options.autoStart !== false;

const recorder = new Recorder({
  ...options,
  send: webViewSend(options.name ?? DEFAULT_NAME, options.postMessage),
  schedule: (flush) => setTimeout(flush, interval),
  lost: (_reason, losses) =>
    setTimeout(() => isWanted && recorder.start(), Math.min(MAX_BACK_OFF_MS, BACK_OFF_MS * 2 ** (losses - 1))),
});

const api: WebViewRecorder = {
  takeFullSnapshot: () => recorder.takeFullSnapshot(),
  pause: () => {
    isWanted = false;
    recorder.stop();
  },
  resume: () => {
    isWanted = true;
    recorder.start();
  },
  setPrivacyConfig: (config) => recorder.setPrivacyConfig(config),
  flush: () => recorder.flush(),
  status: () => recorder.status(),
};
Object.defineProperty(window, "sessionReplayRecorder", { value: Object.freeze(api) });
if (isWanted) recorder.start();
