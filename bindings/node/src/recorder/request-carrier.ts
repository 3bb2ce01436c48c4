// Takes the library's requests and has the host's handlers make them. As with the log the library is polled: it never calls into
// JavaScript by itself, so nothing of it waits for this thread, which may be busy, end, or be gone.
import { messageOf } from "../model/errors.js";
import { areReady, callHandler, type Handlers, type TakenRequest } from "../model/host-requests.js";
import { noResponse, readResponse, type HostResponse } from "../model/host-response.js";
import type { NativeLibrary } from "../native/library.js";
import { parseJson } from "./json.js";
import { clearTimeout, isTestOver, setTimeout } from "./real-time.js";

/** The pauses between two polls: they double while no request comes. A request waits ten seconds to be taken. */
const MIN_PAUSE_MS = 4;
const MAX_PAUSE_MS = 256;

/** How long before the library's own time for a request is over the handler is told: so the library hears why. */
const spareOf = (timeoutMs: number): number => Math.min(100, timeoutMs / 10);

export class RequestCarrier {
  #library: NativeLibrary | undefined;
  #handlers: Handlers | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The requests under way. */
  readonly #open = new Set<AbortController>();

  /** From now on these handlers make the requests of this library. The timer does not keep the process alive. */
  begin(library: NativeLibrary, handlers: Handlers): void {
    this.#library = library;
    this.#handlers = handlers.events || handlers.config ? handlers : undefined;
    this.#schedule(MIN_PAUSE_MS);
  }

  /** Recording has ended: nobody waits for these requests any more. */
  end(): void {
    this.#handlers = undefined;
    clearTimeout(this.#timer);
    for (const controller of this.#open) controller.abort(new Error("recording has ended"));
  }

  /** Takes the request that waits, if there is one and the handlers can be called; whether there was one. */
  poll(): boolean {
    const [library, handlers] = [this.#library, this.#handlers];
    if (library === undefined || handlers === undefined || !areReady(handlers)) return false;
    const request = parseJson<TakenRequest>(library.takeRequest());
    if (request === undefined) return false;
    void this.#carry(library, handlers, request);
    return true;
  }

  #schedule(pauseMs: number): void {
    clearTimeout(this.#timer);
    if (this.#handlers === undefined) return;
    this.#timer = setTimeout(() => {
      if (isTestOver()) return this.end();
      this.#schedule(this.poll() ? MIN_PAUSE_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS));
    }, pauseMs).unref();
  }

  /** Never rejects. */
  async #carry(library: NativeLibrary, handlers: Handlers, request: TakenRequest): Promise<void> {
    const controller = new AbortController();
    this.#open.add(controller);
    const { id, timeoutMs } = request;
    const timeout = setTimeout(
      () => controller.abort(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { name: "TimeoutError" })),
      timeoutMs - spareOf(timeoutMs),
    ).unref();
    const { status, headers, body } = await responseOf(library, handlers, request, controller.signal);
    clearTimeout(timeout);
    this.#open.delete(controller);
    // One that comes too late, or after the end, is refused, and changes nothing.
    library.respond(id, status, headers && JSON.stringify(headers), body);
    // The next batch may wait already.
    this.#schedule(MIN_PAUSE_MS);
  }
}

async function responseOf(
  library: NativeLibrary,
  handlers: Handlers,
  request: TakenRequest,
  signal: AbortSignal,
): Promise<HostResponse> {
  const name = request.kind === "events" ? "handleSendEvents" : "handleFetchConfig";
  try {
    // Memory of its own, which the library fills: the handler may keep it.
    const body = new Uint8Array(request.bodyLength);
    if (library.requestBody(request.id, body) < 0) return noResponse("its time was over before it was read");
    const over = whenAborted(signal);
    const given = await Promise.race([callHandler(handlers, request, body, signal), over]);
    return await readResponse(given, over);
  } catch (error) {
    return noResponse(`${name} failed: ${reasonOf(error)}`);
  }
}

/** Rejects once the signal is aborted. Nobody has to listen. */
function whenAborted(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  aborted.catch(() => {});
  return aborted;
}

/** `fetch` says "fetch failed", and its cause says why. */
function reasonOf(error: unknown): string {
  try {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
  } catch {
    return "what it threw can't be read";
  }
}
