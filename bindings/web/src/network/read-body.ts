// Reads the beginning of a response beside the page, from a clone: no more than is recorded, not for long, and not longer than
// the page keeps its half.

import { onLettingGo } from "./letting-go";

const MAX_READ_MS = 3_000;

const { clone } = Response.prototype;
const bodyOf = Object.getOwnPropertyDescriptor(Response.prototype, "body")?.get;
const { getReader } = ReadableStream.prototype;
const { read, cancel } = ReadableStreamDefaultReader.prototype;
const { setTimeout, clearTimeout } = globalThis;

export interface BodyText {
  text: string;
  /** Whether that is all of it. */
  isWhole: boolean;
  /** Whether it is no text at all. */
  isBinary: boolean;
}

/** Takes the clone at once, and then reads at most `maxBytes`. Rejects where the body can't be read. */
export function readBeginning(response: Response, maxBytes: number): Promise<BodyText> {
  const body = bodyOf?.call(clone.call(response)) as ReadableStream<Uint8Array> | null | undefined;
  if (!body) return Promise.resolve({ text: "", isWhole: true, isBinary: false });
  const reader = getReader.call(body) as ReadableStreamDefaultReader<Uint8Array>;
  const reading = { isStopped: false };
  const stop = () => {
    reading.isStopped = true;
    // It is settled once the page's half is, too.
    void cancel.call(reader).catch(() => {});
  };
  const timer = setTimeout(stop, MAX_READ_MS);
  onLettingGo(response, stop);
  return readStream(reader, maxBytes, reading).finally(() => {
    clearTimeout(timer);
    stop();
  });
}

async function readStream(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  reading: { readonly isStopped: boolean },
): Promise<BodyText> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= maxBytes) {
    const { done, value } = (await read.call(reader)) as ReadableStreamReadResult<Uint8Array>;
    if (done) return decode(chunks, maxBytes, !reading.isStopped);
    // The page may change what it is given; its half of a byte stream has bytes of its own.
    chunks.push(value);
    length += value.length;
  }
  return decode(chunks, maxBytes, false);
}

export function decode(chunks: Uint8Array[], maxBytes: number, isWhole: boolean): BodyText {
  const decoder = new TextDecoder();
  let text = "";
  let left = maxBytes;
  for (const chunk of chunks) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= Math.min(left, chunk.length);
  }
  // Only the end of the whole may be half a character.
  if (isWhole) text += decoder.decode();
  return { text, isWhole, isBinary: text.includes("\0") };
}
