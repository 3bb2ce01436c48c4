// The package's API for the page, over the link. What returns at once is answered from the newest state of the main process.
import type { Followed, ToldByAnalytics } from "../../model/analytics.js";
import { isLikelyLater, isNone, type SessionId } from "../../model/ids.js";
import type { WaitStatus } from "../../model/results.js";
import type { Bridge, BridgeEvents, Returned } from "../bridge.js";
import { pageOptions, type Call, type Outcome } from "../messages.js";
import type { Link } from "./link.js";

export function makeBridge(link: Link): Bridge {
  return { ...sessionCalls(link), ...recordingCalls(link), ...listenerCalls(link), ...requestCall(link) };
}

/** The session, the device and what is known of them. */
function sessionCalls(link: Link) {
  return {
    init: (apiKey, options) => {
      link.restart();
      return { promise: link.call("init", [apiKey, pageOptions(options)]).then(logInitFailure) };
    },
    setSessionId: (sessionId, deviceId) => {
      assumeSession(link, sessionId);
      return returned(link, "setSessionId", sessionId, deviceId ?? null);
    },
    setDeviceId: (deviceId) => returned(link, "setDeviceId", deviceId),
    followAnalytics: (told) => {
      assumeLaterSession(link, told?.sessionId);
      return { promise: link.call("followAnalytics", [told]).then(orThrow) as Promise<Followed> };
    },
    setOptOut: (optOut) => void link.call("setOptOut", [optOut]),
    getSessionId: () => link.session.sessionId ?? undefined,
    getSessionReplayId: () => link.session.replayId ?? undefined,
    getSessionReplayProperties: () => link.session.properties,
    getPrivacyConfig: () => link.pageConfig.privacyConfig ?? {},
    stats: () => link.session.stats ?? undefined,
    evaluateTargetingAndCapture: async (targeting, _isInit, forceRestart) => {
      const { event, userProperties, page } = targeting ?? {};
      const outcome = await link.call("evaluateTargeting", [{ event, userProperties, page: page ?? { url: location.href } }]);
      if (!outcome.ok) console.warn(`session-replay: evaluateTargetingAndCapture: ${outcome.message}`);
      else if (forceRestart) link.recorder.takeFullSnapshot();
    },
  } satisfies Partial<Bridge>;
}

/** The events of this document, and whether they are recorded. */
function recordingCalls(link: Link) {
  const flush = (timeoutMs?: number | boolean) =>
    link.call("flush", typeof timeoutMs === "number" ? [timeoutMs] : []).then(orThrow) as Promise<WaitStatus>;
  return {
    // Written as one line.
    record: (event) =>
      link.recorder.add(JSON.stringify(typeof event === "string" ? JSON.parse(event) : event)) ? "ok" : "not-captured",
    recordLines: (lines) =>
      String(lines)
        .split("\n")
        .filter((line) => line.trim() !== "" && link.recorder.add(line)).length,
    flush,
    stop: () => link.stop(),
    start: () => {
      link.start();
      return { promise: Promise.resolve() };
    },
    shutdown: (timeoutMs) => {
      link.shutdown();
      return flush(timeoutMs);
    },
  } satisfies Partial<Bridge>;
}

function listenerCalls(link: Link) {
  const listeners: { [Name in keyof BridgeEvents]: Set<BridgeEvents[Name]> } = {
    session: new Set(),
    "needs-full-snapshot": new Set(),
  };
  link.onSession = (sessionId) => listeners.session.forEach((listener) => safely(() => listener(sessionId)));
  link.onNeedsFullSnapshot = () => listeners["needs-full-snapshot"].forEach(safely);
  return {
    on: (name, listener) => {
      // The page may ask for any name, also for one that every object has.
      const ofName = Object.hasOwn(listeners, name) ? listeners[name] : undefined;
      ofName?.add(listener);
      return () => void ofName?.delete(listener);
    },
  } satisfies Partial<Bridge>;
}

/** Calls with the main process's whole reply; the page side of the package uses this alone. */
function requestCall(link: Link) {
  return {
    request: (name, ...given) => {
      if (name === "init") link.restart();
      if (name === "setSessionId") assumeSession(link, given[0]);
      if (name === "followAnalytics") assumeLaterSession(link, (given[0] as ToldByAnalytics | undefined)?.sessionId);
      return link
        .call(name, name === "init" ? [given[0], pageOptions(given[1])] : given)
        .then(({ state: _, ...outcome }) => outcome);
    },
  } satisfies Partial<Bridge>;
}

/** `init` is never rejected: a page that awaits it goes on without a replay. */
function logInitFailure(outcome: Outcome): void {
  if (!outcome.ok) console.error(`session-replay: init failed: ${outcome.message}`);
}

function returned(link: Link, name: Call, ...given: unknown[]): Returned {
  const done = link.call(name, given).then(orThrow);
  return { promise: done.then(() => {}) };
}

/** A session begins with the call that sets it. Its replay is known with the reply of the main process. */
function assumeSession(link: Link, sessionId: unknown): void {
  if (isNone(sessionId) || (typeof sessionId !== "string" && typeof sessionId !== "number")) return;
  if (sessionId === link.session.sessionId) return;
  link.session = { ...link.session, sessionId: sessionId as SessionId, replayId: null, properties: {} };
}

/** The session of an analytics event counts where it is later. */
function assumeLaterSession(link: Link, sessionId: unknown): void {
  if (typeof sessionId === "number" && isLikelyLater(sessionId, link.session.sessionId)) assumeSession(link, sessionId);
}

function orThrow(reply: Outcome): unknown {
  if (reply.ok) return reply.value;
  throw new Error(reply.message);
}

function safely(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    console.error("session-replay: a listener failed:", error);
  }
}
