// Lets events pass in the order in which they came, though some wait for a moment.

export class InOrder {
  #last: Promise<void> | undefined;

  /** Runs `pass` when `ready` has settled and every earlier event has passed; at once where nobody waits. */
  async run(ready: Promise<unknown> | undefined, pass: () => Promise<void>): Promise<void> {
    const before = this.#last;
    const mine = before || ready ? Promise.allSettled([before, ready]).then(pass) : pass();
    this.#last = mine;
    try {
      await mine;
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

/**
 * The next turn of the event loop. Pages that nobody sees have slow timers, and may be about to go: there it is the end
 * of the running one.
 */
export function nextTick(): Promise<void> {
  const isHidden = (globalThis as { document?: { visibilityState?: string } }).document?.visibilityState === "hidden";
  return isHidden ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, 0));
}
