// Holds a quit until what was recorded is delivered, and then quits again.
//
// Others use `will-quit`, too: an app that stays in the tray prevents it, another library holds it as we do. So recording
// goes on until the process really ends, and we quit again only if nobody but us has prevented the quit.

/** What Electron gives to the listeners of `before-quit` and `will-quit`. */
export interface QuitEvent {
  preventDefault(): void;
  readonly defaultPrevented?: boolean;
}

export interface Quittable {
  quit(): void;
}

/** What is waited for. */
export interface PendingDelivery {
  /** Whether there is anything to deliver, and time for it. */
  isNeeded(): boolean;
  /** Settles when all is delivered, or waiting longer is of no use. Never rejects. */
  finish(): Promise<void>;
  /** The process ends now. */
  end(): void;
}

/** A quit that is held. */
interface Hold {
  /** True: somebody else has prevented the quit since, so it must not be repeated. */
  isCancelled: boolean;
}

export class QuitHold {
  #hold: Hold | undefined;
  /** The next `before-quit` belongs to the quit that we repeat. */
  #isRepeating = false;
  /** The next `will-quit` does. */
  #isOurs = false;
  /** The repeated quit has reached `will-quit`; whether somebody else prevented it there. */
  #repeated: { isPrevented(): boolean } | undefined;

  constructor(
    private readonly app: Quittable,
    private readonly delivery: PendingDelivery,
  ) {}

  readonly onBeforeQuit = (event: QuitEvent): void => {
    this.#isOurs = this.#isRepeating;
    this.#isRepeating = false;
    // Who prevents this quit does not want the held one either.
    onPrevented(event, () => this.#cancel());
  };

  readonly onWillQuit = (event: QuitEvent): void => {
    if (this.#isOurs) {
      this.#isOurs = false;
      this.#repeated = { isPrevented: onPrevented(event, () => {}) };
      return;
    }
    // Prevented before us: the app stays, or somebody else quits again.
    if (event.defaultPrevented === true) return this.#cancel();
    if (!this.#hold && !this.delivery.isNeeded()) return;
    event.preventDefault();
    // Whoever prevents it after us, in this turn or later, decides in our place.
    onPrevented(event, () => this.#cancel());
    if (this.#hold) this.#hold.isCancelled = false;
    else void this.#quitAfterDelivery((this.#hold = { isCancelled: false }));
  };

  readonly onQuit = (): void => this.delivery.end();

  #cancel(): void {
    if (this.#hold) this.#hold.isCancelled = true;
  }

  async #quitAfterDelivery(hold: Hold): Promise<void> {
    await this.delivery.finish();
    this.#hold = undefined;
    if (hold.isCancelled) return;
    this.#isRepeating = true;
    this.#repeated = undefined;
    try {
      this.app.quit();
    } catch {
      // Listeners of the app threw.
    }
    const repeated = this.#repeated as { isPrevented(): boolean } | undefined;
    if (repeated?.isPrevented() === false) this.delivery.end();
  }
}

/**
 * Calls `callback` when anybody calls the event's `preventDefault` from now on, and returns whether anybody has. The event's
 * own `defaultPrevented` does not tell a second caller from the first.
 */
function onPrevented(event: QuitEvent, callback: () => void): () => boolean {
  const isMarked = () => event.defaultPrevented === true;
  const wasMarked = isMarked();
  let isPrevented = false;
  try {
    const preventDefault = event.preventDefault.bind(event);
    event.preventDefault = () => {
      isPrevented = true;
      callback();
      preventDefault();
    };
  } catch {
    // An event that can't be changed: its own defaultPrevented is all there is.
  }
  return () => isPrevented || (!wasMarked && isMarked());
}
