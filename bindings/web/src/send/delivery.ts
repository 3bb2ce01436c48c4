// The way of events to the host: written when the page is idle, gathered, and sent.

import type { RrwebEvent } from "../model/rrweb-event";
import { EventWriter, type ToJson, type WriterOptions } from "./event-writer";
import type { LossReason, OutboxLimits, OutboxStats } from "./outbox";
import { makeSender, type Sender, type SenderOptions } from "./sender";
import { fits } from "./utf8";

export class Delivery {
  private readonly sender: Sender;
  private readonly writer: EventWriter;
  private leftOut = 0;

  /** `onLoss` is told, too, how many losses there were since the host took anything; what waited is dropped then. */
  constructor(
    sending: SenderOptions,
    private readonly limits: OutboxLimits,
    private readonly writing: WriterOptions,
    onLoss: (reason: LossReason, losses: number) => void,
  ) {
    this.sender = makeSender(sending, limits, {
      onLoss: (reason, losses) => {
        this.writer.clear();
        onLoss(reason, losses);
      },
      prepare: (send) => this.writer.prepare(send),
      note: writing.note,
    });
    this.writer = new EventWriter(this.sender, limits.maxQueueLength, writing);
  }

  add(event: RrwebEvent, toJson: ToJson): void {
    this.writer.add(event, toJson);
  }

  /**
   * Adds an event that is written already, and says nothing of the document: one that is too large is left out alone, since what
   * follows can be drawn without it.
   */
  addJson(json: string): void {
    if (fits(json, this.limits.maxEventLength)) return this.writer.addJson(json);
    this.leftOut++;
    this.writing.note(`an event beside the document was left out: it has more than ${this.limits.maxEventLength} bytes`);
  }

  flush(): void {
    this.writer.writeAll();
    this.sender.outbox.flush();
  }

  /** Hands over everything without waiting for results: the page is about to go. */
  flushNow(): void {
    this.writer.writeAll();
    this.sender.outbox.flushNow();
  }

  /** Drops what was not taken yet. */
  clear(): void {
    this.writer.clear();
    this.sender.outbox.clear();
  }

  /** How long the host has taken nothing while something waits, in milliseconds; null: nothing waits. */
  get waitingMs(): number | null {
    return this.sender.outbox.waitingMs ?? this.writer.waitingMs;
  }

  stats(): OutboxStats {
    const { droppedEvents, waitingEvents, ...sent } = this.sender.outbox.stats();
    return {
      ...sent,
      droppedEvents: droppedEvents + this.writer.droppedEvents + this.leftOut,
      waitingEvents: waitingEvents + this.writer.length,
    };
  }
}
