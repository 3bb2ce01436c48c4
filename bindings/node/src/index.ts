// Session replay for Node.js and Electron: the calls of @amplitude/session-replay-browser, and what a host of the
// native library needs besides. This file is the public API; recorder/ does the work.
import type { Followed, ToldByAnalytics } from "./model/analytics.js";
import type { SessionReplayReturn } from "./model/browser-sdk.js";
import { messageOf } from "./model/errors.js";
import type { SessionReplayEvents } from "./model/events.js";
import type { RecordStatus, WaitStatus } from "./model/results.js";
import { toJson } from "./model/rrweb-event.js";
import type { MaskLevel, PrivacyConfig } from "./model/shared/privacy.js";
import type { Stats } from "./model/stats.js";
import type { Frame, PointerKind, View, ViewNode } from "./model/views.js";
import type { SessionReplayOptions } from "./options/options.js";
import { sharedRecorder as recorder } from "./shared-recorder.js";

export type { AmplitudeSessionReplay } from "./browser-sdk-api.js";
export type { Followed, ToldByAnalytics } from "./model/analytics.js";
export type { Backend } from "./model/backend.js";
export type {
  FetchConfigRequest,
  SendEventsRequest,
  SessionReplayFetchConfigHandler,
  SessionReplayReturn,
  SessionReplaySendEventsHandler,
  SessionReplayTargetingInput,
  StoreType,
} from "./model/browser-sdk.js";
export { SessionReplayError, type ErrorStatus } from "./model/errors.js";
export type { SessionReplayEvents } from "./model/events.js";
export type { LogLine, Logger } from "./model/log.js";
export type { RecordStatus, WaitStatus } from "./model/results.js";
export type { MaskLevel, PrivacyConfig } from "./model/shared/privacy.js";
export type { CaptureState, Stats } from "./model/stats.js";
export type {
  Color,
  Frame,
  FrameArea,
  FrameFormat,
  FrameMask,
  PixelFormat,
  PointerKind,
  View,
  ViewNode,
  ViewNodeKind,
} from "./model/views.js";
export type { IgnoredOptions, NativeOptions, PageOptions, SessionReplayOptions } from "./options/options.js";

/** Logs a failure that nobody awaits, so that it never ends the process as an unhandled rejection. */
function logFailure<T>(call: string, promise: Promise<T>): Promise<T> {
  promise.catch((error: unknown) => recorder().events.log("error", `${call}: ${messageOf(error)}`));
  return promise;
}

/** Does the work now, and returns its result as the browser SDK does. */
function settled<T>(call: string, work: () => T): { promise: Promise<T> } {
  return { promise: logFailure(call, new Promise((resolve) => resolve(work()))) };
}

/**
 * Starts recording for the whole process. Whatever it can do without waiting is done when it returns.
 *
 * The promise resolves when it is decided whether this session is captured, which may need the remote configuration
 * (some seconds at most), and keeps the process alive until then. It is never rejected: where an option is refused or the
 * native library can't be loaded, nothing is recorded, the log says why at the level "error", and so does `stats().advice`.
 *
 * Called again with the same key and options, it only applies `deviceId` and `sessionId`. Called again with others, it
 * ends recording, sends what is left, and starts again; what is recorded in between is "not-captured".
 */
export function init(apiKey: string, options?: SessionReplayOptions): SessionReplayReturn {
  return { promise: recorder().init(apiKey, options) };
}

/**
 * Sets the current analytics session: milliseconds since 1970, or a text. The same as before changes nothing. Every event
 * recorded after this call belongs to the new session, every one before it to the old. 0, "" and null mean "none yet",
 * and change nothing.
 */
export function setSessionId(sessionId: number | string, deviceId?: string | null): SessionReplayReturn {
  return settled("setSessionId", () => recorder().control.setSessionId(sessionId, deviceId));
}

/** Sets the device id that the analytics events carry. Another than before begins another replay. */
export function setDeviceId(deviceId: string): SessionReplayReturn {
  return settled("setDeviceId", () => recorder().control.setDeviceId(deviceId));
}

