// What the page can ask of a replay on the screen, however it is played.

import type { RrwebEvent } from "../model/rrweb-event";
import type { Scene } from "../scene/scene";

export interface Stage {
  /** What is shown now. */
  readonly scene: Scene;
  add(events: RrwebEvent[]): void;
  toggle(): void;
  /** Moves to so many milliseconds from the beginning. */
  seek(ms: number): void;
  /** Milliseconds from the beginning. */
  now(): number;
  fullscreen(): void;
  destroy(): void;
}
