// The link of a frame's recorder to that of the page around it: waits for it, records as it says, and sends it everything.
// Either may be there first, and either may be loaded anew.

import { listen } from "../dom/listeners";
import { listenForSigns } from "../dom/signs-of-life";
import { MASK_LEVELS, type MaskLevel } from "../model/shared";
import type { SendResult } from "../send/outbox";
import { type Command, FRAME_MESSAGE, isAllowed, type Report, windowMessage } from "./protocol";

export interface ParentLinkHandlers {
  /** Sends what was recorded until now. */
  flush(): void;
  /** Begins with a full snapshot, masked at this level at least. */
  record(level: MaskLevel): void;
  pause(): void;
}

/** A hello is repeated: the page may not know the frame's element yet. Later it is the page that speaks first. */
const HELLOS_MS = [0, 250, 1_000, 4_000, 15_000];
/** However often the page asks: a full snapshot keeps the frame busy. */
const MIN_SNAPSHOT_INTERVAL_MS = 250;
/** How often the page is told that this frame is used. */
const SIGN_INTERVAL_MS = 1_000;

export class ParentLink {
  private port: MessagePort | null = null;
  private generation = 0;
  private due: ReturnType<typeof setTimeout> | null = null;
  private wanted: Extract<Command, { action: "record" }> | null = null;
  private last = -Infinity;
  private toldAt = -Infinity;
  private isPaused = false;
  private isGone = false;

  /** `allowedOrigins`: of the pages that may have what is recorded here; null: any. */
  constructor(
    private readonly allowedOrigins: readonly string[] | null,
    private readonly handlers: ParentLinkHandlers,
  ) {
    listen(window, "message", (event) => this.onMessage(event as MessageEvent));
    listenForSigns(window, () => this.onSign());
    listen(window, "pagehide", () => this.sayBye());
    listen(window, "pageshow", (event) => (event as PageTransitionEvent).persisted && this.sayHello());
  }

  sayHello(): void {
    this.isGone = false;
    for (const wait of HELLOS_MS) setTimeout(() => this.port ?? this.hello(), wait);
  }

  /** The page hears of this document again if it comes back from the browser's cache. */
  private sayBye(): void {
    this.handlers.flush();
    this.report({ action: "bye" });
    this.port = null;
    this.isGone = true;
    this.pause();
  }

  /** What the recorder sends by; never "later": it records only while there is a link. */
  readonly send = (lines: string): SendResult => {
    this.report({ action: "events", generation: this.generation, lines });
    return "taken";
  };

  /** The page may have thought that nobody uses it. */
  private onSign(): void {
    const now = performance.now();
    if (now - this.toldAt < SIGN_INTERVAL_MS && !this.isPaused) return;
    this.toldAt = now;
    this.isPaused = false;
    this.report({ action: "used" });
  }

  private hello(): void {
    if (this.isGone) return;
    // To whoever it is: it says nothing but that a recorder is here.
    window.parent.postMessage({ type: FRAME_MESSAGE, action: "hello" }, "*");
  }

  private onMessage(event: MessageEvent): void {
    const action = windowMessage(event.data);
    if (action === null || action === "hello" || !isAround(event.source)) return;
    if (!isAllowed(event.origin, this.allowedOrigins)) return;
    if (action === "ready" && this.port) return;
    if (action === "ready") return this.hello();
    const [port] = event.ports;
    if (port) this.connect(port);
  }

  private connect(port: MessagePort): void {
    this.port?.close();
    this.port = port;
    port.onmessage = ({ data }) => port === this.port && this.onCommand(data as Command | null);
  }

  private onCommand(command: Command | null): void {
    if (command?.action === "pause") return this.pause();
    if (command?.action !== "record" || typeof command.generation !== "number") return;
    // A level that is not known masks everything.
    const level = MASK_LEVELS.includes(command.level) ? command.level : "conservative";
    this.wanted = { action: "record", generation: command.generation, level };
    const wait = Math.max(0, this.last + MIN_SNAPSHOT_INTERVAL_MS - performance.now());
    if (wait === 0) this.record();
    else this.due ??= setTimeout(() => this.record(), wait);
  }

  private record(): void {
    this.due = null;
    if (!this.wanted) return;
    const { generation, level } = this.wanted;
    this.wanted = null;
    this.last = performance.now();
    this.handlers.flush();
    this.generation = generation;
    this.handlers.record(level);
  }

  private pause(): void {
    this.wanted = null;
    this.isPaused = true;
    this.handlers.pause();
  }

  private report(report: Report): void {
    try {
      this.port?.postMessage(report);
    } catch {
      // The page is gone.
    }
  }
}

/** Whether this is the page around this one, or one further out: that records the frames of its origin, too. */
function isAround(source: MessageEventSource | null): boolean {
  for (let ancestor: Window = window; ancestor.parent !== ancestor; ancestor = ancestor.parent) {
    if (ancestor.parent === source) return true;
  }
  return false;
}
