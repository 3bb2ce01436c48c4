// Session replay for Node.js and Electron: the calls of @amplitude/session-replay-browser, and what a host of the
// native library needs besides. This file is the public API; recorder/ does the work.
import type { SessionReplayReturn } from "./model/browser-sdk.js";
import { toJson } from "./model/rrweb-event.js";
import type { SessionReplayEvents } from "./model/events.js";
import type { Followed, ToldByAnalytics } from "./model/ids.js";
import type { PrivacyConfig, SessionReplayOptions } from "./options/options.js";
import { Recorder } from "./recorder/recorder.js";
import { noStats, type Stats } from "./model/stats.js";
import type { RecordStatus, WaitStatus } from "./model/status.js";

export type {
  AmplitudeSessionReplay,
  FetchConfigRequest,
  SendEventsRequest,
  SessionReplayFetchConfigHandler,
  SessionReplayReturn,
  SessionReplaySendEventsHandler,
  SessionReplayTargetingInput,
  StoreType,
} from "./model/browser-sdk.js";
export type { LogLine, SessionReplayEvents } from "./model/events.js";
export type { Followed, ToldByAnalytics } from "./model/ids.js";
export type {
  IgnoredOptions,
  Logger,
  MaskLevel,
  NativeOptions,
  PageOptions,
  PrivacyConfig,
  SessionReplayOptions,
} from "./options/options.js";
export type { CaptureState, Stats } from "./model/stats.js";
export { SessionReplayError, type ErrorStatus, type RecordStatus, type WaitStatus } from "./model/status.js";
export type { Backend } from "./native/library.js";

const recorder = new Recorder();

/** A failure that nobody awaits goes to the log, and never ends the process as an unhandled rejection. */
function told<T>(call: string, promise: Promise<T>): Promise<T> {
  promise.catch((error: unknown) =>
    recorder.events.log("error", `${call}: ${error instanceof Error ? error.message : error}`),
  );
  return promise;
}

/** Runs what is done at once, and tells of it as the browser SDK does. */
function done<T>(call: string, work: () => T): { promise: Promise<T> } {
  return { promise: told(call, new Promise((resolve) => resolve(work()))) };
}

/**
 * Starts recording for the whole process. Whatever it can do without waiting is done when it returns.
 *
 * The promise settles when it is decided whether this session is captured, which may need the remote configuration
 * (some seconds at most), and holds the process until then. It is rejected with a {@link SessionReplayError} where an
 * option is refused or the native library is missing.
 *
 * Called again with the same key and options, it only takes over `deviceId` and `sessionId`. Called again with others,
 * it ends recording, sends what is left, and starts anew; what is recorded in between is answered "not-captured".
 */
export function init(apiKey: string, options?: SessionReplayOptions): SessionReplayReturn {
  return { promise: told("init", recorder.init(apiKey, options)) };
}

/**
 * Tells the current analytics session: milliseconds since 1970, or a text. The same as before changes nothing. Every
 * event recorded after this call belongs to the new session, every one before it to the old. 0, "" and null say "none
 * yet", and change nothing.
 */
export function setSessionId(sessionId: number | string, deviceId?: string | null): SessionReplayReturn {
  return done("setSessionId", () => recorder.setSessionId(sessionId, deviceId));
}

/** Tells the device id that the analytics events carry. Another than before begins another replay. */
export function setDeviceId(deviceId: string): SessionReplayReturn {
  return done("setDeviceId", () => recorder.setDeviceId(deviceId));
}

/**
 * Follows what an event of the analytics tells of itself, by the rules of {@link processSegmentEvent}: the session
 * becomes the current one if it is later, the device unless the host gave one. With `sessionTimeoutMs` and the option
 * `segment: { mode: "classic-cloud" }` it begins a session where there is none. The promise tells what that event has to
 * carry. For integrations with other libraries.
 */
export function followAnalytics(told: ToldByAnalytics): { promise: Promise<Followed> } {
  return done("followAnalytics", () => recorder.followAnalytics(told));
}

/** The current session id, as a number where it is one. */
export function getSessionId(): number | string | undefined {
  return recorder.sessionId;
}

/** `<device id>/<session id>`, whether or not the session is captured. */
export function getSessionReplayId(): string | undefined {
  return recorder.replayId;
}

