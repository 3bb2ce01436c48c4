// The bounds of messages and of their queue, from whatever the host sent.

import { MAX_EVENT_BYTES } from "../model/shared";
import type { OutboxLimits } from "./outbox";

const DEFAULTS: OutboxLimits = {
  maxMessageLength: 256 * 1024,
  maxQueueLength: 16_000_000,
  maxEventLength: MAX_EVENT_BYTES,
};

/** Defaults stand in for whatever is missing or no positive number. */
export function outboxLimits(given: Partial<OutboxLimits>): OutboxLimits {
  const limit = (key: keyof OutboxLimits) => {
    const value = given[key];
    return typeof value === "number" && value > 0 ? value : DEFAULTS[key];
  };
  return {
    maxMessageLength: limit("maxMessageLength"),
    maxQueueLength: limit("maxQueueLength"),
    maxEventLength: limit("maxEventLength"),
  };
}
