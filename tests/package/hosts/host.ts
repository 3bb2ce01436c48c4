// A host in TypeScript, compiled as an ES module, as CommonJS and for a bundler: it must compile without Node.js' types.
import "session-replay-native/electron/preload";
import * as sessionReplay from "session-replay-native";
import {
  SessionReplayError,
  init,
  type AmplitudeSessionReplay,
  type FetchConfigRequest,
  type Logger,
  type RecordStatus,
  type SendEventsRequest,
  type SessionReplayFetchConfigHandler,
  type SessionReplayOptions,
  type SessionReplaySendEventsHandler,
  type Stats,
  type StoreType,
  type WaitStatus,
} from "session-replay-native";
import { sessionReplayPlugin } from "session-replay-native/amplitude";
import * as page from "session-replay-native/electron/renderer";
import { copyRuntimeFiles, runtimeFiles, type Target } from "session-replay-native/packaging";
import { createSegmentPlugin, createSourceMiddleware } from "session-replay-native/segment";

/** Every type that the browser SDK exports, and a handler without a type of its own. */
const handleSendEvents: SessionReplaySendEventsHandler = async ({ url, method, body }) => ({ url, method, body });
export const handlers: SessionReplayOptions = {
  handleSendEvents,
  handleFetchConfig: (async (request: FetchConfigRequest) => request.url) satisfies SessionReplayFetchConfigHandler,
  storeType: "idb" satisfies StoreType,
};
export const requests: SendEventsRequest["keepalive"][] = [];
/** A page's imports are the same. */
export const ofPage: [page.Logger?, page.MaskLevel?, page.AmplitudeSessionReplay?, page.StoreType?] = [];
export const asBrowserSdk: AmplitudeSessionReplay = sessionReplay;
export const inPage: AmplitudeSessionReplay = page;
/** The preload script is imported for what it does; it has types, so that this is no error. */
export type Preload = typeof import("session-replay-native/electron/preload");
// @ts-expect-error -- Segment's events are processed in the main process
page.processSegmentEvent({ type: "track" });
export const plugins = [createSegmentPlugin({ amplitudeApiKey: "key" }), sessionReplayPlugin({ sampleRate: 1 })];
const target: Target = { platform: "linux", arch: "x64", libc: "musl" };
export const toShip: string[] = [...runtimeFiles(), ...copyRuntimeFiles("dist", target)];
// @ts-expect-error -- a C library has a name
runtimeFiles({ libc: 1 });
export const middleware = createSourceMiddleware({ mode: "classic-cloud" });

declare const anonymousId: string | null | undefined;
/** An interface has no index signature of its own. */
interface User {
  plan: string;
}
declare const user: User;
export const ofUser: [SessionReplayOptions, page.SessionReplayOptions] = [{ userProperties: user }, { userProperties: user }];
declare const recorded: { type: number; timestamp: number; data: unknown };

const logger: Logger = { error: () => {}, warn: () => {}, log: () => {} };
const options: SessionReplayOptions = {
  deviceId: anonymousId,
  sessionId: 0,
  sampleRate: 1,
  serverZone: "EU",
  logLevel: 2,
  loggerProvider: logger,
  privacyConfig: { defaultMaskLevel: "conservative", blockSelector: ".secret" },
  performanceConfig: { enabled: true, timeout: 10 },
  backend: "koffi",
};

export async function host(): Promise<WaitStatus> {
  await init("key", options).promise;
  const status: RecordStatus = sessionReplay.record(recorded);
  sessionReplay.record(new Uint8Array([1]));
  if (status === "needs-full-snapshot") sessionReplay.stop();
  sessionReplay.on("session", (id: number | string) => void id);
  sessionReplay.on(
    "log",
    ({ level, message }) => void `${level satisfies "error" | "warn" | "info" | "debug"} ${message}`,
  );
  sessionReplay.once("needs-full-snapshot", () => {});
  const stats: Stats = sessionReplay.stats();
  if (stats.state === "no-device-id") await sessionReplay.setDeviceId("d").promise;
  if (stats.state === "waiting-for-event") await sessionReplay.followAnalytics({ deviceId: "d" }).promise;
  try {
    await sessionReplay.setSessionId(Date.now(), "device").promise;
  } catch (error) {
    if (error instanceof SessionReplayError && error.status === "invalid-argument") throw error;
  }
  const nothing: void = await sessionReplay.flush(true);
  void nothing;
  const event: { type: string } = sessionReplay.processSegmentEvent({ type: "track" });
  const json: string = sessionReplay.processSegmentEvent(JSON.stringify(event));
  void json;
  return sessionReplay.flush(5_000);
}

// @ts-expect-error -- a misspelt option
init("key", { samplerate: 1 });
// @ts-expect-error -- an event that does not exist
sessionReplay.on("sessions", () => {});
// @ts-expect-error -- a number is no event
sessionReplay.record(5);
// @ts-expect-error -- no such level
init("key", { logLevel: "loud" });
