// Session replay for the pages of an Electron app: the package's API over what the preload script gives the page as
// `window.sessionReplay`. Bundlers that build for the browser take this file for `session-replay-native`.
import type { Followed, ToldByAnalytics } from "../model/analytics.js";
import type { SessionReplayReturn, SessionReplayTargetingInput } from "../model/browser-sdk.js";
import { SessionReplayError, messageOf } from "../model/errors.js";
import type { SessionReplayEvents } from "../model/events.js";
import { IdentityStoreFollower } from "../model/identity-store.js";
import { hostConsole, writeLine } from "../model/log.js";
import type { RecordStatus, WaitStatus } from "../model/results.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";
import type { Stats } from "../model/stats.js";
import type { SessionReplayOptions } from "../options/options.js";
import type { Bridge, BridgeEvents } from "./bridge.js";
import { PAGE_OPTIONS, pageOptions, type Call, type Outcome } from "./messages.js";

export type { Bridge } from "./bridge.js";
export type { AmplitudeSessionReplay } from "../browser-sdk-api.js";
export type { Followed, ToldByAnalytics } from "../model/analytics.js";
export type { Backend } from "../model/backend.js";
export type {
  FetchConfigRequest,
  SendEventsRequest,
  SessionReplayFetchConfigHandler,
  SessionReplayReturn,
  SessionReplaySendEventsHandler,
  SessionReplayTargetingInput,
  StoreType,
} from "../model/browser-sdk.js";
export { SessionReplayError, type ErrorStatus } from "../model/errors.js";
export type { SessionReplayEvents } from "../model/events.js";
export type { LogLine, Logger } from "../model/log.js";
export type { RecordStatus, WaitStatus } from "../model/results.js";
export type { MaskLevel, PrivacyConfig } from "../model/shared/privacy.js";
export type { CaptureState, Stats } from "../model/stats.js";
export type { IgnoredOptions, NativeOptions, PageOptions, SessionReplayOptions } from "../options/options.js";

const NO_PRELOAD =
  "window.sessionReplay is not there: this page's window has no preload script of session-replay-native. " +
  "Set webPreferences.preload to the file that session-replay-native/electron/main exports as preloadPath.";

const bridge = (): Bridge | undefined => (globalThis as { sessionReplay?: Bridge }).sessionReplay;

/** Calls the main process. Errors lose their status between the worlds, so they come as values. */
async function request(name: Call, ...given: unknown[]): Promise<unknown> {
  const noPreload: Outcome = { ok: false, status: "not-initialized", message: NO_PRELOAD };
  const reply = (await bridge()?.request(name, ...given)) ?? noPreload;
  if (reply.ok) return reply.value;
  throw new SessionReplayError(reply.status, reply.message);
}

function returned(name: Call, ...given: unknown[]): SessionReplayReturn {
  return { promise: logFailure(name, request(name, ...given).then(() => {})) };
}

/** Starts recording; a failure is logged, and rejects nothing. */
function started(apiKey: string, options: object): SessionReplayReturn {
  const failed = (error: unknown): void => logOnce("error", `init failed: ${messageOf(error)}`);
  return { promise: request("init", apiKey, options).then(() => {}, failed) };
}

/** Logs a failure that nobody awaits, so that it is no unhandled rejection. */
function logFailure<T>(call: string, promise: Promise<T>): Promise<T> {
  promise.catch((error: unknown) => logOnce("warn", `${call}: ${messageOf(error)}`));
  return promise;
}

const logged = new Set<string>();
const MAX_LOGGED = 100;

/** Once: the same page may run in a browser, too, where every analytics event would warn again. */
function logOnce(level: "error" | "warn", message: string): void {
  if (logged.has(message) || logged.size >= MAX_LOGGED) return;
  logged.add(message);
  writeLine(hostConsole(), { level, message });
}

/** Whoever has opted out of this page's analytics is not recorded. */
const analyticsOptOut = new IdentityStoreFollower((optOut) => setOptOut(optOut));

/** Options that mean this page, and are used here. */
const OWN_OPTIONS: readonly string[] = ["instanceName"];

/**
 * Starts recording for the app, or joins the recording. Of the options the main process takes `deviceId` and
 * `sessionId`, and where it has none of its own `sampleRate`, `optOut`, `serverZone`, `debugMode`, `privacyConfig`, `version`;
 * `instanceName` is that of the page's own analytics. The others are accepted and do nothing: the main process can't call a page's
 * `handleSendEvents`. The promise resolves when it is decided whether this session is captured; it is never
 * rejected: where nothing can be recorded, the console says why.
 */
