// The package's API for the page, over the link: what is asked is answered from what the main process told last.
import { isLikelyLater as isLater } from "../../model/ids.js";
import { type Followed, type ToldByAnalytics } from "../../model/analytics.js";
import type { Bridge, BridgeEvents, Returned } from "../bridge.js";
import { pageOptions, type Call, type Outcome } from "../messages.js";
import type { Link } from "./link.js";

export function makeBridge(link: Link): Bridge {
  const listeners: { [Name in keyof BridgeEvents]: Set<BridgeEvents[Name]> } = {
    session: new Set(),
    "needs-full-snapshot": new Set(),
  };
  link.onSession = (sessionId) => listeners.session.forEach((listener) => safely(() => listener(sessionId)));
  link.onNeedsFullSnapshot = () => listeners["needs-full-snapshot"].forEach(safely);

  const returned = (name: Call, ...given: unknown[]): Returned => ({
    promise: link
      .call(name, given)
      .then(orThrow)
      .then(() => {}),
  });
  const flush = (timeoutMs?: number | boolean) =>
    link.call("flush", typeof timeoutMs === "number" ? [timeoutMs] : []).then(orThrow);

  /** After `shutdown`, `init` begins anew; after `stop` only `start` does. */
  let isShutDown = false;
  const begin = () => {
    if (isShutDown) link.start();
    isShutDown = false;
  };

  return {
    init: (apiKey, options) => {
      begin();
      return returned("init", apiKey, pageOptions(options));
    },
    setSessionId: (sessionId, deviceId) => {
      expect(link, sessionId);
      return returned("setSessionId", sessionId, deviceId ?? null);
    },
    setDeviceId: (deviceId) => returned("setDeviceId", deviceId),
    followAnalytics: (told) => {
      expectLater(link, told?.sessionId);
      return { promise: link.call("followAnalytics", [told]).then(orThrow) as Promise<Followed> };
    },
    setOptOut: (optOut) => void link.call("setOptOut", [optOut]),
    getSessionId: () => link.session.sessionId ?? undefined,
    getSessionReplayId: () => link.session.replayId ?? undefined,
    getSessionReplayProperties: () => link.session.properties,
    getPrivacyConfig: () => link.privacyConfig,
    stats: () => link.session.stats ?? undefined,
    // In one line, however it was written.
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
      isShutDown = true;
      link.stop();
      return flush(timeoutMs);
    },
    evaluateTargetingAndCapture: () => Promise.resolve(),
    on: (name, listener) => {
      listeners[name]?.add(listener);
      return () => void listeners[name]?.delete(listener);
    },
    request: (name, ...given) => {
      if (name === "init") begin();
      if (name === "setSessionId") expect(link, given[0]);
      if (name === "followAnalytics") expectLater(link, (given[0] as ToldByAnalytics | undefined)?.sessionId);
      return link
        .call(name, name === "init" ? [given[0], pageOptions(given[1])] : given)
        .then(({ state: _, ...outcome }) => outcome);
    },
  };
}

/** A session begins with the call that tells it; what leads to its replay is known with the answer. */
function expect(link: Link, sessionId: unknown): void {
  const isNone =
    sessionId === 0 || sessionId === "" || (typeof sessionId !== "string" && typeof sessionId !== "number");
  if (isNone || sessionId === link.session.sessionId) return;
  link.session = { ...link.session, sessionId: sessionId as string | number, replayId: null, properties: {} };
}

/** The analytics' session counts where it is later. */
function expectLater(link: Link, sessionId: unknown): void {
  if (typeof sessionId === "number" && isLater(sessionId, link.session.sessionId)) expect(link, sessionId);
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
