// Whether anybody uses the page: one timer while it is recorded, none once it is idle.

import { listen } from "../dom/listeners";
import { listenForSigns } from "../dom/signs-of-life";

export class IdleWatch {
  private timeoutMs = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the page is recorded. */
  private isRunning = false;
  private isIdle = false;
  private usedAt = performance.now();
  private isListening = false;
  /** A frame keeps its window when it shows another document, but not what listens to it. */
  private readonly watched = new WeakSet<Document>();

  /**
   * `onIdle` is called when nobody has used the page for the time; `onUse` when somebody does again, before the page gets to know.
   * `frames` finds the documents of frames of this origin.
   */
  constructor(
    private readonly onIdle: () => void,
    private readonly onUse: () => void,
    private readonly frames: () => Document[],
  ) {}

  /** 0: a page is never idle. */
  configure(timeoutMs: number): void {
    if (timeoutMs === this.timeoutMs) return;
    // Without a time nobody listened.
    if (this.timeoutMs === 0) this.usedAt = performance.now();
    this.timeoutMs = timeoutMs;
    if (timeoutMs > 0) this.listenToPage();
    else this.onSign();
    this.arm();
  }

  /** Recording has begun. */
  start(): void {
    this.isRunning = true;
    this.isIdle = false;
    this.usedAt = performance.now();
    this.arm();
  }

  /** Recording has ended, but for want of a user. */
  stop(): void {
    this.isRunning = false;
    this.isIdle = false;
    this.arm();
  }

  /** Users of a frame use the page. To be called with each document of a frame of this origin. */
  watch(document: Document): void {
    if (this.timeoutMs === 0 || this.watched.has(document) || !document.defaultView) return;
    this.watched.add(document);
    listenForSigns(document.defaultView, this.onSign);
  }

  /** Somebody uses the page. */
  readonly onSign = (): void => {
    this.usedAt = performance.now();
    if (!this.isIdle) return;
    this.isIdle = false;
    this.onUse();
  };

  private listenToPage(): void {
    for (const frame of this.frames()) this.watch(frame);
    if (this.isListening) return;
    this.isListening = true;
    this.watch(document);
    listen(window, "focus", this.onSign);
    listen(document, "visibilitychange", () => document.visibilityState === "visible" && this.onSign());
  }

  /** One timer, for as long as it takes to be idle; none where that can't be. */
  private arm(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isRunning || this.isIdle || this.timeoutMs === 0) return;
    this.timer = setTimeout(() => this.check(), Math.max(0, this.leftMs));
  }

  private get leftMs(): number {
    return this.usedAt + this.timeoutMs - performance.now();
  }

  private check(): void {
    if (this.timeoutMs === 0 || this.leftMs > 0) return this.arm();
    this.isIdle = true;
    this.onIdle();
  }
}
