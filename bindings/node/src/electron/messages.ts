// What a page's preload script and the main process say to each other. Everything a page sends is a text of bounded
// length: its size is known before it is looked at, and it holds no cycles, prototypes or depth to stumble over.
import type { PageOptions, SessionReplayOptions } from "../options/options.js";
import type { PrivacyConfig } from "../model/shared/privacy.js";
import type { Stats } from "../model/shared/stats.js";
import type { ErrorStatus } from "../model/errors.js";

export const CHANNELS = {
  /** page → main: (document). A new document is there. Answered with `state`. */
  hello: "session-replay:hello",
  /** page → main: (document, grant, lines). rrweb events, one's JSON a line. Answered with an {@link Answer}. */
  events: "session-replay:events",
  /** page → main: (name, JSON of the arguments). Answered with a {@link Reply}. */
  call: "session-replay:call",
  /** main → page: {@link State}. */
  state: "session-replay:state",
  /** main → page: (grant). The library asks for a full snapshot. */
  snapshot: "session-replay:snapshot",
} as const;

/** "lost": this document does not record (any more), until another grant comes. */
export type Answer = "taken" | "lost";

/** What a page may call. */
export const CALLS = ["init", "setSessionId", "setDeviceId", "followAnalytics", "setOptOut", "flush"] as const;
export type Call = (typeof CALLS)[number];

/** Lengths in characters, counts otherwise. */
export const LIMITS = {
  documentId: 64,
  /** An event may have 9,000,000 bytes; there are a few in a message then, not more. */
  lines: 9_500_000,
  callArguments: 65_536,
} as const;

/** The options of `init` that a page may give. Where to send and what to write is the main process's own business. */
export const PAGE_OPTIONS = [
  "deviceId",
  "sessionId",
  "sampleRate",
  "optOut",
  "serverZone",
  "debugMode",
  "privacyConfig",
] as const;

/** Options of the main process that the recorder in a page heeds. */
export const RECORDING_OPTIONS = [
  "shouldInlineStylesheet",
  "inlineImages",
  "captureFullSnapshotOnFocus",
  "fullSnapshotIntervalMs",
] as const;
export type PageGivenOptions = Pick<SessionReplayOptions, (typeof PAGE_OPTIONS)[number]>;

/** Which session it is, for the calls of the page that are answered at once. */
export interface SessionState {
  sessionId: number | string | null;
  replayId: string | null;
  properties: { [key: string]: string };
  stats: Stats | null;
}

export interface State extends SessionState {
  document: string;
  /** The number under which this document may record now; 0: it is to pause. */
  grant: number;
  privacyConfig: PrivacyConfig;
  /** The browser SDK's options for a page, of those that the main process gave. */
  pageOptions: Pick<PageOptions, (typeof RECORDING_OPTIONS)[number]>;
  /**
   * Addresses that begin with the first are told to begin with the second: files lie where nobody needs to know. Only
   * for a page whose own address begins with the first.
   */
  rewrite: readonly [string, string] | null;
}

/** What became of a call. */
export type Outcome = { ok: true; value: unknown } | { ok: false; status: ErrorStatus; message: string };
export type Reply = Outcome & { state: SessionState };

/** The options that a page may give; everything else of the browser SDK's stays behind. */
export function pageOptions(options: unknown): PageGivenOptions {
  const given = (options ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    PAGE_OPTIONS.flatMap((key) => (given[key] === undefined || given[key] === null ? [] : [[key, given[key]]])),
  );
}

/** What the recorder in a page is told of the main process's options: values that can be sent, nothing else. */
export function recordingOptions(options: SessionReplayOptions = {}): State["pageOptions"] {
  return Object.fromEntries(
    RECORDING_OPTIONS.flatMap((key) => (["boolean", "number"].includes(typeof options[key]) ? [[key, options[key]]] : [])),
  );
}
