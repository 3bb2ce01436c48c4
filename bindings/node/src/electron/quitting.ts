// How a quit is held until what was recorded is delivered, and whose quit it is.
//
// `will-quit` is everybody's: an app that stays in the tray prevents it, another library holds it as we do. So a quit is
// held only while nobody else wants it gone, recording goes on until the process really ends, and we ask again only for
// the quit that nobody but us has prevented.

/** What Electron gives to the listeners of `before-quit` and `will-quit`. */
export interface QuitEvent {
  preventDefault(): void;
  readonly defaultPrevented?: boolean;
}

export interface Quittable {
  quit(): void;
}

/** What the recorder has to do with it. */
export interface Delivery {
  /** Whether there is anything to deliver. */
  isWaiting(): boolean;
  /** Settles when all is delivered, or it is of no use to wait any longer. Never rejects. */
  finish(): Promise<void>;
  /** The process ends now. */
  end(): void;
}

/** A quit that is held. */
interface Hold {
  /** False: somebody has prevented it since. */
  isWanted: boolean;
}

export class Quitting {
  #hold: Hold | undefined;
  /** The next `before-quit` belongs to the quit that we ask for. */
  #isAsking = false;
  /** The next `will-quit` does. */
  #isOurs = false;
  /** Our own quit has come to `will-quit`; whether somebody else prevented it there. */
  #passed: { isPrevented(): boolean } | undefined;

  constructor(
    private readonly app: Quittable,
    private readonly delivery: Delivery,
  ) {}

  readonly onBeforeQuit = (event: QuitEvent): void => {
    this.#isOurs = this.#isAsking;
    this.#isAsking = false;
    // Who stops a quit here does not want the one either that is being held.
    watch(event, () => this.#unwant());
  };

  readonly onWillQuit = (event: QuitEvent): void => {
    if (this.#isOurs) {
      this.#isOurs = false;
      this.#passed = { isPrevented: watch(event, () => {}) };
      return;
    }
    // Prevented before us: the app stays, or somebody else asks again.
    if (event.defaultPrevented === true) return this.#unwant();
    if (!this.#hold && !this.delivery.isWaiting()) return;
    event.preventDefault();
    // Whoever prevents it after us, in this turn or later, takes the decision from us.
    watch(event, () => this.#unwant());
    if (this.#hold) this.#hold.isWanted = true;
    else void this.#askAgainLater((this.#hold = { isWanted: true }));
  };

  readonly onQuit = (): void => this.delivery.end();

  #unwant(): void {
    if (this.#hold) this.#hold.isWanted = false;
  }

  async #askAgainLater(hold: Hold): Promise<void> {
    await this.delivery.finish();
    this.#hold = undefined;
    if (!hold.isWanted) return;
    this.#isAsking = true;
    this.#passed = undefined;
    try {
      this.app.quit();
    } catch {
      // The app's own listeners: it is theirs to tell.
    }
    const passed = this.#passed as { isPrevented(): boolean } | undefined;
    if (passed?.isPrevented() === false) this.delivery.end();
  }
}

/**
 * Calls `prevented` when anybody calls the event's `preventDefault` from now on. Once somebody has called it, the event
 * itself does not tell who else does.
 */
function watch(event: QuitEvent, prevented: () => void): () => boolean {
  const says = () => event.defaultPrevented === true;
  const before = says();
  let isPrevented = false;
  try {
    const preventDefault = event.preventDefault.bind(event);
    event.preventDefault = () => {
      isPrevented = true;
      prevented();
      preventDefault();
    };
  } catch {
    // An event that can't be changed: what it says itself is all there is.
  }
  return () => isPrevented || (!before && says());
}