/**
 * Follows the ids of an analytics event, by the rules of {@link processSegmentEvent}: its session becomes the current one
 * if it is later, its device unless the host gave one. With `sessionTimeoutMs` and the option
 * `segment: { mode: "classic-cloud" }` it begins a session where there is none. The promise resolves to what that event
 * has to carry. For integrations with other libraries.
 */
export function followAnalytics(told: ToldByAnalytics): { promise: Promise<Followed> } {
  return settled("followAnalytics", () => recorder().followAnalytics(told));
}

/** The current session id, as a number where it is one. */
export function getSessionId(): number | string | undefined {
  return recorder().sessionId;
}

/** `<device id>/<session id>`, whether or not the session is captured. */
export function getSessionReplayId(): string | undefined {
  return recorder().replayId;
}

/** What every analytics event has to carry, so that it leads to the replay. Empty while the session is not captured. */
export function getSessionReplayProperties(): { [key: string]: string } {
  return recorder().properties;
}

/**
 * Keeps one rrweb event: an object, its JSON, or that in UTF-8. It is copied before this returns. Throws a
 * {@link SessionReplayError} where the event can't be kept; before `init` and after `shutdown` it does nothing.
 *
 * Through ffi-napi most events are handed over at the end of the running turn. Then the status is that of the event
 * before, and a refusal, which only a full buffer or a failing disk can cause, goes to the log.
 */
export function record(event: object | string | Uint8Array): RecordStatus {
  return recorder().record(event);
}

/**
 * Keeps many events, one event's JSON a line; empty lines are skipped. Returns how many were kept. Where one is refused,
 * those before it are kept, those after it are not read, and the error's `accepted` says how many were kept.
 */
export function recordLines(lines: string | Uint8Array): number {
  return recorder().recordLines(lines);
}

/**
 * Records an event of your own, as rrweb's `addCustomEvent` does: a breadcrumb, the name of a screen. `payload` is anything that
 * JSON has.
 */
export function recordCustom(tag: string, payload?: unknown): RecordStatus {
  return recorder().views.custom(tag, payload);
}

/** Whether what is recorded now would be captured: ask before work that is only for the replay. */
export function isCapturing(): boolean {
  return recorder().views.isCapturing;
}

/**
 * The level of masking in force: what has to be masked in frames, of which the library knows only what `masks` names. Ask when you
 * read a frame, and again when you hand it over, if that is later: the remote configuration may have made it stricter.
 * "conservative" also while nothing is captured, while the remote configuration is awaited, before `init` and after `shutdown`.
 */
export function maskLevel(): MaskLevel {
  return recorder().views.maskLevel;
}

/**
 * Shows a view: a window, or a part of one. Call it again whenever it moves, resizes, is raised, hidden or shown. A program
 * either shows views, or is one page and calls {@link record}: docs/guide/views.md. Throws a {@link SessionReplayError}
 * where the view is refused, as all calls for views.
 */
export function placeView(view: View): RecordStatus {
  return recorder().views.place(view);
}

/** Takes a view away, with those that lie in it. */
export function closeView(view: number): RecordStatus {
  return recorder().views.close(view);
}

/**
 * Says what is seen in a view: all of it, each node behind those that lie on top of it. The library finds out what changed, and
 * masks by `privacyConfig`. Call it at most some times a second, and again when {@link isCapturing} turns true. A list with a
 * node that is malformed is refused whole.
 */
export function setViewNodes(view: number, nodes: readonly ViewNode[]): RecordStatus {
  return recorder().views.setNodes(view, nodes);
}

/**
 * Shows a frame in a view, which is made where there is none: what a program that paints by itself has painted. Ask
 * {@link nextFrameMs} first. The call masks, compares with the frame before and copies what changed; images are made of that
 * on another thread. What is malformed is refused, and nothing of it is shown.
 */
export function showFrame(view: number, frame: Frame): RecordStatus {
  return recorder().views.showFrame(view, frame);
}

/** In how many milliseconds a view wants its next frame; 0: now. 1000 while nothing is captured: ask again then. */
export function nextFrameMs(view: number): number {
  return recorder().views.nextFrameMs(view);
}

/**
 * Keeps events of the page in a view: one as an object, or many, one event's JSON a line. Returns how many were kept. Where
 * one is refused, those before it are kept, those after it are not read, and the error's `accepted` says how many were kept.
 * The event `needs-full-snapshot` names the view whose page is meant.
 */
