// A request as bytes, for a backend that knows no structs: the struct with its texts, and its bodies, to which it points.
import { StructBytes } from "./struct-bytes.js";
import { REQUEST, type RequestValues } from "./view-layout.js";

const REQUEST_BYTES = new StructBytes(REQUEST);

export interface RequestMemory {
  /** The request itself. */
  readonly request: Buffer;
  /** What it points to: it must be kept as long as C reads the request. */
  readonly parts: readonly (Buffer | null)[];
}

export function requestMemory(values: RequestValues, addressOf: (bytes: Buffer) => bigint): RequestMemory {
  const [sent, received] = [values.request_body, values.response_body].map(bodyBytes) as [Buffer | null, Buffer | null];
  const [request_body, response_body] = [sent, received].map((body) => body && addressOf(body)) as [bigint | null, bigint | null];
  return { request: REQUEST_BYTES.of([{ ...values, request_body, response_body }], addressOf), parts: [sent, received] };
}

const bodyBytes = (body: Uint8Array | null) => body && Buffer.from(body.buffer, body.byteOffset, body.byteLength);
