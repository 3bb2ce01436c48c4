// What the page can ask of a replay on the screen, however it is played.

import type { RrwebEvent } from "../model/rrweb-event";
import type { Scene } from "../scene/scene";

export interface Stage {
  /** What is shown now. */
  readonly scene: Scene;
  /** The first picture is drawn, or the stage is gone. */
  readonly drawn: Promise<void>;
  /** The recording has these new events. */
  add(events: RrwebEvent[]): void;
  /** The recording was drawn anew below the replay: its length, its gaps, and whether it is loaded. */
  update(): void;
  toggle(): void;
  /** Moves to so many milliseconds from the beginning. */
  seek(ms: number): void;
  /** Milliseconds from the beginning. */
  now(): number;
  /** The next faster speed, or the next slower one. */
  changeSpeed(by: 1 | -1): void;
  fullscreen(): void;
  destroy(): void;
}
