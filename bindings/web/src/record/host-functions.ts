// What the host gives the recorder to call: a host may log a line with each message, or ask a server, and none of that is the
// page's, whenever it is called.

import { asOwnWork } from "../page-world/own-work";
import type { LossReason } from "../send/outbox";
import type { SenderOptions } from "../send/sender";

export interface HostFunctions extends SenderOptions {
  lost?: (reason: LossReason, losses: number) => void;
}

/** The same, where each of the host's functions runs as the recorder's own work. */
export function ownHost<Options extends HostFunctions>(options: Options): Options {
  const { send, schedule, rewrite, lost } = options;
  return {
    ...options,
    send: own(send),
    schedule: own(schedule),
    ...(rewrite ? { rewrite: own(rewrite) } : {}),
    ...(lost ? { lost: own(lost) } : {}),
  };
}

const own =
  <Given extends unknown[], Result>(call: (...given: Given) => Result) =>
  (...given: Given): Result =>
    asOwnWork(() => call(...given));
