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
}

/** `onLoss` is told, too, how many losses there were since the host took anything. */
export function makeSender(
  options: SenderOptions,
  limits: OutboxLimits,
  onLoss: (reason: LossReason, losses: number) => void,
): Sender {
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
    options.schedule(() => {
      isScheduled = false;
      outbox.flush();
      if (!outbox.isEmpty) schedule();
    });
  };
  const add = (json: string) => {
    outbox.add(options.rewrite?.(json) ?? json);
    if (outbox.isFull) outbox.flush();
    else schedule();
  };
  return { outbox, add };
}
