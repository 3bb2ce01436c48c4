// Tells the host once each time that the library begins to ask for a full snapshot.
import { Status } from "../model/status.js";

export class Asking {
  #asks = false;
  #isDue = false;

  /** `settle` hands over what waits, so that the answer is the newest; `ask` tells the host. */
  constructor(
    private readonly settle: () => void,
    private readonly ask: () => void,
  ) {}

  /** Follows the library's newest answer to an event. */
  heard(status: number): void {
    if (status !== Status.NeedsFullSnapshot) {
      this.#asks = false;
    } else if (!this.#asks) {
      this.#asks = true;
      if (!this.#isDue) queueMicrotask(this.#atEndOfTurn);
      this.#isDue = true;
    }
  }

  /** Another session or device, or recording resumed: whatever was asked before, this is a new question. */
  heardOfChange(status: number): void {
    this.#asks = false;
    this.heard(status);
  }

  /** A recorder that hands over its snapshot in the same turn need not be asked. */
  readonly #atEndOfTurn = (): void => {
    this.settle();
    this.#isDue = false;
    if (this.#asks) this.ask();
  };
}
