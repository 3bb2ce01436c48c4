// Reads a session's batches one after the other, as they come over the wire.

import { type Fields, isFields } from "../model/json";
import { refusal, sessionPath } from "./client";
import type { Batch, DamagedBatch, Identity } from "./types";

export interface BatchesQuery {
  /** The name of the last batch that is there. */
  after?: string | undefined;
  /** Nothing of the last minute before it once more. */
  exact?: boolean;
  /** The name of the one batch that is wanted. */
  only?: string | undefined;
  signal?: AbortSignal;
}

export async function* readBatches(identity: Identity, { after, exact, only, signal }: BatchesQuery = {}): AsyncGenerator<Batch | DamagedBatch> {
  const query = new URLSearchParams({ ...(after !== undefined && { after }), ...(after !== undefined && exact && { exact: "true" }), ...(only !== undefined && { only }) });
  const response = await fetch(`/api${sessionPath(identity)}/batches?${query}`, { signal: signal ?? null });
  if (!response.ok || !response.body) throw await refusal(response);
  for await (const line of linesOf(response.body)) {
    yield batchOf(JSON.parse(line));
  }
}

/** The lines of a body; each ends with a line break. */
async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let begun: string[] = [];
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      let from = 0;
      for (let end = part.value.indexOf("\n"); end >= 0; end = part.value.indexOf("\n", from)) {
        const line = begun.join("") + part.value.slice(from, end);
        begun = [];
        from = end + 1;
        yield line;
      }
      begun.push(part.value.slice(from));
    }
  } finally {
    // Whoever stops reading lets go of the connection, too.
    reader.cancel().catch(() => {});
  }
}

/** Whether what was read is none. */
export const isDamaged = (batch: Batch | DamagedBatch): batch is DamagedBatch => "problem" in batch;

/** What a line says; nothing of a session vanishes without a word, whoever wrote it. */
function batchOf(value: unknown): Batch | DamagedBatch {
  if (isBatch(value)) return value;
  const { sequence, problem, count, retry }: Fields = isFields(value) ? value : {};
  return {
    sequence: typeof sequence === "string" ? sequence : "without a name",
    problem: typeof problem === "string" ? problem : "this page does not understand what the viewer says of it",
    count: typeof count === "number" && count > 0 ? count : 0,
    isRetried: retry === true,
  };
}

function isBatch(value: unknown): value is Batch {
  if (!isFields(value) || typeof value["sequence"] !== "string" || !isFields(value["meta"])) return false;
  const events = value["events"];
  return typeof value["meta"]["arrived"] === "number" && Array.isArray(events) && events.every((event) => typeof event === "string" || event === null);
}
