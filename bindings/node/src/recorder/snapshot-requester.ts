// Requests a full snapshot from the host, once each time the library begins to ask for one.
import { Status } from "../model/shared/status.js";

export class SnapshotRequester {
  #isAsking = false;
  #isScheduled = false;

  /** `handOver` hands over gathered events, so that the library's status is the newest; `request` asks the host. */
  constructor(
    private readonly handOver: () => void,
    private readonly request: () => void,
  ) {}

  /** The library's status for the newest event. */
  onStatus(status: Status): void {
    if (status !== Status.NeedsFullSnapshot) {
      this.#isAsking = false;
    } else if (!this.#isAsking) {
      this.#isAsking = true;
      if (!this.#isScheduled) queueMicrotask(this.#atEndOfTurn);
      this.#isScheduled = true;
    }
  }

  /** Another session or device, or recording resumed: a snapshot that was requested before does not count for it. */
  onChange(status: Status): void {
    this.#isAsking = false;
    this.onStatus(status);
  }

  /** A host that records a full snapshot in the same turn need not be asked. */
  readonly #atEndOfTurn = (): void => {
    this.handOver();
    this.#isScheduled = false;
    if (this.#isAsking) this.request();
  };
}