export function init(apiKey: string, options?: SessionReplayOptions): SessionReplayReturn {
  const ignored = Object.entries(options ?? {}).flatMap(([key, value]) =>
    value === undefined || value === null || [...PAGE_OPTIONS, ...OWN_OPTIONS].includes(key) ? [] : [key],
  );
  if (ignored.length > 0) {
    logOnce("warn", `init: ignored in a page, attach() takes them in the main process: ${ignored.join(", ")}`);
  }
  analyticsOptOut.follow(options?.instanceName);
  return started(apiKey, pageOptions(options));
}

/** Sets the current analytics session. The same as before changes nothing; 0 and "" mean "none yet". */
export function setSessionId(sessionId: number | string, deviceId?: string | null): SessionReplayReturn {
  analyticsOptOut.look();
  return returned("setSessionId", sessionId, deviceId ?? null);
}

/** Sets the device id that the analytics events carry. */
export function setDeviceId(deviceId: string): SessionReplayReturn {
  return returned("setDeviceId", deviceId);
}

/**
 * Follows the ids of an analytics event: its session becomes the current one if it is later, its device unless the app gave
 * one. The promise resolves to what that event has to carry. For integrations with other libraries.
 */
export function followAnalytics(analytics: ToldByAnalytics): { promise: Promise<Followed> } {
  return { promise: logFailure("followAnalytics", request("followAnalytics", analytics) as Promise<Followed>) };
}

/** The current session id, as of the newest state of the main process. */
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

/** Adds events of your own, one's JSON a line; returns how many were kept. */
export function recordLines(lines: string | Uint8Array): number {
  return bridge()?.recordLines(typeof lines === "string" ? lines : textOf(lines)) ?? 0;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Sends what is recorded; the promise resolves to "ok" if all of it was delivered in time. */
export function flush(useRetry: boolean): Promise<void>;
export function flush(timeoutMs?: number): Promise<WaitStatus>;
export function flush(timeoutMs?: number | boolean): Promise<WaitStatus | void> {
  return logFailure("flush", Promise.resolve(bridge()?.flush(timeoutMs)) as Promise<WaitStatus | undefined>);
}

/** Ends recording in this page, and sends what is left. The app's other windows, and the next page, record on. */
export function shutdown(timeoutMs?: number): Promise<WaitStatus> {
  const ended = Promise.resolve(bridge()?.shutdown(timeoutMs)).then((status) => (status ?? "ok") as WaitStatus);
  return logFailure("shutdown", ended);
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

/** The counters of the whole app, as of the newest state of the main process; undefined before there is one. */
export function stats(): Stats | undefined {
  return bridge()?.stats() as Stats | undefined;
}

/** What is masked in this page. */
export function getPrivacyConfig(): PrivacyConfig {
  return bridge()?.getPrivacyConfig() ?? {};
}

/**
 * Tells what may decide whether this session is captured, where the remote configuration has rules for that: an analytics event,
 * the user's properties; this page's address is told by itself. When the promise resolves, {@link getSessionReplayProperties} has what was
 * decided. `forceRestart`: what is recorded begins again with a full snapshot. It is never rejected: the console says what was refused.
 */
export async function evaluateTargetingAndCapture(
  targetingParams: SessionReplayTargetingInput,
  isInit = false,
  forceRestart = false,
  forceTargetingReevaluation = false,
): Promise<void> {
  try {
    // Between the two worlds only values of JSON's kind go across for certain.
    const told = JSON.parse(JSON.stringify(targetingParams ?? {})) as SessionReplayTargetingInput;
    await bridge()?.evaluateTargetingAndCapture(told, isInit, forceRestart, forceTargetingReevaluation);
  } catch (error) {
    logOnce("warn", `evaluateTargetingAndCapture: ${messageOf(error)}`);
  }
}

/** How to remove each listener. */
const removers = new Map<unknown, Map<string, () => void>>();

/** Calls `listener` whenever the event happens. `log` happens in the main process only. */
export function on<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  const remove =
    event === "log"
      ? undefined
      : bridge()?.on(event as keyof BridgeEvents, listener as BridgeEvents[keyof BridgeEvents]);
  if (!remove) return;
  off(event, listener);
  const known = removers.get(listener) ?? new Map<string, () => void>();
  removers.set(listener, known.set(event, remove));
}

/** Calls `listener` the next time the event happens. */
export function once<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  const first = ((...given: Parameters<SessionReplayEvents[Name]>) => {
    off(event, first);
    (listener as (...given: unknown[]) => void)(...given);
  }) as SessionReplayEvents[Name];
  on(event, first);
}

/** Removes a listener. */
export function off<Name extends keyof SessionReplayEvents>(event: Name, listener: SessionReplayEvents[Name]): void {
  removers.get(listener)?.get(event)?.();
  removers.get(listener)?.delete(event);
}

/** Tells TypeScript that there is no default export: a host in CommonJS would get `undefined` for one. */
export declare const __esModule: true;
