// Bytes as hosts give them, and as the library may read them.
import { isSharedArrayBuffer } from "node:util/types";

/**
 * The same bytes, safe from changes by other threads; without a copy where that needs none.
 *
 * C reads as many bytes as JavaScript says there are. So an array whose length may be overridden, by a subclass or by a
 * property of its own, is copied: copying uses the engine's own length.
 */
export function toOwnBytes(bytes: Uint8Array | Uint8ClampedArray): Uint8Array {
  if (!isPlain(bytes) || isSharedArrayBuffer(bytes.buffer)) return new Uint8Array(bytes);
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const PLAIN: unknown[] = [Buffer.prototype, Uint8Array.prototype, Uint8ClampedArray.prototype];
const OVERRIDABLE = ["length", "byteLength", "byteOffset", "buffer"] as const;

/** Whether the array's length and memory come from the engine. */
function isPlain(bytes: Uint8Array | Uint8ClampedArray): boolean {
  if (!PLAIN.includes(Object.getPrototypeOf(bytes))) return false;
  for (const name of OVERRIDABLE) if (Object.hasOwn(bytes, name)) return false;
  return true;
}
