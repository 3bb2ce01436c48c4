// Keeps events in order, though some of them wait.

import { shared } from "../copies/shared.js";

export class InOrder {
  #last: Promise<unknown> | undefined;

  /** Runs `pass` when `ready` has settled and every earlier event has passed; now where nobody waits. */
  async run<T>(ready: Promise<unknown> | undefined, pass: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const mine = before || ready ? Promise.allSettled([before, ready]).then(pass) : pass();
    this.#last = mine;
    try {
      return await mine;
    } finally {
      if (this.#last === mine) this.#last = undefined;
    }
  }
}

/**
 * For the events of all analytics libraries in this process or page, whichever copy of this package follows them: session
 * replay is in one session at a time, so each event is completed before the next one is followed.
 */
export const oneByOne = (): InOrder => shared("in-order.1", () => new InOrder());
