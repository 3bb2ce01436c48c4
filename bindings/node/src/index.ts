// Session replay for Node.js and Electron: the calls of @amplitude/session-replay-browser, and what a host of the
// native library needs besides. This file is the public API; recorder/ does the work.
import type { Followed, ToldByAnalytics } from "./model/analytics.js";
import type { SessionReplayReturn, SessionReplayTargetingInput } from "./model/browser-sdk.js";
import type { LogLineLevel, RecordedRequest } from "./model/companions.js";
import { messageOf } from "./model/errors.js";
import type { SessionReplayEvents } from "./model/events.js";
import type { Interaction } from "./model/interactions.js";
import type { RecordStatus, WaitStatus } from "./model/results.js";
import { toJson } from "./model/rrweb-event.js";
import type { PageConfig } from "./model/shared/page-config.js";
import type { MaskLevel, PrivacyConfig } from "./model/shared/privacy.js";
import type { Stats } from "./model/stats.js";
import type { Frame, PointerKind, View, ViewNode } from "./model/views.js";
import type { SessionReplayOptions } from "./options/options.js";
import { sharedRecorder as recorder } from "./shared-recorder.js";

export type { AmplitudeSessionReplay } from "./browser-sdk-api.js";
export type { Followed, ToldByAnalytics } from "./model/analytics.js";
export type { Backend } from "./model/backend.js";
export type { BeforeRecord, ReplayEvent } from "./model/before-record.js";
export type {
  FetchConfigRequest,
  SendEventsRequest,
  SessionReplayFetchConfigHandler,
  SessionReplayReturn,
  SessionReplaySendEventsHandler,
  SessionReplayTargetingInput,
  StoreType,
} from "./model/browser-sdk.js";
export type { LogLineLevel, RecordedRequest, RequestHeaders } from "./model/companions.js";
export { SessionReplayError, type ErrorStatus } from "./model/errors.js";
export type { SessionReplayEvents } from "./model/events.js";
export type { ClickInteraction, Interaction, ScrollInteraction } from "./model/interactions.js";
export type { LogLine, Logger } from "./model/log.js";
export type { RecordStatus, WaitStatus } from "./model/results.js";
export type { InteractionConfig, LoggingConfig, PageConfig } from "./model/shared/page-config.js";
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
 * Called again with the same key and options, it only applies `deviceId`, `sessionId`, `userProperties` and functions. Called again with others, it
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

/**
 * The address of this moment in the replay, by the option `replayUrlTemplate`, for a support ticket or a crash report; `undefined`
 * without that option, and while the session is not captured.
 */
export function getSessionReplayUrl(): string | undefined {
  return recorder().replayUrl;
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

/**
 * Makes the current session a captured one, if it is held (`onErrorSampleRate`): what is kept of it is sent, and what follows. The
 * replay has a custom event that tells the reason. Call it where something went wrong; a crash needs no call. Any text will do: of a long
 * one the first 1,000 bytes count (UTF-8), and "" is "captureNow".
 */
export function captureNow(reason: string): RecordStatus {
  return recorder().views.captureNow(reason);
}

/**
 * Records a click or a scroll depth for heatmaps, where `interactionConfig` is on: one of your own drawing, say. Pages that are
 * recorded tell theirs by themselves. It is no event of the replay. "not-captured" also where `interactionConfig` is off.
 */
export function recordInteraction(interaction: Interaction): RecordStatus {
  return recorder().views.interaction(interaction);
}

/**
 * Records a line of the program's own log: it stands in the replay as a line of the console. Secrets in it are masked;
 * `loggingConfig.console` may say that it is not kept. For the transport of your logger.
 */
export function recordLog(level: LogLineLevel, message: string): RecordStatus {
  return recorder().companions.log(level, message);
}

/**
 * Records an HTTP request of the program, once it has ended: it stands in the replay as one of a page does. What is kept of it,
 * `loggingConfig.network` says; secrets are masked always, in headers, in the URL and in bodies.
 */
export function recordRequest(request: RecordedRequest): RecordStatus {
  return recorder().companions.request(request);
}

/** Whether what is recorded now would be captured, or an action of a user who is idle: ask before work that is only for the replay. */
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

/**
 * Stops recording because the user does not want it, or resumes it. With the option `rememberOptOut` later starts hold to it;
 * throws a {@link SessionReplayError} ("storage") where it can't be remembered, while the opt-out itself is in force. What is neither true
 * nor false is refused ("invalid-argument"), and changes nothing.
 */
export function setOptOut(optOut: boolean): void {
  recorder().control.setOptOut(optOut);
}

/**
 * Pauses recording: the program's wish, beside the user's ({@link setOptOut}). Nothing is recorded until {@link resume}, and events of
 * the analytics get no properties; what was recorded is still delivered. A second call changes nothing.
 */
export function pause(): void {
  recorder().control.setStopped(true);
}

/** Ends what {@link pause} began, and no opt-out. Recording goes on in the same session, with a full snapshot. */
export function resume(): void {
  recorder().control.setStopped(false);
}

/** As {@link resume}, under the browser SDK's name. */
export function start(): SessionReplayReturn {
  return settled("start", () => recorder().control.setStopped(false));
}

/** As {@link pause}, under the browser SDK's name. */
export function stop(): void {
  recorder().control.setStopped(true);
}

/**
 * Deletes every event that was recorded and is not delivered: of this run, and of runs that have ended, which `storageDir` holds. What
 * is being sent right now may arrive; what other living processes recorded stays. Recording goes on with a full snapshot: where the
 * user does not want that, call {@link setOptOut} first. {@link shutdown} waits for it. `stats().dropped.deleted` counts what was deleted.
 * Rejected with a
 * {@link SessionReplayError}: "not-initialized", or "storage" where something can't be deleted.
 */
export function deleteStored(): Promise<void> {
  return logFailure("deleteStored", recorder().control.deleteStored());
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

/**
 * All that the in-page recorder has to know: `privacyConfig` as {@link getPrivacyConfig} gives it, and, where they are on,
 * `loggingConfig` and `interactionConfig`. Pass it to `sessionReplayRecorder.setConfig`.
 */
export function getPageConfig(): PageConfig {
  return recorder().pageConfig;
}

/**
 * Tells what may decide whether this session is captured, where the remote configuration has rules for that: an analytics event, the
 * user's properties, the address of what is shown. What is left out is as it was told last. A session that a rule has matched
 * stays captured. Returns whether it is; the event `needs-full-snapshot` follows where it begins to be. Events that the plugins of this
 * package and {@link processSegmentEvent} see are told by themselves.
 */
export function evaluateTargeting(targeting: SessionReplayTargetingInput): RecordStatus {
  return recorder().targeting.evaluate(targeting);
}

/**
 * {@link evaluateTargeting} under the browser SDK's name: never throws, and a failure is in the log. `forceRestart`: what is captured
 * begins again with a full snapshot, which the event `needs-full-snapshot` asks for. The other flags change nothing.
 */
export function evaluateTargetingAndCapture(
  targetingParams: SessionReplayTargetingInput,
  _isInit = false,
  forceRestart = false,
  _forceTargetingReevaluation = false,
): Promise<void> {
  recorder().targeting.evaluateAndCapture(targetingParams, forceRestart);
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
