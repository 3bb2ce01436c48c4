// What a page and the documents of another origin in its frames say to each other. The handshake goes by `window.postMessage`,
// which the pages' own scripts hear, so it holds nothing of the page; what is recorded goes over the port that it hands over.

import type { MaskLevel } from "../model/shared";

/** Marks a message as ours: pages have many others. */
export const FRAME_MESSAGE = "session-replay-frame";

/** child → parent, by window: a recorder is in this frame and waits. */
export interface Hello {
  type: typeof FRAME_MESSAGE;
  action: "hello";
}

/** parent → child, by window: this page records; a recorder that is there may say hello. */
export interface Ready {
  type: typeof FRAME_MESSAGE;
  action: "ready";
}

/** parent → child, by window, with a port: the answer to a hello. */
export interface Connect {
  type: typeof FRAME_MESSAGE;
  action: "connect";
}

export type WindowMessage = Hello | Ready | Connect;

/** parent → child, by the port: record from a full snapshot on, masked at this level at least; or pause. */
export type Command = { action: "record"; generation: number; level: MaskLevel } | { action: "pause" };

/** child → parent, by the port: events, one's JSON a line, of the generation that was asked for; a user does something; the document goes. */
export type Report = { action: "events"; generation: number; lines: string } | { action: "used" } | { action: "bye" };

/** A message of ours; null: another's. */
export function windowMessage(data: unknown): WindowMessage["action"] | null {
  if (typeof data !== "object" || data === null) return null;
  const { type, action } = data as Record<string, unknown>;
  if (type !== FRAME_MESSAGE) return null;
  return action === "hello" || action === "ready" || action === "connect" ? action : null;
}

/** Whether `origin` may take part; null: any may. An opaque origin is the text "null". */
export const isAllowed = (origin: string, allowed: readonly string[] | null): boolean =>
  allowed === null || allowed.includes(origin);
