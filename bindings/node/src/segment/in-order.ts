// Lets events pass in the order in which they came, though some wait for a moment.

export class InOrder {
  #last: Promise<unknown> | undefined;

  /** Runs `pass` when `ready` has settled and every earlier event has passed; at once where nobody waits. */
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
 * For the events of all analytics in this process or page: session replay is in one session at a time, so that each
 * event is completed before the next is followed.
 */
export const oneByOne = new InOrder();
