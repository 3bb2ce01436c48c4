// What the viewer's JSON API answers, as far as the page needs it.

/** Codes of problems: the server's, and from "meta_after_snapshot" on the page's own. */
export type ProblemCode =
  | "no_full_snapshot"
  | "single_event"
  | "no_meta"
  | "unplayable_events"
  | "refused_requests"
  | "damaged_requests"
  | "meta_after_snapshot"
  | "late_snapshot"
  | "odd_times"
  | "odd_size"
  | "unread_requests"
  | "foreign_events"
  | "nested_adds"
  | "duplicate_ids"
  | "unknown_places"
  | "broken_images"
  | "live_ended"
  | "missing_picture"
  | "player_failed"
  | "unknown";

export interface Problem {
  code: ProblemCode;
  message: string;
}

export interface Identity {
  device: string;
  session: string;
}

/** Times are in milliseconds since the epoch. */
export interface Summary {
  device_id: string;
  session_id: string;
  replay_id: string;
  /** Batches that were accepted. */
  sequences: number;
  events: number;
  wire_bytes: number;
  decoded_bytes: number;
  first_timestamp: number;
  last_timestamp: number;
  duration_ms: number;
  last_arrival: number;
  /** Console errors and uncaught errors in the batches. */
  errors: number;
  /** Requests that were refused. Without a batch they alone are known of the session. */
  refused: number;
  /** The newest accepted batch. */
  last_batch: string | null;
  /** What the first batch tells of the page, the app, and the browser or system. */
  title: string | null;
  app: string | null;
  system: string | null;
  sample_rate: number | null;
  library: string | null;
  client_version: string | null;
  client_url: string | null;
  problems: Problem[];
}

/** A part of the sessions that a search finds, the one that heard something last first. */
export interface Found {
  revision: number;
  /** How many are found. */
  total: number;
  /** Where in them this part begins. */
  offset: number;
  sessions: Summary[];
  /** false: the viewer is still reading its store. */
  complete: boolean;
}

export interface RefusedRequest {
  at: number;
  status: number;
  problems: string[];
}

export interface Details extends Summary {
  refused_requests: RefusedRequest[];
}

export type Outcome = "accepted" | "rejected" | "faulted" | "failed";

export interface LoggedRequest {
  at: number;
  method: string;
  path: string;
  device_id: string;
  session_id: string;
  outcome: Outcome;
  /** null: the connection was cut, or left without a reply. */
  status: number | null;
  error: string | null;
}

/** One step in which a replay can fail. */
export interface Check {
  code: string;
  title: string;
  state: "fine" | "problem" | "unknown";
  message: string;
  fix: string | null;
  at: number | null;
  /** The address of the page about it. */
  docs: string;
}

/** A request that was refused, faulted or failed. */
export interface WhyRequest {
  at: number;
  session_id: string;
  outcome: string;
  status: number | null;
  problems: string[];
  fault: string | null;
  from: string | null;
}

export interface Why {
  device_id: string;
  session_id: string | null;
  sequences: number;
  decoded_bytes: number;
  checks: Check[];
  requests: WhyRequest[];
}

/** A click, or how far a page was scrolled before it was left, in its pixels. */
export type Interaction = {
  viewportWidth: number;
  viewportHeight: number;
  pageUrl: string;
  timestamp: number;
} & (
  | { type: "click"; x: number; y: number; selector?: string; count: number }
  | { type: "scroll"; maxScrollX: number; maxScrollY: number; maxScrollWidth: number; maxScrollHeight: number }
);

/** A batch that the viewer could not read from its store, or not whole. */
export interface DamagedBatch {
  sequence: string;
  /** What is wrong with it. */
  problem: string;
  /** How many events it has. */
  count: number;
  /** It may be whole: the store did not give it. */
  isRetried: boolean;
}

/** One accepted request. */
export interface Batch {
  /** Its name, which no other has. */
  sequence: string;
  meta: { arrived: number };
  /** rrweb events, each as JSON; null where one can't be read. */
  events: (string | null)[];
  /** What of it can't be read, and why. */
  left_out?: unknown;
}
