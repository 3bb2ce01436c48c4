// The script that a native host injects into its web view, at document start: records the page, and obeys the host.

import type { RecorderOptions } from "./record/recorder";
import type { PageOptions } from "./record/page-options";
import type { PrivacyConfig } from "./privacy/config";
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
  /** The browser SDK's options for a page: docs/guide/web-views.md names those that are heeded. */
  pageOptions?: Partial<PageOptions>;
  /** Milliseconds for which events are gathered. Default: 250. */
  flushIntervalMs?: number;
  /** false: `sessionReplayRecorder.resume()` begins. */
  autoStart?: boolean;
}

/** What the host calls, as `sessionReplayRecorder`. Nothing of it ever throws. */
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
  /** Numbers and problems, for the one who looks for a fault. */
  status(): object;
}

declare const require: (module: "./record/recorder") => typeof import("./record/recorder");

const GLOBAL = "sessionReplayRecorder";
/** How long a host that takes nothing is left alone; each further time twice as long. */
const PATIENCE_MS = 5_000;
const MOST_PATIENCE_MS = 300_000;

function install(): void {
  // Loaded only here: an injected script runs in every frame, and rrweb opens a frame of its own.
  const { Recorder } = require("./record/recorder");
  const options = ((window as unknown as Record<string, unknown>)["sessionReplayRecorderOptions"] ??
    {}) as WebViewOptions;
  const interval = typeof options.flushIntervalMs === "number" ? options.flushIntervalMs : 250;
  let wanted = options.autoStart !== false;
  const recorder = new Recorder({
    ...options,
    send: webViewSend(options.name ?? DEFAULT_NAME, options.postMessage),
    schedule: (flush) => setTimeout(flush, interval),
    lost: (_loss, times) =>
      setTimeout(() => wanted && recorder.start(), Math.min(MOST_PATIENCE_MS, PATIENCE_MS * 2 ** (times - 1))),
  });
  const api: WebViewRecorder = {
    takeFullSnapshot: () => recorder.takeFullSnapshot(),
    pause: () => {
      wanted = false;
      recorder.stop();
    },
    resume: () => {
      wanted = true;
      recorder.start();
    },
    setPrivacyConfig: (config) => recorder.setPrivacyConfig(config),
    flush: () => recorder.flush(),
    status: () => recorder.status(),
  };
  Object.defineProperty(window, GLOBAL, { value: Object.freeze(api) });
  if (wanted) recorder.start();
}

try {
  if (window.top === window && !Object.prototype.hasOwnProperty.call(window, GLOBAL)) install();
} catch {
  // Without a recorder the page is as it was.
}
