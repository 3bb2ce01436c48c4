// The queue of events for the host: gathered into messages of bounded size, in a queue of bounded size.

import { fits } from "./utf8";

/** "later": offer the message again; "lost": the message, and what is to follow it, is of no use to the host. */
export type SendResult = "taken" | "later" | "lost";
/** An event was larger than any may be; more waited than may; the host wants no more of this recording. */
export type LossReason = "too-large" | "too-much" | "by-host";
/** Hands a message to the host: JSON lines, one rrweb event a line. */
export type Send = (lines: string) => SendResult | Promise<SendResult>;

export interface OutboxLimits {
  /** Characters in a message; an event that is longer goes alone. */
  maxMessageLength: number;
  /** Characters that wait; when there are more, all are dropped. */
  maxQueueLength: number;
  /** Bytes of an event; a longer one is dropped. */
  maxEventLength: number;
}

export interface OutboxStats {
  sentEvents: number;
  sentMessages: number;
  droppedEvents: number;
  waitingEvents: number;
}

export class Outbox {
  private queue: string[] = [];
  /** Characters in the queue. */
  private length = 0;
  /** Offered to the host, which has not answered yet. */
  private inFlight: string[] | null = null;
  private sentEvents = 0;
  private sentMessages = 0;
  private droppedEvents = 0;
  /** When the host last took anything, or the first event that waits was added; null: nothing waits. */
  private waitingSince: number | null = null;

  /** `onLoss` is called when events were dropped: the host can't draw what follows without a full snapshot. */
  constructor(
    private readonly send: Send,
    private readonly limits: OutboxLimits,
    private readonly onLoss: (reason: LossReason) => void,
  ) {}

  add(event: string): void {
    this.queue.push(event);
    this.length += event.length;
    this.waitingSince ??= performance.now();
    if (!fits(event, this.limits.maxEventLength)) this.drop("too-large");
    else if (this.length > this.limits.maxQueueLength) this.drop("too-much");
  }

  /** How long the host has taken nothing while something waits, in milliseconds; null: nothing waits. */
  get waitingMs(): number | null {
    return this.waitingSince === null ? null : performance.now() - this.waitingSince;
  }

  /** Characters that wait. */
  get queuedLength(): number {
    return this.length;
  }

  /** Whether there is a full message, so that it makes no sense to gather more. */
  get isFull(): boolean {
    return this.length >= this.limits.maxMessageLength;
  }

  get isEmpty(): boolean {
    return this.queue.length === 0 && this.inFlight === null;
  }

  /** Offers the queue message by message, each once the one before was taken. */
  flush(): void {
    while (this.queue.length > 0 && !this.inFlight) {
      const events = this.nextMessage();
      this.inFlight = events;
      const result = this.offer(events);
      if (typeof result === "string") this.onResult(events, result);
      else void result.then((late) => this.onResult(events, late) && this.flush());
      if (result === "later") return;
    }
  }

  /** Hands over everything without waiting for results: the page is about to go. */
  flushNow(): void {
    while (this.queue.length > 0) {
      const events = this.nextMessage();
      if (this.offer(events) === "later") return this.requeue(events);
      this.onTaken(events);
    }
  }

  /** Drops the queue and what is in flight. */
  clear(): void {
    this.waitingSince = null;
    this.dropAll();
  }

  stats(): OutboxStats {
    const { sentEvents, sentMessages, droppedEvents } = this;
    const waitingEvents = this.queue.length + (this.inFlight?.length ?? 0);
    return { sentEvents, sentMessages, droppedEvents, waitingEvents };
  }

  /** Takes as many events out of the queue as go into one message. */
  private nextMessage(): string[] {
    let length = 0;
    const end = this.queue.findIndex(
      (event, i) => (length += event.length + 1) > this.limits.maxMessageLength && i > 0,
    );
    const events = this.queue.splice(0, end < 0 ? this.queue.length : end);
    for (const event of events) this.length -= event.length;
    return events;
  }

  private offer(events: string[]): SendResult | Promise<SendResult> {
    try {
      const result = this.send(events.join("\n"));
      return typeof result === "string" ? result : result.catch((): SendResult => "later");
    } catch {
      return "later";
    }
  }

  /** Returns whether it was taken. The result of a message that was dropped meanwhile means nothing. */
  private onResult(events: string[], result: SendResult): boolean {
    if (this.inFlight !== events) return false;
    this.inFlight = null;
    if (result === "taken") this.onTaken(events);
    if (result === "later") this.requeue(events);
    if (result === "lost") this.drop("by-host");
    return result === "taken";
  }

  private requeue(events: string[]): void {
    this.queue.unshift(...events);
    for (const event of events) this.length += event.length;
    if (this.length > this.limits.maxQueueLength) this.drop("too-much");
  }

  private onTaken(events: string[]): void {
    this.sentEvents += events.length;
    this.sentMessages++;
    this.waitingSince = this.queue.length > 0 ? performance.now() : null;
  }

  private drop(reason: LossReason): void {
    this.dropAll();
    if (reason === "by-host") this.waitingSince = null;
    this.onLoss(reason);
  }

  private dropAll(): void {
    this.droppedEvents += this.queue.length;
    this.queue = [];
    this.length = 0;
    this.inFlight = null;
  }
}
