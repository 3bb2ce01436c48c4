// What a host is told of its events.
import type { RecordStatus } from "../model/results.js";
import { Status } from "../model/shared/status.js";

/** A refusal becomes an error before; only that nothing is being recorded is no error. */
export function toRecordStatus(status: Status): RecordStatus {
  if (status === Status.NeedsFullSnapshot) return "needs-full-snapshot";
  return status === Status.Ok || status === Status.NotStored ? "ok" : "not-captured";
}
