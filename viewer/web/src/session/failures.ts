// What could not be drawn, and in which event.

import type { Problem } from "../api/types";
import { count } from "../dom/format";
import { DrawingError } from "../player/drawing-error";
import type { Recording } from "../recording/recording";

/** Browsers say so where a box that is measured changes its size again: nothing is lost. */
const HARMLESS = /ResizeObserver loop/;

export class Failures {
  private first: string | null = null;
  /** Numbers of events beside the first; an event that is drawn again fails again. */
  private readonly events = new Set<number>();

  constructor(private readonly recording: Recording) {}

  /** Takes what a window's error event has; says whether that is anything new. */
  add(error: unknown, message: string): boolean {
    if (HARMLESS.test(message)) return false;
    const failed = error instanceof DrawingError ? this.recording.numberOfData(error.data) : null;
    const known = this.events.size;
    if (failed !== null) this.events.add(failed);
    const said = error instanceof Error ? error.message : message;
    const isFirst = this.first === null;
    this.first ??= failed !== null ? `Event ${failed} (counted from 0 as they arrived) can't be drawn: ${said}` : `The player failed: ${said}`;
    return isFirst || this.events.size > known;
  }

  problems(): Problem[] {
    if (this.first === null) return [];
    const more = this.events.size - 1;
    const others = more > 0 ? ` The same goes for ${count(more, "other event")}; the rest is drawn.` : "";
    return [{ code: "player_failed", message: this.first + others }];
  }
}
