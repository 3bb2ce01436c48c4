// Events as hosts give them, and as the library takes them.
import { isAnyArrayBuffer, isUint8Array } from "node:util/types";
import type { ReplayEvent } from "./before-record.js";
import { toOwnBytes } from "./bytes.js";
import { SessionReplayError, invalid } from "./errors.js";
import { isObject } from "./values.js";

/** The JSON of an event that is an object. */
export function toJson(event: unknown): string {
  let json: unknown;
  try {
    json = JSON.stringify(event);
  } catch (error) {
    // A cycle, a BigInt, or a toJSON or getter of the host's that throws: the engine's message says which.
    const reason = error instanceof Error ? error.message : String(error);
    throw new SessionReplayError("invalid-json", `the event can't be written as JSON: ${reason}`, { cause: error });
  }
  if (typeof json === "string") return json;
  throw invalid(`an event must be an rrweb event: an object, its JSON, or that in UTF-8; but it is ${describe(event)}`);
}

/** rrweb's type of a full snapshot. */
export const FULL_SNAPSHOT = 2;

/** The event as an object, whatever form it has. */
export function toEvent(event: unknown): ReplayEvent {
  const bytes = typeof event === "string" ? undefined : toBytes(event);
  const json = bytes ? Buffer.from(bytes).toString() : event;
  let parsed: unknown = json;
  try {
    if (typeof json === "string") parsed = JSON.parse(json);
  } catch (error) {
    throw new SessionReplayError("invalid-json", `the event is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (isObject(parsed)) return parsed as unknown as ReplayEvent;
  throw invalid(`an event must be an rrweb event: an object, its JSON, or that in UTF-8; but it is ${describe(parsed)}`);
}

/** The JSON of what goes with an event of the host's own; nothing is null. */
export function toPayloadJson(payload: unknown): string {
  const json = toJson({ payload: payload ?? null });
  if (json === "{}") throw invalid(`a payload must be something that JSON has, but it is ${describe(payload)}`);
  return json.slice('{"payload":'.length, -1);
}

/** In place of no bytes at all, which both backends would hand over as NULL. */
const BLANK = Buffer.from("\n");

/** The bytes of an event in UTF-8, safe from changes by other threads; `undefined` if it is no such thing. */
export function toBytes(event: unknown): Uint8Array | undefined {
  if (isUint8Array(event)) {
    const bytes = toOwnBytes(event);
    return bytes.byteLength === 0 ? BLANK : bytes;
  }
  if (isAnyArrayBuffer(event) || ArrayBuffer.isView(event)) {
    throw invalid(`an event's bytes must be a Buffer or a Uint8Array, not ${describe(event)}`);
  }
  return undefined;
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) return value.constructor?.name ?? "an object";
  return value === undefined ? "undefined" : `of the type ${typeof value}`;
}
