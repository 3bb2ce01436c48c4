// The viewer's JSON API, as far as the page needs it.

import { listen } from "./event-feed";

export interface Problem {
  code: string;
  message: string;
}

export interface Summary {
  device_id: string;
  session_id: string;
  replay_id: string;
  sequences: number;
  events: number;
  wire_bytes: number;
  decoded_bytes: number;
  first_timestamp: number;
  last_timestamp: number;
  duration_ms: number;
  first_arrival: number;
  last_arrival: number;
  has_full_snapshot: boolean;
  refused: number;
  sample_rate: number | null;
  library: string | null;
  client_version: string | null;
  client_url: string | null;
  problems: Problem[];
}

export interface Refused {
  at: number;
  status: number;
  problems: string[];
}

export interface Details extends Summary {
  refused_requests: Refused[];
}

export interface LoggedRequest {
  at: number;
  kind: string;
  method: string;
  path: string;
  device_id: string;
  session_id: string;
  outcome: "accepted" | "rejected" | "faulted" | "failed";
  status: number | null;
  error: string | null;
  fault: number | null;
  stored: boolean;
  events: number;
  headers: Record<string, string>;
}

export interface Sequence {
  sequence: string;
  meta: { arrived: number };
  events: string[];
}

export interface Identity {
  device: string;
  session: string;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new Error((body as { error?: string } | null)?.error ?? `${path}: ${response.status}`);
  return body as T;
}

export function path({ device, session }: Identity): string {
  return `/sessions/${encodeURIComponent(device)}/${encodeURIComponent(session)}`;
}

export const sessions = () => get<Summary[]>("/api/sessions");
export const details = (identity: Identity) => get<Details>(`/api${path(identity)}`);
export const requests = () => get<LoggedRequest[]>("/api/requests");

/** Follows a session from its beginning; returns how to stop. */
export function follow(identity: Identity, take: (sequence: Sequence) => void, down: (isDown: boolean) => void): () => void {
  // After a break the feed repeats the last minute.
  const seen = new Set<string>();
  const message = (data: string) => {
    const sequence = JSON.parse(data) as Sequence;
    if (seen.has(sequence.sequence)) return;
    seen.add(sequence.sequence);
    take(sequence);
  };
  return listen(`/api${path(identity)}/live`, message, down);
}

/** Calls whenever the list of sessions has changed. */
export function followList(changed: () => void, down: (isDown: boolean) => void): void {
  listen("/api/live", changed, down);
}
