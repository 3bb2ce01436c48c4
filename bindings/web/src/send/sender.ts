// Sends events soon after they were added: at once when a message is full, else when the host's schedule says so.

import { type LossReason, Outbox, type OutboxLimits, type Send } from "./outbox";

export interface SenderOptions {
  /** Where messages go. */
  send: Send;
  /** Calls back once it is time to send what has been gathered. */
  schedule: (flush: () => void) => void;
  /** Changes an event's JSON last of all, such as the paths of files in it. */
  rewrite?: (json: string) => string;
}

export interface Sender {
  outbox: Outbox;
  add(json: string): void;
  /** Has the host's schedule say when to send, as if something had been added. */
  schedule(): void;
}

export interface SenderCalls {
  /** Told, too, how many losses there were since the host took anything. */
  onLoss: (reason: LossReason, losses: number) => void;
  /** Called when it is time to send; throws nothing, and calls back once everything was added. */
  prepare: (send: () => void) => void;
  note: (error: unknown) => void;
}

export function makeSender(options: SenderOptions, limits: OutboxLimits, calls: SenderCalls): Sender {
  const { onLoss, prepare, note } = calls;
  let isScheduled = false;
  let losses = 0;
  const send: Send = (lines) => {
    const result = options.send(lines);
    if (result === "taken") losses = 0;
    return result;
  };
  const outbox = new Outbox(send, limits, (reason) => onLoss(reason, ++losses));
  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    try {
      options.schedule(() => prepare(sendAll));
    } catch (error) {
      // The next event tries again.
      isScheduled = false;
      note(error);
    }
  };
  const sendAll = () => {
    isScheduled = false;
    outbox.flush();
    if (!outbox.isEmpty) schedule();
  };
  const add = (json: string) => {
    outbox.add(options.rewrite?.(json) ?? json);
    if (outbox.isFull) outbox.flush();
    else schedule();
  };
  return { outbox, add, schedule };
}
