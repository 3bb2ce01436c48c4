// Calls of the viewer's JSON API.

import { listen } from "./event-feed";
import type { Batch, Details, Identity, Interaction, LoggedRequest, Summary, Why } from "./types";

async function get<T>(path: string): Promise<T> {
  const response = await fetch(path);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new Error((body as { error?: string } | null)?.error ?? `${path}: ${response.status}`);
  return body as T;
}

/** Where the page shows a session; the API has it below `/api`. */
export function sessionPath({ device, session }: Identity): string {
  return `/sessions/${encodeURIComponent(device)}/${encodeURIComponent(session)}`;
}

/** Where the page says why there is no replay; the API has it below `/api`. */
export function whyPath(device: string, session: string | null): string {
  return `/why/${encodeURIComponent(device)}${session === null ? "" : `/${encodeURIComponent(session)}`}`;
}

export const getWhy = (device: string, session: string | null) => get<Why>(`/api${whyPath(device, session)}`);
export const getBatches = (identity: Identity) => get<Batch[]>(`/api${sessionPath(identity)}/sequences`);
export const getSessions = () => get<Summary[]>("/api/sessions");
export const getDetails = (identity: Identity) => get<Details>(`/api${sessionPath(identity)}`);
export const getInteractions = (identity: Identity) => get<Interaction[]>(`/api${sessionPath(identity)}/interactions`);
export const getAllInteractions = () => get<Interaction[]>("/api/interactions");
export const getRequests = () => get<LoggedRequest[]>("/api/requests");

/** Follows a session from its beginning; returns how to stop. */
export function followSession(
  identity: Identity,
  onBatch: (batch: Batch) => void,
  onConnection: (isDown: boolean) => void,
): () => void {
  // After a break the feed repeats the last minute.
  const seen = new Set<string>();
  const onMessage = (data: string) => {
    const batch = JSON.parse(data) as Batch;
    if (seen.has(batch.sequence)) return;
    seen.add(batch.sequence);
    onBatch(batch);
  };
  return listen(`/api${sessionPath(identity)}/live`, onMessage, onConnection);
}

/** Calls `onChange` whenever the list of sessions has changed. */
export function followList(onChange: () => void, onConnection: (isDown: boolean) => void): void {
  listen("/api/live", onChange, onConnection);
}
