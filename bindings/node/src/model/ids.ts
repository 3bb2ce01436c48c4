// Ids, as types that can't be mixed up, and the one place where a host's values become such ids.
import { invalid } from "./errors.js";
import { show, type Warn } from "./values.js";

declare const brand: unique symbol;
/** A value that has passed the check its name stands for. */
export type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };

/** A session as a number: milliseconds since 1970, a safe integer greater than 0. */
export type NumericSessionId = Branded<number, "SessionId">;
/** A session as a text; the library checks its characters. */
export type TextSessionId = Branded<string, "SessionId">;
export type SessionId = NumericSessionId | TextSessionId;
/** A text without NUL; the library checks its characters. */
export type DeviceId = Branded<string, "DeviceId">;
/** `<device id>/<session id>`. */
export type ReplayId = Branded<string, "ReplayId">;
/** A text without NUL; the library checks that it is not empty. */
export type ApiKey = Branded<string, "ApiKey">;

/** The ways to say "none yet": the snippets of Segment's documents give 0. */
export const isNone = (id: unknown): boolean => id === undefined || id === null || id === 0 || id === "";

/** Refuses a text that C would read as another one. */
export function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text !== "string") throw invalid(`${what} must be a text, but is ${show(text)}`);
  if (text.includes("\0")) throw invalid(`${what} holds the character NUL`);
}

export function toApiKey(key: unknown): ApiKey {
  checkText("the API key", key);
  return key as ApiKey;
}

export function toDeviceId(id: unknown): DeviceId {
  checkText("the device id", id);
  return id as DeviceId;
}

/** Refuses a number that is no point in time, or is not exactly the number that was meant. */
export function toSessionId(id: unknown): SessionId {
  if (typeof id === "string") {
    checkText("the session id", id);
    return id as TextSessionId;
  }
  if (isNumericSessionId(id)) return id;
  throw invalid(
    `the session id is ${show(id)}; a number must be milliseconds since 1970, greater than 0 and at most ` +
      `${Number.MAX_SAFE_INTEGER}; any other id must be a text`,
  );
}

export const isNumericSessionId = (id: unknown): id is NumericSessionId => Number.isSafeInteger(id) && (id as number) > 0;

/**
 * The session id that a host of the browser SDK means; `undefined`: none yet. Numbers of any kind are taken, as by the
 * SDK: Amplitude's own "no session" is -1, and a fraction of a millisecond names no other session.
 */
export function coerceSessionId(id: unknown, warn: Warn): SessionId | undefined {
  if (isNone(id)) return undefined;
  if (typeof id === "string") return id as TextSessionId;
  if (typeof id === "bigint" && id > 0n) return (id > Number.MAX_SAFE_INTEGER ? String(id) : Number(id)) as SessionId;
  if (typeof id !== "number" || !(id >= 1) || id === Infinity) {
    return void warn(`is ${show(id)}, and neither milliseconds since 1970 nor a text: ignored`);
  }
  const whole = Math.trunc(id);
  const taken = (Number.isSafeInteger(whole) ? whole : String(BigInt(whole))) as SessionId;
  if (taken !== id) warn(`is ${show(id)}: ${show(taken)} is taken`);
  return taken;
}

/** The session id in a replay id: what follows the slash, which no device id may hold. */
export const sessionIdOf = (replayId: ReplayId): TextSessionId =>
  replayId.slice(replayId.indexOf("/") + 1) as TextSessionId;

/** Whether the library is likely to take this session for a later one. Only the library decides: it also checks the clock. */
export function isLikelyLater(next: number, current: number | string | null | undefined): boolean {
  return current === undefined || current === null || current === "" || Number(current) < next;
}
