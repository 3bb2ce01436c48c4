// Listeners on Electron's objects, which are taken away again.
import type { EventEmitter } from "node:events";

export class Listeners {
  readonly #removals = new Map<EventEmitter, (() => void)[]>();

  /** Listens until {@link removeAll}. Whoever listens to an object that may go first calls {@link forget} then. */
  on<Given extends unknown[]>(emitter: EventEmitter, name: string, listener: (...given: Given) => void): void {
    const given = listener as (...given: unknown[]) => void;
    emitter.on(name, given);
    const removals = this.#removals.get(emitter) ?? [];
    removals.push(() => emitter.removeListener(name, given));
    this.#removals.set(emitter, removals);
  }

  /** The object is gone, and its listeners with it. */
  forget(emitter: EventEmitter): void {
    this.#removals.delete(emitter);
  }

  removeAll(): void {
    for (const removals of this.#removals.values()) for (const remove of removals) remove();
    this.#removals.clear();
  }
}
