// Device and session ids, as hosts of JavaScript give them.
import { show, type Warn } from "./values.js";
import { invalid } from "./status.js";

/** The ways to say "none yet": the snippets of Segment's documents give 0. */
export const isNone = (id: unknown): boolean => id === undefined || id === null || id === 0 || id === "";

/** Refuses what C would take for something else. The library checks the characters. */
export function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text !== "string") throw invalid(`${what} must be a text, but is ${show(text)}`);
  if (text.includes("\0")) throw invalid(`${what} holds the character NUL`);
}

/** Refuses a number that is no point in time, or is not the number that was meant. */
export function checkSessionId(id: unknown): asserts id is number | string {
  if (typeof id === "string") return checkText("the session id", id);
  if (Number.isSafeInteger(id) && (id as number) > 0) return;
  throw invalid(
    `the session id is ${show(id)}; a number must be milliseconds since 1970, greater than 0 and at most ` +
      `${Number.MAX_SAFE_INTEGER}; any other id must be a text`,
  );
}

/**
 * The session id that a host of the browser SDK means; `undefined`: none yet. Numbers of any kind are read so: the SDK
 * takes them all, Amplitude's own "no session" is -1, and a fraction of a millisecond names no other session.
 */
export function readSessionId(id: unknown, warn: Warn): number | string | undefined {
  if (isNone(id)) return undefined;
  if (typeof id === "string") return id;
  if (typeof id === "bigint" && id > 0n) return id > Number.MAX_SAFE_INTEGER ? String(id) : Number(id);
  if (typeof id !== "number" || !(id >= 1) || id === Infinity) {
    return void warn(`is ${show(id)}, and neither milliseconds since 1970 nor a text: ignored`);
  }
  const whole = Math.trunc(id);
  const taken = Number.isSafeInteger(whole) ? whole : String(BigInt(whole));
  if (taken !== id) warn(`is ${show(id)}: ${show(taken)} is taken`);
  return taken;
}

/** What an event of the analytics tells of itself. null, 0 and "" say "none yet". */
export interface ToldByAnalytics {
  /** Its device, as far as it knows. */
  deviceId?: string | null | undefined;
  /** Its session, in milliseconds since 1970. */
  sessionId?: number | null | undefined;
}

/** What is known once an event of the analytics was followed; all of it of one moment. */
export interface Followed {
  /** The current session. */
  sessionId: number | string | undefined;
  /**
   * What the event has to carry: the properties of the replay of its own device and session where that is captured, and
   * nothing otherwise.
   */
  properties: { [key: string]: string };
}

/** Whether the library is likely to take this session for a later one. It alone decides: it looks at the clock, too. */
export function isLater(next: number, stored: number | string | null | undefined): boolean {
  return stored === undefined || stored === null || stored === "" || Number(stored) < next;
}
