// The script that a native host injects into its web view, at document start: records the page, as the host commands.
// build.mjs sees to it that it runs once, in the top frame or in one of another origin that is to be recorded, and throws nothing.

import { ParentLink } from "./frames/parent-link";
import { type GivenPageOptions, parsePageOptions } from "./model/page-options";
import type { InteractionConfig, LoggingConfig, PageConfig, PrivacyConfig } from "./model/shared";
import { IN_PAGE } from "./in-page";
import { watchClosedTrees } from "./record/closed-trees";
import type { BeforeRecord } from "./record/before-record";
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
  loggingConfig?: LoggingConfig;
  interactionConfig?: InteractionConfig;
  /** Sees each event before it leaves the page, masked, and keeps, drops or replaces it: docs/guide/filter.md. */
  beforeRecord?: BeforeRecord;
  /** The browser SDK's options for a page: docs/guide/web-views.md names those that have an effect. */
  pageOptions?: GivenPageOptions;
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
  /** What the library tells a page's recorder: `sr_get_page_config()`, of which a part that is missing is off. */
  setConfig(config: PageConfig): void;
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
watchClosedTrees();
const isInFrame = window.parent !== window;
/** Whether the host wants this document recorded. In a frame it is the page around it that begins. */
let isWanted = isInFrame || options.autoStart !== false;
/** Whether there is something to record for: in a frame, a page around it that records. */
let isAsked = !isInFrame;

const start = () => isWanted && isAsked && recorder.start();

const parent = isInFrame
  ? new ParentLink(parsePageOptions(options.pageOptions).crossOriginIframes?.allowedOrigins ?? null, {
      flush: () => recorder.flushNow(),
      record: (level) => {
        isAsked = true;
        recorder.setLevelFloor(level);
        if (recorder.isRecording) recorder.takeFullSnapshot();
        else start();
      },
      pause: () => {
        isAsked = false;
        recorder.stop();
      },
    })
  : null;

// The page could take it away later.
const { beforeRecord } = options;

const recorder: Recorder = new Recorder({
  ...options,
  beforeRecord: () => beforeRecord,
  // A frame's events get their time from the page around it, as they arrive there: so none of them waits.
  ...(parent ? { pageOptions: { ...options.pageOptions, performanceConfig: { enabled: false } } } : {}),
  // What a frame says beside its document is not part of the page around it.
  observers: parent ? [] : IN_PAGE,
  send: parent ? parent.send : webViewSend(options.name ?? DEFAULT_NAME, options.postMessage),
  schedule: (flush) => (parent ? queueMicrotask(flush) : setTimeout(flush, interval)),
  lost: (_reason, losses) => setTimeout(start, Math.min(MAX_BACK_OFF_MS, BACK_OFF_MS * 2 ** (losses - 1))),
});

const api: WebViewRecorder = {
  takeFullSnapshot: () => recorder.takeFullSnapshot(),
  pause: () => {
    isWanted = false;
    recorder.stop();
  },
  resume: () => {
    isWanted = true;
    start();
  },
  setPrivacyConfig: (config) => recorder.setPrivacyConfig(config),
  setConfig: (config) => recorder.setConfig(config),
  flush: () => recorder.flush(),
  status: () => recorder.status(),
};
Object.defineProperty(window, "sessionReplayRecorder", { value: Object.freeze(api) });
if (parent) parent.sayHello();
else start();
