// Session replay for the pages of an Electron app: the package's API over what the preload script gives the page as
// `window.sessionReplay`. Bundlers that build for the browser take this file for `session-replay-native`.
import type { SessionReplayReturn } from "../model/browser-sdk.js";
import type { SessionReplayEvents } from "../model/events.js";
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";
import type { SessionReplayOptions } from "../options/options.js";
import type { Stats } from "../model/shared/stats.js";
import { SessionReplayError } from "../model/errors.js";
import { type RecordStatus, type WaitStatus } from "../model/results.js";
import type { Bridge, BridgeEvents } from "./bridge.js";
import { PAGE_OPTIONS, pageOptions, type Call, type Outcome } from "./messages.js";

export type { Bridge } from "./bridge.js";
export type { AmplitudeSessionReplay } from "../browser-sdk-api.js";
export type { FetchConfigRequest, SendEventsRequest, SessionReplayFetchConfigHandler, SessionReplayReturn, SessionReplaySendEventsHandler, SessionReplayTargetingInput, StoreType } from "../model/browser-sdk.js";
export type { IgnoredOptions, NativeOptions, PageOptions, SessionReplayOptions } from "../options/options.js";
export type { Logger } from "../model/log.js";
export type { MaskLevel, PrivacyConfig } from "../model/shared/privacy.js";
export { SessionReplayError, type ErrorStatus } from "../model/errors.js";
export { type RecordStatus, type WaitStatus } from "../model/results.js";
export type { LogLine } from "../model/log.js";
export type { SessionReplayEvents } from "../model/events.js";
export type { Followed, ToldByAnalytics } from "../model/analytics.js";
export type { Backend } from "../model/backend.js";
export type { CaptureState, Stats } from "../model/shared/stats.js";

const NO_PRELOAD =
  "window.sessionReplay is not there: this page's window has no preload script of session-replay-native. " +
  "Set webPreferences.preload to the file that session-replay-native/electron/main exports as preloadPath.";

const bridge = (): Bridge | undefined => (globalThis as { sessionReplay?: Bridge }).sessionReplay;

/** A call to the main process. Values cross worlds by copy, errors without their status: so both come as values. */
async function ask(name: Call, ...given: unknown[]): Promise<unknown> {
  const nobody: Outcome = { ok: false, status: "not-initialized", message: NO_PRELOAD };
  const reply = (await bridge()?.request(name, ...given)) ?? nobody;
  if (reply.ok) return reply.value;
  throw new SessionReplayError(reply.status, reply.message);
}

function returned(name: Call, ...given: unknown[]): SessionReplayReturn {
  return { promise: told(name, ask(name, ...given).then(() => {})) };
}

/** Whoever does not wait for it is told all the same, and not by an unhandled rejection. */
function told<T>(call: string, promise: Promise<T>): Promise<T> {
  promise.catch((error: unknown) => complain(`${call}: ${error instanceof Error ? error.message : String(error)}`));
  return promise;
}

const complaints = new Set<string>();
const MOST_COMPLAINTS = 100;

/** Once: the same page may run in a browser, too, where every event of its analytics would say it again. */
function complain(message: string): void {
  if (complaints.has(message) || complaints.size >= MOST_COMPLAINTS) return;
  complaints.add(message);
  (globalThis as unknown as { console: { warn(text: string): void } }).console.warn(`session-replay: ${message}`);
}

/**
 * Begins recording for the app, or joins what records already. Of the options the main process takes `deviceId` and
 * `sessionId`, and where it has none of its own `sampleRate`, `optOut`, `serverZone`, `debugMode`, `privacyConfig`; the
 * others are accepted and do nothing. The promise resolves when it is decided whether this session is captured.
 */
export function init(apiKey: string, options?: SessionReplayOptions): SessionReplayReturn {
  const left = Object.entries(options ?? {}).flatMap(([key, value]) =>
    value === undefined || value === null || (PAGE_OPTIONS as readonly string[]).includes(key) ? [] : [key],
  );
  if (left.length > 0) complain(`init: not heeded in a page, attach() takes them in the main process: ${left.join(", ")}`);
  return returned("init", apiKey, pageOptions(options));
}

/** Tells the current analytics session. The same as before changes nothing; 0 and "" say "none yet". */
export function setSessionId(sessionId: number | string, deviceId?: string | null): SessionReplayReturn {
  return returned("setSessionId", sessionId, deviceId ?? null);
}