/** What every analytics event has to carry, so that it leads to the replay. Empty while the session is not captured. */
export function getSessionReplayProperties(): { [key: string]: string } {
  return recorder.properties;
}

/**
 * Keeps one rrweb event: an object, its JSON, or that in UTF-8. It is copied before this returns. Throws a
 * {@link SessionReplayError} where the event can't be kept; before `init` and after `shutdown` it does nothing.
 *
 * Through ffi-napi most events are handed over at the end of the running turn. Then the answer is the newest that the
 * library gave, and a refusal, which only a full buffer or a failing disk can cause, goes to the log.
 */
export function record(event: object | string | Uint8Array): RecordStatus {
  return recorder.record(event);
}

/**
 * Keeps many events, one event's JSON a line; empty lines are passed over. Returns how many were kept. Where one is
 * refused, those before it are kept, those after it are not looked at, and the error that is thrown tells in `accepted`
 * how many were kept.
 */
export function recordLines(lines: string | Uint8Array): number {
  return recorder.recordLines(lines);
}

/**
 * Sends what is recorded. The promise tells whether all of it arrived in time (10 seconds unless given; 0 only starts
 * it); it waits on another thread. `flush(true)` and `flush(false)` are as in the browser SDK.
 */
export function flush(useRetry: boolean): Promise<void>;
export function flush(timeoutMs?: number): Promise<WaitStatus>;
export function flush(timeoutMs?: number | boolean): Promise<WaitStatus | void> {
  return told("flush", recorder.flush(timeoutMs));
}

/**
 * Ends recording and sends what is left, for at most so long (5 seconds unless given), on another thread. What could
 * not be sent waits in `storageDir` for the next start; without one it is lost.
 */
export function shutdown(timeoutMs?: number): Promise<WaitStatus> {
  return told("shutdown", recorder.shutdown(timeoutMs));
}

/** Stops recording because the user does not want it, or resumes it. */
export function setOptOut(optOut: boolean): void {
  recorder.setOptOut(optOut);
}

/** Resumes recording after {@link stop}. */
export function start(): SessionReplayReturn {
  return done("start", () => recorder.setStopped(false));
}

/** Stops recording until {@link start}; what was recorded is still delivered. */
export function stop(): void {
  recorder.setStopped(true);
}

/** What happened so far, in numbers. */
export function stats(): Stats {
  return recorder.stats ?? noStats();
}

/**
 * Takes an event for Segment before it is sent, and returns it as it has to be sent: an object for an object, JSON for
 * JSON, of which every other byte stays as it is. For hosts that speak Segment's HTTP API; `session-replay-native/segment`
 * has what Segment's own libraries take. The option `segment` says how Amplitude is connected: docs/guide/segment.md. Before
 * `init` and after `shutdown` it returns the event as it is. Throws a {@link SessionReplayError} for what is no event.
 *
 * `told` counts in place of what the event tells: with Classic, device-mode, the session and the device of the Amplitude
 * library beside Segment.
 */
export function processSegmentEvent<Event extends object | string>(event: Event, told?: ToldByAnalytics): Event {
  if (typeof event === "string") return recorder.processSegmentEvent(event, told) as Event;
  return JSON.parse(recorder.processSegmentEvent(toJson(event), told)) as Event;
}

/**
 * What the in-page recorder is to hide: the option `privacyConfig`, joined with the remote configuration once `init`'s
 * promise is settled. The library itself hides nothing. Empty before `init`.
 */
export function getPrivacyConfig(): PrivacyConfig {
  return recorder.privacyConfig;
}

/** Taken for the browser SDK's sake: targeting is decided by the sample and the remote configuration alone. */
export function evaluateTargetingAndCapture(_targeting: object, ..._flags: unknown[]): Promise<void> {
  return Promise.resolve();
}

/** Calls `listener` whenever the event happens. Listening does not hold the process. */
export function on<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  recorder.events.on(event, listener);
  recorder.watch.start();
}

/** Calls `listener` the next time the event happens. */
export function once<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  recorder.events.once(event, listener);
  recorder.watch.start();
}

/** Takes a listener away. */
export function off<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  recorder.events.off(event, listener);
}
