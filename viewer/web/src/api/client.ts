// Calls of the viewer's JSON API.

import { listen } from "./event-feed";
import type { Details, Identity, Interaction, LoggedRequest, Summary } from "./types";

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

export const getSessions = () => get<Summary[]>("/api/sessions");
export const getDetails = (identity: Identity) => get<Details>(`/api${sessionPath(identity)}`);
export const getInteractions = (identity: Identity) => get<Interaction[]>(`/api${sessionPath(identity)}/interactions`);
export const getAllInteractions = () => get<Interaction[]>("/api/interactions");
export const getRequests = () => get<LoggedRequest[]>("/api/requests");

/** Calls `onChange` whenever the list of sessions has changed. */
export function followList(onChange: () => void, onConnection: (isDown: boolean) => void): void {
  listen("/api/live", onChange, onConnection);
}