/** Tells the device id that the analytics events carry. */
export function setDeviceId(deviceId: string): SessionReplayReturn {
  return returned("setDeviceId", deviceId);
}

/**
 * Follows what an event of the analytics tells of itself: the session becomes the current one if it is later, the device
 * unless the app gave one. The promise tells what that event has to carry. For integrations with libraries that are not
 * known here.
 */
export function followAnalytics(analytics: ToldByAnalytics): { promise: Promise<Followed> } {
  return { promise: told("followAnalytics", ask("followAnalytics", analytics) as Promise<Followed>) };
}

/** The current session id, as the main process told it last. */
export function getSessionId(): number | string | undefined {
  return bridge()?.getSessionId();
}

/** `<device id>/<session id>`, whether or not the session is captured. */
export function getSessionReplayId(): string | undefined {
  return bridge()?.getSessionReplayId();
}

/** What every analytics event has to carry, so that it leads to the replay. Empty while the session is not captured. */
export function getSessionReplayProperties(): { [key: string]: string } {
  return bridge()?.getSessionReplayProperties() ?? {};
}

/** Adds an event of your own to this page's recording. */
export function record(event: object | string | Uint8Array): RecordStatus {
  return bridge()?.record(event instanceof Uint8Array ? textOf(event) : event) ?? "not-captured";
}

/** Adds events of your own, one's JSON a line; returns how many were taken. */
export function recordLines(lines: string | Uint8Array): number {
  return bridge()?.recordLines(typeof lines === "string" ? lines : textOf(lines)) ?? 0;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Sends what is recorded; tells whether all of it arrived in time. */
export function flush(useRetry: boolean): Promise<void>;
export function flush(timeoutMs?: number): Promise<WaitStatus>;
export function flush(timeoutMs?: number | boolean): Promise<WaitStatus | void> {
  return told("flush", Promise.resolve(bridge()?.flush(timeoutMs)) as Promise<WaitStatus | undefined>);
}

/** Ends recording in this page, and sends what is left. The app's other windows, and the next page, record on. */
export function shutdown(timeoutMs?: number): Promise<WaitStatus> {
  const ended = Promise.resolve(bridge()?.shutdown(timeoutMs)).then((status) => (status ?? "ok") as WaitStatus);
  return told("shutdown", ended);
}

/** Stops recording because the user does not want it. `false` takes back what a page said, not what the app said. */
export function setOptOut(optOut: boolean): void {
  bridge()?.setOptOut(optOut);
}

/** Records this page again after {@link stop}. */
export function start(): SessionReplayReturn {
  return bridge()?.start() ?? { promise: Promise.resolve() };
}

/** Stops recording this page until {@link start}. */
export function stop(): void {
  bridge()?.stop();
}

/** What happened so far in the whole app, as the main process told it last; undefined before it did. */
export function stats(): Stats | undefined {
  return bridge()?.stats() as Stats | undefined;
}

/** What is masked in this page. */
export function getPrivacyConfig(): PrivacyConfig {
  return bridge()?.getPrivacyConfig() ?? {};
}

/** Taken for the browser SDK's sake: targeting is decided by the sample and the remote configuration alone. */
export function evaluateTargetingAndCapture(_targeting: object, ..._flags: unknown[]): Promise<void> {
  return Promise.resolve();
}

/** How to take each listener away again. */
const listening = new Map<unknown, Map<string, () => void>>();

/** Calls `listener` whenever the event happens. `log` is heard in the main process only. */
export function on<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  const away =
    event === "log"
      ? undefined
      : bridge()?.on(event as keyof BridgeEvents, listener as BridgeEvents[keyof BridgeEvents]);
  if (!away) return;
  off(event, listener);
  const known = listening.get(listener) ?? new Map<string, () => void>();
  listening.set(listener, known.set(event, away));
}

/** Calls `listener` the next time the event happens. */
export function once<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  const first = ((...given: Parameters<SessionReplayEvents[Name]>) => {
    off(event, first);
    (listener as (...given: unknown[]) => void)(...given);
  }) as SessionReplayEvents[Name];
  on(event, first);
}

/** Takes a listener away. */
export function off<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  listening.get(listener)?.get(event)?.();
  listening.get(listener)?.delete(event);
}
