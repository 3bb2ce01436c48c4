import type { RrwebEvent } from "../model/rrweb-event";

/** What the player throws at an event. */
export class DrawingError extends Error {
  /** The event's data, by which it is found: players are given copies of events. */
  readonly data: unknown;

  constructor(cause: unknown, event: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.data = (event as Partial<RrwebEvent> | null)?.data;
  }
}
