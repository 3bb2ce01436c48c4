// What a response's headers say of its body: whether it can be read beside the page's own reading.

import { MAX_READ_BYTES } from "../model/shared";
import type { BodyStatus } from "./body";

const BINARY =
  /^(image|audio|video|font|model)\/|^application\/(octet-stream|pdf|wasm|zip|gzip|x-(gzip|tar|bzip2?|7z-compressed)|(x-|vnd\.google\.)?protobuf|grpc|msgpack|x-msgpack|cbor|vnd\.(ms-|openxmlformats))/;
/** They may never end, and while someone else reads, closing one does not end the request. */
const STREAM =
  /^text\/event-stream|^multipart\/x-mixed-replace|^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-seq|stream\+json|connect\+)/;

/**
 * Documents that a page reads to their end, though their length is not told. Anything else may be a stream, and once a
 * response has been cloned, browsers keep all of it in memory that the page has not read yet, however much comes.
 */
const DOCUMENT = /^(application|text)\/([\w.-]+\+)?(json|xml|html|x-www-form-urlencoded)\b/;

/** Why the body is not read; null: it is. */
export function reasonToSkip(header: (name: string) => string | null | undefined): BodyStatus | null {
  const type = (header("content-type") ?? "").trim().toLowerCase();
  if (BINARY.test(type)) return "skipped_binary";
  if (STREAM.test(type)) return "skipped_stream";
  const length = header("content-length");
  if (typeof length !== "string") return DOCUMENT.test(type) ? null : "skipped_stream";
  // Larger ones are not read, not even their beginning: the page may mean to stream it to a file.
  return Number(length) <= MAX_READ_BYTES ? null : "skipped_large";
}
