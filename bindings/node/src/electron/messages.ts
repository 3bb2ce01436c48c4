// The messages between a page's preload script and the main process. Everything a page sends is a text of bounded length:
// its size is known before it is parsed, and it holds no cycles, prototypes or deep nesting.
import type { ErrorStatus } from "../model/errors.js";
import type { Branded, ReplayId, SessionId } from "../model/ids.js";
import type { PageConfig } from "../model/shared/page-config.js";
import type { Stats } from "../model/stats.js";
import type { PageOptions, SessionReplayOptions } from "../options/options.js";

export const CHANNELS = {
  /** page → main: (document, address). A new document is there. Answered with `state`. */
  register: "session-replay:register",
  /** page → main: (document, address). The document's address has changed. */
  address: "session-replay:address",
  /** page → main: (document, lease, lines). rrweb events, one's JSON a line. Answered with an {@link EventsReply}. */
  events: "session-replay:events",
  /** page → main: (name, JSON of the arguments). Answered with a {@link Reply}. */
  call: "session-replay:call",
  /** page → main: (document, text of guest-places.ts). Where the page's `<webview>`s lie. */
  guests: "session-replay:guests",
  /** main → page: {@link State}. */
  state: "session-replay:state",
  /** main → page: (lease). The library asks for a full snapshot. */
  snapshot: "session-replay:snapshot",
} as const;

/** A page's name for its document. */
export type DocumentId = Branded<string, "DocumentId">;
/** What a document records under, greater than 0; {@link NO_LEASE}: it must pause. */
export type Lease = Branded<number, "Lease">;
export const NO_LEASE = 0 as Lease;

/** "lost": this document must not record until it has another lease. */
export type EventsReply = "taken" | "lost";

/** What a page may call. */
export const CALLS = ["init", "setSessionId", "setDeviceId", "followAnalytics", "evaluateTargeting", "setOptOut", "flush"] as const;
export type Call = (typeof CALLS)[number];

/** In characters. */
export const LIMITS = {
  documentId: 64,
  /** An event may have 9,000,000 bytes; a message then holds it and a few small ones. */
  lines: 9_500_000,
  callArguments: 65_536,
  /** The rest of a longer one is cut off. */
  address: 16_384,
} as const;

export const isDocumentId = (value: unknown): value is DocumentId =>
  typeof value === "string" && value !== "" && value.length <= LIMITS.documentId;

/** The options of `init` that a page may give. Servers and files are decided by the main process alone. */
export const PAGE_OPTIONS = [
  "deviceId",
  "sessionId",
  "sampleRate",
  "optOut",
  "serverZone",
  "debugMode",
  "privacyConfig",
  "version",
  "userProperties",
] as const;
export type PageGivenOptions = Pick<SessionReplayOptions, (typeof PAGE_OPTIONS)[number]>;

/** Options of the main process that the recorder in a page uses. */
export const RECORDING_OPTIONS = [
  "shouldInlineStylesheet",
  "inlineImages",
  "captureFullSnapshotOnFocus",
  "fullSnapshotIntervalMs",
  "captureDocumentTitle",
  "enableUrlChangePolling",
  "urlChangePollingInterval",
  "applyBackgroundColorToBlockedElements",
  "performanceConfig",
  "idleTimeoutMs",
  "recordCanvas",
  "sampling",
] as const;

/** The current session, for the calls of the page that return at once. */
export interface SessionState {
  sessionId: SessionId | null;
  replayId: ReplayId | null;
  properties: { [key: string]: string };
  stats: Stats | null;
}

/** Before the first state has arrived, and for a page that may not record. */
export const NO_SESSION: SessionState = { sessionId: null, replayId: null, properties: {}, stats: null };

/** An address prefix, and what replaces it in what is recorded. */
export type AddressRewrite = readonly [from: string, to: string];

export interface State extends SessionState {
  document: DocumentId;
  lease: Lease;
  /** What the recorder of the page is to do. */
  pageConfig: PageConfig;
  /** The browser SDK's options for a page, of those that the main process gave. */
  pageOptions: Pick<PageOptions, (typeof RECORDING_OPTIONS)[number]>;
  /** Hides where the app's files lie. Only for a page whose own address has the prefix. */
  rewrite: AddressRewrite | null;
}

/** The result of a call. */
export type Outcome = { ok: true; value: unknown } | { ok: false; status: ErrorStatus; message: string };
export type Reply = Outcome & { state: SessionState };

/** The options that a page may give; the others are left out. */
export function pageOptions(options: unknown): PageGivenOptions {
  const given = (options ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    PAGE_OPTIONS.flatMap((key) => (given[key] === undefined || given[key] === null ? [] : [[key, given[key]]])),
  );
}

/** A window that nobody uses for so long is not recorded until somebody does, unless the option says otherwise. */
const IDLE_TIMEOUT_MS = 1_800_000;
/** Of objects in an option. */
const MAX_DEPTH = 2;

/** The main process's options for the recorder in a page: only values that can be sent. */
export function recordingOptions(options: SessionReplayOptions = {}): State["pageOptions"] {
  const given = RECORDING_OPTIONS.flatMap((key) => {
    const value = sendable(options[key]);
    return value === undefined ? [] : [[key, value]];
  });
  return { idleTimeoutMs: IDLE_TIMEOUT_MS, ...(Object.fromEntries(given) as State["pageOptions"]) };
}

/** Booleans and numbers, and objects of these; undefined: anything else. */
function sendable(value: unknown, depth = 0): unknown {
  if (typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth > MAX_DEPTH) return undefined;
  const parts = Object.entries(value).map(([key, part]) => [key, sendable(part, depth + 1)] as const);
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
}
