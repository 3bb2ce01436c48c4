// Calls of the viewer's JSON API.

import type { Details, Found, Identity, Interaction, LoggedRequest, Why } from "./types";

/** The API refused, with a sentence that says why. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Calls the API; throws what it answers with where it refuses. */
export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, init);
  if (!response.ok) throw await refusal(response);
  return (await response.json().catch(() => null)) as T;
}

/** What the API says where it refuses. */
export async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  return new ApiError((body as { error?: string } | null)?.error ?? `${new URL(response.url).pathname}: ${response.status}`, response.status);
}

/** Where the page shows a session; the API has it below `/api`. */
export function sessionPath({ device, session }: Identity): string {
  return `/sessions/${encodeURIComponent(device)}/${encodeURIComponent(session)}`;
}

/** Where the page says why there is no replay; the API has it below `/api`. */
export function whyPath(device: string, session: string | null): string {
  return `/why/${encodeURIComponent(device)}${session === null ? "" : `/${encodeURIComponent(session)}`}`;
}

export const getWhy = (device: string, session: string | null) => call<Why>(`/api${whyPath(device, session)}`);
export const getDetails = (identity: Identity) => call<Details>(`/api${sessionPath(identity)}`);
export const getInteractions = (identity: Identity) => call<Interaction[]>(`/api${sessionPath(identity)}/interactions`);
export const getAllInteractions = () => call<Interaction[]>("/api/interactions");
export const getRequests = () => call<LoggedRequest[]>("/api/requests");

/** Which part of what is found: rows from a place on, or those around one session. */
export type Place = { offset: number } | { around: string };

/** Searches the sessions. */
export function search(query: string, place: Place, limit: number, signal: AbortSignal): Promise<Found> {
  const parameters = new URLSearchParams({ q: query, limit: String(limit), utc_offset_minutes: String(-new Date().getTimezoneOffset()) });
  for (const [name, value] of Object.entries(place)) parameters.set(name, String(value));
  return call<Found>(`/api/search?${parameters}`, { signal });
}
