// The registry of custom elements that this world does not have: the names that the page has defined. rrweb asks it for each
// element, so that in the replay, too, what is defined matches `:defined`.
import type { Recorder } from "../../../../web/src/index";

const MAX_NAMES = 5_000;
/** Pages define their elements one after the other. */
const SETTLE_MS = 50;
const MIN_INTERVAL_MS = 1_000;
const MAX_INTERVAL_MS = 64_000;

export class ElementRegistry {
  readonly #names = new Set<string>();
  #interval = MIN_INTERVAL_MS;
  #soonest = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #registry = {
    get: (name: string) => (this.#names.has(name) ? HTMLElement : undefined),
    define: (_name: string): void => {},
  };

  constructor(private readonly recorder: Recorder) {
    const world = window as { customElements: unknown };
    if (world.customElements) return;
    Object.defineProperty(world, "customElements", { configurable: true, value: this.#registry });
  }

  /** The page has defined an element. */
  define(name: string): void {
    if (this.#names.size >= MAX_NAMES || this.#names.has(name)) return;
    this.#names.add(name);
    // rrweb has wrapped it.
    this.#registry.define(name);
    // Those that were described before can be told in no other way.
    if (document.getElementsByTagName(name).length > 0) this.#requestSnapshot();
  }

  #requestSnapshot(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#soonest = performance.now() + this.#interval;
        this.#interval = Math.min(MAX_INTERVAL_MS, this.#interval * 2);
        this.recorder.snapshotSoon();
      },
      Math.max(SETTLE_MS, this.#soonest - performance.now()),
    );
  }
}
