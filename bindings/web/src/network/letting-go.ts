// Knows when the page cancels its half of a response that is read beside it, in any of the ways that streams have. Until the
// other half is cancelled, too, the browser keeps the request open, and of one server it opens six at once. (A response that
// the page merely forgets stays open in Chromium without us as well.)

import { wrapMethod } from "../page-world/wrap-method";

type Stop = () => void;

const bodyOf = Object.getOwnPropertyDescriptor(Response.prototype, "body")?.get;
/** Of streams, and of what reads them. */
const stops = new WeakMap<object, Stop>();
let isInstalled = false;

/** Has `stop` called once the page wants no more of the response, which has been cloned. */
export function onLettingGo(response: Response, stop: Stop): void {
  if (!isInstalled) install();
  isInstalled = true;
  // The one that the page gets, too.
  const body = bodyOf?.call(response) as object | null | undefined;
  if (body) stops.set(body, stop);
}

function install(): void {
  const streams = ReadableStream.prototype;
  wrapMethod(Response.prototype, "clone", (proceed, self) => {
    const stop = self instanceof Response ? stops.get(bodyOf?.call(self) as object) : undefined;
    const copy = proceed();
    if (stop) onLettingGoOfBoth([self as Response, copy as Response], stop);
    return copy;
  });
  // Whoever reads these can't be seen.
  for (const name of ["pipeThrough", "pipeTo", "tee"]) stopAt(streams, name);
  const readers = [ReadableStreamDefaultReader, globalThis.ReadableStreamBYOBReader].filter(Boolean);
  for (const holder of [streams, ...readers.map((reader) => reader.prototype)]) stopAt(holder, "cancel");
  passOn(streams, "getReader");
  const { values } = streams as { values?: () => object };
  if (!values) return;
  passOn(streams, "values");
  passOn(streams, Symbol.asyncIterator);
  stopAt(Object.getPrototypeOf(values.call(new ReadableStream())) as object, "return");
}

function onLettingGoOfBoth(halves: [Response, Response], stop: Stop): void {
  const left = new Set([0, 1]);
  for (const [at, half] of halves.entries()) {
    onLettingGo(half, () => {
      left.delete(at);
      if (left.size === 0) stop();
    });
  }
}

/** Stops before the call, which waits for the other half, or ends with it. */
function stopAt(holder: object, name: string): void {
  wrapMethod(holder, name, (proceed, self) => {
    stops.get(self as object)?.();
    return proceed();
  });
}

/** What is returned stands for the stream. */
function passOn(holder: object, name: string | symbol): void {
  wrapMethod(holder, name, (proceed, self) => {
    const made = proceed();
    const stop = stops.get(self as object);
    if (stop && typeof made === "object" && made !== null) stops.set(made, stop);
    return made;
  });
}
