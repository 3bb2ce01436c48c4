// What a host's handler returned, as the library takes it. It may be anything.

/** A response for the library. */
export interface HostResponse {
  /** 0: there was none, and `body` says why. */
  readonly status: number;
  readonly headers: Record<string, string> | null;
  readonly body: Uint8Array;
}

/** The library reads no more than that of a response. */
const MAX_BODY_BYTES = 1 << 20;

const SKIPPED = "X-Session-Replay-Event-Skipped";
/** More than there is: so the library knows that the body broke off. */
const BROKEN_OFF = { "Content-Length": "1" };

const EMPTY = new Uint8Array();

export const noResponse = (reason: string): HostResponse => ({ status: 0, headers: null, body: Buffer.from(reason) });

/** The parts used here of a Response. */
interface ResponseLike {
  status: number;
  headers?: { get?(name: string): unknown } | null;
  body?: { locked?: boolean; getReader?(): Reader } | null;
  bodyUsed?: boolean;
  text?(): unknown;
}

interface Reader {
  read(): Promise<{ done: boolean; value?: unknown }>;
  cancel(): Promise<unknown>;
}

/** Reads a Response, or what is like one. Never rejects. `over` rejects when there is no more time: then the body has broken off. */
export async function readResponse(given: unknown, over: Promise<never>): Promise<HostResponse> {
  const response = given as ResponseLike | null | undefined;
  const status = (response as { status?: unknown } | null | undefined)?.status;
  if (!Number.isInteger(status) || (status as number) < 100 || (status as number) > 599) {
    return noResponse("the handler returned no Response: it needs the status of the server's, 100 to 599");
  }
  const headers = skippedOf(response as ResponseLike);
  try {
    const body = await Promise.race([bodyOf(response as ResponseLike), over]);
    return { status: status as number, headers, body };
  } catch {
    return { status: status as number, headers: { ...headers, ...BROKEN_OFF }, body: EMPTY };
  }
}

/** Whether the server skipped the batch, if that can be read: it has answered, whatever becomes of this. */
function skippedOf(response: ResponseLike): Record<string, string> {
  try {
    const skipped = response.headers?.get?.(SKIPPED);
    return skipped == null ? {} : { [SKIPPED]: String(skipped) };
  } catch {
    return {};
  }
}

/** The beginning of the body. One that the host has read, or reads, is not ours to read. */
async function bodyOf(response: ResponseLike): Promise<Uint8Array> {
  if (response.bodyUsed === true || response.body?.locked === true) return EMPTY;
  const reader = response.body?.getReader?.();
  if (reader) return readUpTo(MAX_BODY_BYTES, reader);
  return typeof response.text === "function" ? Buffer.from(String(await response.text())) : EMPTY;
}

async function readUpTo(max: number, reader: Reader): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for (let length = 0; length < max; ) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    const chunk = Buffer.from(value as Uint8Array);
    chunks.push(chunk);
    length += chunk.length;
  }
  reader.cancel().catch(() => {});
  return Buffer.concat(chunks);
}
