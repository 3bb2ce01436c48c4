// What a page may know. Each value that goes to a page is built here, member by member, from values of known types: numbers,
// ids, words of closed lists, and sentences of this file. A text that comes from the library, the operating system or the
// main process's options never goes to a page, because it may hold a path, an address with its password, or a user's name.
// What is not named here stays in the main process.
import type { Followed } from "../model/analytics.js";
import { SessionReplayError, type ErrorStatus } from "../model/errors.js";
import type { SessionId } from "../model/ids.js";
import { ID_RULE, REPLAY_DEBUG_PROPERTY, REPLAY_ID_PROPERTY } from "../model/shared/ids.js";
import type { PageConfig } from "../model/shared/page-config.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";
import { CAPTURE_STATES, noStats, type CaptureState, type Stats } from "../model/stats.js";
import { isObject } from "../model/values.js";
import { isInFolder } from "./app-folder.js";
import type { AddressRewrite, Outcome, SessionState } from "./messages.js";

const ELSEWHERE = "the main process's stats() say why";
const CANT_START = "session replay can't start in the main process; its log says why";

/** What to do about each state, from where a page stands. */
const ADVICE: Record<CaptureState, string | null> = {
  capturing: null,
  "waiting-for-remote-config": "wait: the remote configuration is being fetched",
  "waiting-for-event": "wait: the first event begins a session",
  "no-device-id": "call setDeviceId, or give init a deviceId",
  "no-session-id": "call setSessionId, or give init a sessionId",
  "opted-out": "the user opted out: call setOptOut(false)",
  paused: "the main process paused recording: it goes on when that resumes it",
  idle: "wait: the next action of the user is recorded again",
  "not-in-sample": "this session is not in the sample",
  "capture-disabled": "the remote configuration does not let this session be captured",
  "targeting-not-evaluated": "rules of the remote configuration choose sessions, and nothing that they ask for was told yet",
  "not-targeted": "no rule of the remote configuration has matched this session yet",
  held: "this session is not in the sample: its newest part is kept in case something goes wrong",
  "session-ended-by-server": "the server rejected this session: the next session is captured again",
  "not-initialized": "call init",
};

/** The stats for a page: the counts, and which of the texts there are, but not the texts. */
export function statsForPage(stats: Stats): Stats {
  const state = CAPTURE_STATES.find((known) => known === stats.state) ?? "not-initialized";
  return {
    ...(counts(noStats(), stats) as Stats),
    state,
    advice: state === "not-initialized" && stats.advice !== noStats().advice ? CANT_START : ADVICE[state],
    // A rule's name is the project's own matter.
    targeting: stats.targeting && { matched: stats.targeting.matched === true, rule: null },
    sessionReplayId: stats.sessionReplayId,
    storage: {
      kind: stats.storage.kind === "disk" ? "disk" : "memory",
      problem: stats.storage.problem === null ? null : `storageDir can't be used: ${ELSEWHERE}`,
    },
    crashes: {
      count: number(stats.crashes.count),
      last: stats.crashes.last && { code: number(stats.crashes.last.code), atMs: number(stats.crashes.last.atMs) },
    },
    lastError: stats.lastError && { message: `delivery failed: ${ELSEWHERE}`, atMs: number(stats.lastError.atMs) },
  };
}

/** The members of `shape` that are numbers, at any depth, with the numbers of `given`. */
function counts(shape: object, given: unknown): object {
  const from = isObject(given) ? given : {};
  const counted: Record<string, unknown> = {};
  for (const [key, kind] of Object.entries(shape) as [string, unknown][]) {
    if (typeof kind === "number") counted[key] = number(from[key]);
    else if (typeof kind === "object" && kind !== null) counted[key] = counts(kind, from[key]);
  }
  return counted;
}

const number = (given: unknown): number => (typeof given === "number" ? given : 0);

const PROPERTIES = [REPLAY_ID_PROPERTY, REPLAY_DEBUG_PROPERTY];

const propertiesForPage = (properties: { [key: string]: string }): { [key: string]: string } =>
  Object.fromEntries(
    PROPERTIES.flatMap((key) => (typeof properties[key] === "string" ? [[key, properties[key]]] : [])),
  ) as { [key: string]: string };

const idForPage = (id: unknown): SessionId | null =>
  typeof id === "number" || typeof id === "string" ? (id as SessionId) : null;

/** The session for a page. */
export function sessionForPage({ sessionId, replayId, properties, stats }: SessionState): SessionState {
  return {
    sessionId: idForPage(sessionId),
    replayId,
    properties: propertiesForPage(properties),
    stats: stats && statsForPage(stats),
  };
}

const PRIVACY = ["blockSelector", "maskSelector", "unmaskSelector", "maskAttributes", "defaultMaskLevel"] as const;

/** What the page's recorder is to do. */
export function configForPage({ privacyConfig, loggingConfig, interactionConfig }: PageConfig): PageConfig {
  return { privacyConfig: privacyForPage(privacyConfig ?? {}), loggingConfig, interactionConfig };
}

/** What must be masked: the page's recorder needs it. */
function privacyForPage(config: PrivacyConfig): PrivacyConfig {
  const copy: Record<string, unknown> = {};
  for (const key of PRIVACY) if (config[key] !== undefined) copy[key] = config[key];
  const levels = config.urlMaskLevels?.map(({ match, maskLevel }) => ({ match, maskLevel }));
  return levels ? { ...copy, urlMaskLevels: levels } : copy;
}

/** The result of a call: whether all was delivered in time, or what an analytics event has to carry. */
export function valueForPage(value: unknown): "ok" | "timeout" | Followed | null {
  if (value === "ok" || value === "timeout") return value;
  if (typeof value !== "object" || value === null || !("properties" in value)) return null;
  const { sessionId, properties } = value as Followed;
  return { sessionId: idForPage(sessionId) ?? undefined, properties: propertiesForPage(properties) };
}

/** Refuses a page's call because of its own arguments, so that the message may go back to the page. */
export class PageRefusal extends SessionReplayError {
  constructor(message: string) {
    super("invalid-argument", message);
  }
}

/** What the library refuses in the calls of pages. The main process's log says more. */
const RULES: Record<string, string> = {
  setSessionId: `an id was refused: ids have ${ID_RULE}, numbers are milliseconds since 1970`,
  setDeviceId: `the device id was refused: it must have ${ID_RULE}`,
  evaluateTargeting: "what targeting was told was refused: it may have 262,144 bytes",
  followAnalytics: `an id was refused: the session is milliseconds since 1970, the device has ${ID_RULE}`,
};

/** An error for a page. */
export function errorForPage(call: unknown, error: unknown): Outcome {
  if (error instanceof PageRefusal) return { ok: false, status: error.status, message: error.message };
  const status: ErrorStatus = error instanceof SessionReplayError ? error.status : "internal";
  const rule = status === "invalid-argument" && typeof call === "string" && Object.hasOwn(RULES, call);
  if (call === "init" && status === "not-initialized") {
    return { ok: false, status, message: CANT_START };
  }
  const what = rule ? RULES[call] : `session-replay failed in the main process (${status})`;
  return { ok: false, status, message: `${what}; the main process's log says why` };
}

/**
 * The rewrite of addresses in the app's own folder, for a page that lies in it, and so knows that folder from its own
 * address. To any other page the folder is a secret.
 */
export function rewriteForPage(rewrite: AddressRewrite, pageUrl: string | undefined): AddressRewrite | null {
  return pageUrl !== undefined && isInFolder(pageUrl, rewrite[0]) ? rewrite : null;
}
