// A call of the host's with what it gave, as the library takes it.
import { Status } from "../model/shared/status.js";
import type { NativeLibrary } from "../native/library.js";
import type { RecorderContext } from "./context.js";

/**
 * Calls the library, and throws for a refusal. Where nothing is being recorded the log says so, and nothing is refused: so
 * `call` looks at what the host gave, and throws. That nothing is being recorded is asked only then: it would cost each call.
 */
export function callLibrary(
  { library, notices }: RecorderContext,
  name: string,
  call: (library: NativeLibrary) => Status,
  accepted?: () => number,
): Status {
  const attached = library.attach();
  const status = attached ? whileRecording(attached, Status.NotInitialized, () => call(attached)) : Status.NotInitialized;
  if (status === Status.NotInitialized) notices.notInitialized(name);
  else if (status < 0) throw library.errorOf(status, accepted?.());
  return status;
}

/** What `work` gives; in place of its error `otherwise`, where nothing is being recorded. */
export function whileRecording<Result>(library: NativeLibrary, otherwise: Result, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (library.stats() === null) return otherwise;
    throw error;
  }
}
