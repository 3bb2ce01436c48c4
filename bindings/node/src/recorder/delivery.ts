// Waits until what is recorded is delivered: the two calls that do so are flush and shutdown.
import { SessionReplayError } from "../model/errors.js";
import type { WaitStatus } from "../model/results.js";
import { Status } from "../model/shared/status.js";
import { hasBegun, type FlushHandle, type NativeLibrary } from "../native/library.js";
import type { RecorderContext } from "./context.js";
import { END_MS, endWithin, isEndPending } from "./ending.js";
import { isFulfilledWithin, pollUntilDelivered } from "./flush-waiter.js";
import { now } from "./real-time.js";

/** Flushes. `shutdown` gives the shutdown of the recorder that is flushed, if there is one by the end of the wait. */
export async function flush(
  context: RecorderContext,
  timeoutMs: number,
  shutdown: () => Promise<WaitStatus> | undefined,
): Promise<WaitStatus> {
  const library = context.library.attach();
  if (library === undefined) return flushResult(context, Status.NotInitialized, false, shutdown(), timeoutMs);
  if (timeoutMs === 0 && library.startFlush() >= 0) return "ok";
  const handle = library.flushBegin();
  const begun = hasBegun(handle);
  const status = begun
    ? await pollUntilDelivered(timeoutMs, () => isDelivered(context, library, handle))
    : Status.NotInitialized;
  return flushResult(context, status, begun, shutdown(), timeoutMs);
}

/** Looks for requests of the library, too, where the host makes them: somebody waits. */
function isDelivered({ requests }: RecorderContext, library: NativeLibrary, handle: FlushHandle): Status {
  requests.poll();
  return library.flushPoll(handle);
}

async function flushResult(
  context: RecorderContext,
  status: Status,
  begun: boolean,
  shutdown: Promise<WaitStatus> | undefined,
  timeoutMs: number,
): Promise<WaitStatus> {
  const source = resultSource(status, begun, shutdown !== undefined);
  if (source === "own-status") return waitStatus(context, "flush", status);
  return source === "shutdown" && shutdown && (await isFulfilledWithin(timeoutMs, shutdown)) ? shutdown : "timeout";
}

/**
 * Which result a flush has. Where its recorder ended meanwhile, a shutdown of this thread knows what became of the events.
 * The result of another thread's shutdown is not known, so it must not be reported as delivered.
 */
export function resultSource(status: Status, begun: boolean, hasShutdown: boolean): "own-status" | "shutdown" | "timeout" {
  if (status !== Status.NotInitialized) return "own-status";
  if (hasShutdown) return "shutdown";
  return begun ? "timeout" : "own-status";
}

/** Ends recording and delivers what is left. */
export async function endRecording(context: RecorderContext, timeoutMs: number): Promise<WaitStatus> {
  const library = context.library.attach();
  // An earlier shutdown, whose time was over, has still to do its last step.
  if (library && isEndPending(library)) return waitStatus(context, "shutdown", await endWithin(library, timeoutMs + END_MS));
  const handle = library?.shutdownBegin();
  if (library === undefined || handle === undefined || !hasBegun(handle)) {
    return waitStatus(context, "shutdown", Status.NotInitialized);
  }
  const deadline = now() + timeoutMs;
  await pollUntilDelivered(timeoutMs, () => isDelivered(context, library, handle));
  return waitStatus(context, "shutdown", await endWithin(library, Math.max(0, deadline - now()) + END_MS));
}

/** The result of a wait, for the host. Throws for a failure. */
function waitStatus({ poller, notices }: RecorderContext, call: string, status: Status): WaitStatus {
  poller.poll();
  if (status === Status.Timeout) return "timeout";
  if (status === Status.NotInitialized) notices.notInitialized(call);
  // The library's message stayed on the thread that waited.
  else if (status < 0) throw SessionReplayError.of(status, `${call} was answered with ${status}`);
  return "ok";
}
