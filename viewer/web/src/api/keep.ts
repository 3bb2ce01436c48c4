// Calls that keep sessions, or do away with them.

import { sessionPath } from "./client";
import type { Identity } from "./types";

/** What is gone, or would be. */
export interface Deleted {
  sessions: number;
  bytes: number;
  /** Some of them, as `<device>/<session>`. */
  examples: string[];
}

/** What to delete: a session, all sessions of a device, or all of which nothing has arrived since a time. */
export type Doomed = { session: Identity } | { device: string } | { olderThan: number };

export interface Imported {
  device_id: string;
  session_id: string;
  events: number;
  /** It was imported before. */
  known: boolean;
}

/** With `isDryRun` it only says what would go. */
export function deleteSessions(doomed: Doomed, isDryRun: boolean): Promise<Deleted> {
  const url = new URL(doomedPath(doomed), location.origin);
  if (isDryRun) url.searchParams.set("dry_run", "true");
  return call<Deleted>(url, { method: "DELETE" });
}

function doomedPath(doomed: Doomed): string {
  if ("session" in doomed) return `/api${sessionPath(doomed.session)}`;
  if ("device" in doomed) return `/api/devices/${encodeURIComponent(doomed.device)}`;
  return `/api/sessions?older_than=${doomed.olderThan}`;
}

/** The browser sends the file as it reads it. */
export function importFile(file: File): Promise<Imported> {
  const url = new URL("/api/import", location.origin);
  url.searchParams.set("name", file.name);
  return call<Imported>(url, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
}

/** Where a session's events are downloaded. */
export const downloadPath = (identity: Identity) => `/api${sessionPath(identity)}/events.jsonl`;

async function call<T>(url: URL, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new Error((body as { error?: string } | null)?.error ?? `${url.pathname}: ${response.status}`);
  return body as T;
}
