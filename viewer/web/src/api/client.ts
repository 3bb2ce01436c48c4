// Calls of the viewer's JSON API.

import type { Details, Found, Identity, Interaction, LoggedRequest } from "./types";

/** The API refused, with a sentence that says why. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

async function get<T>(path: string, signal: AbortSignal | null = null): Promise<T> {
  const response = await fetch(path, { signal });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError((body as { error?: string } | null)?.error ?? `${path}: ${response.status}`, response.status);
  return body as T;
}

/** Where the page shows a session; the API has it below `/api`. */
export function sessionPath({ device, session }: Identity): string {
  return `/sessions/${encodeURIComponent(device)}/${encodeURIComponent(session)}`;
}

export const getDetails = (identity: Identity) => get<Details>(`/api${sessionPath(identity)}`);
export const getInteractions = (identity: Identity) => get<Interaction[]>(`/api${sessionPath(identity)}/interactions`);
export const getAllInteractions = () => get<Interaction[]>("/api/interactions");
export const getRequests = () => get<LoggedRequest[]>("/api/requests");

/** Which part of what is found: rows from a place on, or those around one session. */
export type Place = { offset: number } | { around: string };

/** Searches the sessions. */
export async function search(query: string, place: Place, limit: number, signal: AbortSignal): Promise<Found> {
  const parameters = new URLSearchParams({ q: query, limit: String(limit), utc_offset_minutes: String(-new Date().getTimezoneOffset()) });
  for (const [name, value] of Object.entries(place)) parameters.set(name, String(value));
  const found = await get<Found>(`/api/search?${parameters}`, signal);
  return "offset" in place ? { ...found, offset: place.offset } : { ...found, offset: found.offset ?? 0 };
}
