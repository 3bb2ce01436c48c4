// Watches whether what is recorded is of any use, and tells the host: by an event of its own, which the library recognizes.

import { EventType } from "../model/rrweb-event";
import { STATUS_TAG } from "../model/shared";
import { toJson } from "../send/json";
import { deliveryProblemsOf, type Health, problemsOf } from "./health";

/** starting: on, and the first full snapshot is still to come. idle: on, and nobody uses the page, so nothing is recorded. */
export type RecordingState = "off" | "starting" | "recording" | "idle";

export interface Monitored {
  state: RecordingState;
  waitingMs: number | null;
  hasMissedChanges: boolean;
}

const NO_PROBLEMS = "[]";

export class HealthMonitor {
  private startedAt = 0;
  private dropped: string | null = null;
  private reported = NO_PROBLEMS;

  constructor(
    private readonly monitored: () => Monitored,
    private readonly send: (json: string) => void,
  ) {}

  onStart(): void {
    this.startedAt = performance.now();
  }

  onFullSnapshot(): void {
    this.dropped = null;
  }

  onTooLarge(maxBytes: number): void {
    this.dropped = `an event of more than ${maxBytes} bytes was dropped, and recording is paused`;
  }

  /** Whether everything was dropped, and there was no full snapshot since. */
  get hasDropped(): boolean {
    return this.dropped !== null;
  }

  /** Everything that is wrong, also what can only be said in the page. */
  get problems(): string[] {
    const health = this.health();
    return [...problemsOf(health), ...deliveryProblemsOf(health)];
  }

  /** Tells the host, unless it knows already. */
  report(): void {
    const problems = problemsOf(this.health());
    // The same problem for some seconds more is nothing new.
    const key = problems.length === 0 ? NO_PROBLEMS : problems.map((problem) => problem.replace(/\d+/g, "")).join();
    if (key === this.reported) return;
    this.reported = key;
    // In this order of members: the library recognizes it by its first bytes.
    const data = { tag: STATUS_TAG, payload: { problems } };
    this.send(toJson({ type: EventType.Custom, data, timestamp: Date.now() }));
  }

  private health(): Health {
    const { state, waitingMs, hasMissedChanges } = this.monitored();
    const { prerendering } = document as { prerendering?: boolean };
    const isActive = state === "starting" || state === "recording";
    const isLoading = document.readyState === "loading";
    return {
      withoutSnapshotMs: state === "starting" && !prerendering ? performance.now() - this.startedAt : null,
      isLoading,
      isRootless: isActive && !isLoading && !document.documentElement,
      waitingMs,
      hasMissedChanges: isActive && hasMissedChanges,
      dropped: this.dropped,
    };
  }
}
