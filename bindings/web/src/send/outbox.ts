// Events on their way to the host: gathered into messages of bounded size, in a queue of bounded size.

import { fits } from "../record/oversize";

/** taken; "later": offer it again; "lost": it, and what was to follow it, is of no use to the host. */
export type Answer = "taken" | "later" | "lost";
/** An event was longer than any may be; more waited than may; the host wants no more of this recording. */
export type Loss = "too-large" | "too-much" | "by-host";
/** Hands a message to the host: JSON lines, one rrweb event a line. */
export type Send = (lines: string) => Answer | Promise<Answer>;

export interface OutboxLimits {
  /** Characters in a message; an event that is longer goes alone. */
  maxMessageLength: number;
  /** Characters that wait; when there are more, all are dropped. */
  maxQueueLength: number;
  /** Bytes of an event; a longer one is dropped. The ingest server takes 9,000,000. */
  maxEventLength: number;
}

export class Outbox {
  private waiting: string[] = [];
  private length = 0;
  /** Offered to the host, which has not answered yet. */
  private offered: string[] | null = null;
  private sentEvents = 0;
  private sentMessages = 0;
  private droppedEvents = 0;

  /** Since when nothing that waits was taken. */
  private waitsSince: number | null = null;

  /** `lost` is called when events had to be dropped: without a full snapshot the host can't draw what follows. */
  constructor(
    private readonly send: Send,
    private readonly limits: OutboxLimits,
    private readonly lost: (loss: Loss) => void,
  ) {}

  add(event: string): void {
    this.waiting.push(event);
    this.length += event.length;
    this.waitsSince ??= performance.now();
    if (!fits(event, this.limits.maxEventLength)) this.drop("too-large");
    else if (this.length > this.limits.maxQueueLength) this.drop("too-much");
  }

  /** Milliseconds since anything was taken, while something waits; null: nothing has to wait. */
  get waitingMs(): number | null {
    return this.waitsSince === null ? null : performance.now() - this.waitsSince;
  }

  /** Whether a message is full, and waiting for more makes no sense. */
  get isFull(): boolean {
    return this.length >= this.limits.maxMessageLength;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && this.offered === null;
  }

  /** Offers what waits, message by message, each once the one before was taken. */
  flush(): void {
    while (this.waiting.length > 0 && !this.offered) {
      const events = this.take();
      this.offered = events;
      const answer = this.ask(events);
      if (typeof answer === "string") this.settle(events, answer);
      else void answer.then((late) => this.settle(events, late) && this.flush());
      if (answer === "later") return;
    }
  }

  /** Hands over everything without waiting for answers: the page is about to go. */
  flushNow(): void {
    while (this.waiting.length > 0) {
      const events = this.take();
      if (this.ask(events) === "later") return this.putBack(events);
      this.count(events);
    }
  }

  /** Forgets what waits, and what an answer is awaited for. */
  clear(): void {
    this.waitsSince = null;
    this.forget();
  }

  private forget(): void {
    this.droppedEvents += this.waiting.length;
    this.waiting = [];
    this.length = 0;
    this.offered = null;
  }

  stats(): { sentEvents: number; sentMessages: number; droppedEvents: number; waitingEvents: number } {
    const { sentEvents, sentMessages, droppedEvents } = this;
    return {
      sentEvents,
      sentMessages,
      droppedEvents,
      waitingEvents: this.waiting.length + (this.offered?.length ?? 0),
    };
  }

  /** Takes as many events out as go into one message. */
  private take(): string[] {
    let length = 0;
    const end = this.waiting.findIndex(
      (event, i) => (length += event.length + 1) > this.limits.maxMessageLength && i > 0,
    );
    const events = this.waiting.splice(0, end < 0 ? this.waiting.length : end);
    for (const event of events) this.length -= event.length;
    return events;
  }

  private ask(events: string[]): Answer | Promise<Answer> {
    try {
      const answer = this.send(events.join("\n"));
      return typeof answer === "string" ? answer : answer.catch((): Answer => "later");
    } catch {
      return "later";
    }
  }

  /** Whether it was taken; an answer to what has been forgotten since means nothing. */
  private settle(events: string[], answer: Answer): boolean {
    if (this.offered !== events) return false;
    this.offered = null;
    if (answer === "taken") this.count(events);
    if (answer === "later") this.putBack(events);
    if (answer === "lost") this.drop("by-host");
    return answer === "taken";
  }

  private putBack(events: string[]): void {
    this.waiting.unshift(...events);
    for (const event of events) this.length += event.length;
    if (this.length > this.limits.maxQueueLength) this.drop("too-much");
  }

  private count(events: string[]): void {
    this.sentEvents += events.length;
    this.sentMessages++;
    this.waitsSince = this.waiting.length > 0 ? performance.now() : null;
  }

  private drop(loss: Loss): void {
    this.forget();
    if (loss === "by-host") this.waitsSince = null;
    this.lost(loss);
  }
}
