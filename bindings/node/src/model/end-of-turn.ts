// Work for the end of the running turn.
//
// Not by `queueMicrotask`: a plain context of node:vm has none, and jest and Sinon fake it, so that the work would wait for a test
// to advance its clock.
import { setImmediate } from "node:timers";

/** Does the work in a microtask. What it throws is an uncaught exception, as of any callback. */
export function atEndOfTurn(work: () => void): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    });
}
