// Calls that keep sessions, or do away with them.

import { call, sessionPath } from "./client";
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
export function deleteSessions(doomed: Doomed, isDryRun: boolean, signal?: AbortSignal): Promise<Deleted> {
  const parameters = new URLSearchParams(isDryRun ? { dry_run: "true" } : {});
  if ("olderThan" in doomed) parameters.set("older_than", String(doomed.olderThan));
  return call<Deleted>(`${doomedPath(doomed)}?${parameters}`, { method: "DELETE", signal: signal ?? null });
}

function doomedPath(doomed: Doomed): string {
  if ("session" in doomed) return `/api${sessionPath(doomed.session)}`;
  if ("device" in doomed) return `/api/devices/${encodeURIComponent(doomed.device)}`;
  return "/api/sessions";
}

/** The browser sends the file as it reads it. */
export function importFile(file: File): Promise<Imported> {
  return call<Imported>(`/api/import?${new URLSearchParams({ name: file.name })}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
}

/** Where a session's events are downloaded. */
export const downloadPath = (identity: Identity) => `/api${sessionPath(identity)}/events.jsonl`;