export function recordInView(view: number, events: object | string | Uint8Array): number {
  return recorder().views.record(view, events);
}

/** Tells what the pointer does in a view without a page, in pixels from its upper left corner. `timestampMs` 0: now. */
export function viewPointer(view: number, kind: PointerKind, x: number, y: number, timestampMs?: number): RecordStatus {
  return recorder().views.pointer(view, kind, x, y, timestampMs);
}

/** Tells that a key was pressed in a view: "Enter", "F1", "Ctrl+S"; never what is typed: that is refused. */
export function viewKey(view: number, name: string, timestampMs?: number): RecordStatus {
  return recorder().views.key(view, name, timestampMs);
}

/**
 * Sends what is recorded. The promise resolves to "ok" if all of it was delivered in time (10 seconds unless given; 0 only
 * starts it). Nothing blocks meanwhile. `flush(true)` and `flush(false)` are as in the browser SDK.
 */
export function flush(useRetry: boolean): Promise<void>;
export function flush(timeoutMs?: number): Promise<WaitStatus>;
export function flush(timeoutMs?: number | boolean): Promise<WaitStatus | void> {
  return logFailure("flush", recorder().flush(timeoutMs));
}

/**
 * Ends recording and sends what is left, within this time (5 seconds unless given). Nothing blocks meanwhile. What could
 * not be sent waits in `storageDir` for the next start; without one it is lost.
 */
export function shutdown(timeoutMs?: number): Promise<WaitStatus> {
  return logFailure("shutdown", recorder().shutdown(timeoutMs));
}

/** Stops recording because the user does not want it, or resumes it. */
export function setOptOut(optOut: boolean): void {
  recorder().control.setOptOut(optOut);
}

/** Resumes recording after {@link stop}. */
export function start(): SessionReplayReturn {
  return settled("start", () => recorder().control.setStopped(false));
}

/** Stops recording until {@link start}; what was recorded is still delivered. */
export function stop(): void {
  recorder().control.setStopped(true);
}

/** The counters, and the state of capture. */
export function stats(): Stats {
  return recorder().stats;
}

/**
 * Adds the replay's properties to an event for Segment, and returns it as it has to be sent: an object for an object,
 * JSON for JSON, of which every other byte stays as it is. For hosts that speak Segment's HTTP API;
 * `session-replay-native/segment` has plugins for Segment's own libraries. The option `segment` says how Amplitude is
 * connected: docs/guide/segment.md. Before `init` and after `shutdown` it returns the event as it is. Throws a
 * {@link SessionReplayError} for what is no event.
 *
 * `told` counts in place of the event's own ids: with Classic, device-mode, the session and the device of the Amplitude
 * library beside Segment.
 */
export function processSegmentEvent<Event extends object | string>(event: Event, told?: ToldByAnalytics): Event {
  if (!recorder().isFollowing("processSegmentEvent")) return event;
  if (typeof event === "string") return recorder().processSegmentEvent(event, told) as Event;
  return JSON.parse(recorder().processSegmentEvent(toJson(event), told)) as Event;
}

/**
 * What the in-page recorder must hide: the option `privacyConfig`, merged with the remote configuration once `init`'s
 * promise is settled. The library itself hides nothing. Empty before `init`.
 */
export function getPrivacyConfig(): PrivacyConfig {
  return recorder().privacyConfig;
}

/** Exists for compatibility with the browser SDK: the sample and the remote configuration alone decide about targeting. */
export function evaluateTargetingAndCapture(_targeting: object, ..._flags: unknown[]): Promise<void> {
  return Promise.resolve();
}

/** Calls `listener` whenever the event happens. Listening does not keep the process alive. */
export function on<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  recorder().events.on(event, listener);
  recorder().poller.start();
}

/** Calls `listener` the next time the event happens. */
export function once<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  recorder().events.once(event, listener);
  recorder().poller.start();
}

/** Removes a listener. */
export function off<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  recorder().events.off(event, listener);
}

/** Tells TypeScript that there is no default export: a host in CommonJS would get `undefined` for one. */
export declare const __esModule: true;
