// All observers of a page, as one. What one of them throws stays with it.

import type { CompanionEvent, RrwebEvent } from "../model/rrweb-event";
import type { MakeObserver, ObserverConfig, ObserverContext, PageObserver } from "./observer";

/** What the recorder gives: an {@link ObserverContext} but for the listeners. */
export type RecorderPart = Omit<ObserverContext, "onEvent">;

export class Observers {
  private readonly observers: PageObserver[] = [];
  private readonly listeners: ((event: RrwebEvent) => void)[] = [];
  private isRunning = false;

  constructor(
    makers: readonly MakeObserver[],
    private readonly recorder: RecorderPart,
  ) {
    const context: ObserverContext = {
      ...recorder,
      emit: (event: CompanionEvent, timestamp?: number) => this.isRunning && recorder.emit(event, timestamp),
      onEvent: (listener) => void this.listeners.push(listener),
    };
    for (const make of makers) this.guard(() => this.observers.push(make(context)));
  }

  configure(config: ObserverConfig): void {
    this.each((observer) => observer.configure(config));
  }

  /** To be called with each full snapshot: only the first after a pause starts anything. */
  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.each((observer) => observer.start());
  }

  pause(): void {
    if (!this.isRunning) return;
    this.each((observer) => observer.pause());
    this.isRunning = false;
  }

  onEvent(event: RrwebEvent): void {
    for (const listener of this.listeners) this.guard(() => listener(event));
  }

  private each(work: (observer: PageObserver) => void): void {
    for (const observer of this.observers) this.guard(() => work(observer));
  }

  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.recorder.note(error);
    }
  }
}
