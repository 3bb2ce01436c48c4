// What the page can ask of a replay on the screen, however it is played.

import type { RrwebEvent } from "../model/rrweb-event";

export interface Stage {
  add(events: RrwebEvent[]): void;
  toggle(): void;
  /** Moves to so many milliseconds from the beginning. */
  seek(ms: number): void;
  /** Milliseconds from the beginning. */
  now(): number;
  fullscreen(): void;
  destroy(): void;
}
