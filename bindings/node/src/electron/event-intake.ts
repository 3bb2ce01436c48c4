// Takes the events that pages send, under their leases and within their limits.
import { setTimeout } from "node:timers";
import type { Client, LeaseBook } from "./clients.js";
import { LIMITS, isDocumentId, type EventsReply, type Lease } from "./messages.js";

/** How long a window whose events were refused has no lease. */
const COOL_DOWN_MS = 5_000;

export class EventIntake {
  /** `record` hands events to the library, one a line, and throws what it refuses. */
  constructor(
    private readonly leases: LeaseBook,
    private readonly record: (client: Client, lines: string) => void,
  ) {}

  /** The values come from a page, and may be anything. */
  take(client: Client, document: unknown, lease: unknown, lines: unknown): EventsReply {
    if (!isDocumentId(document) || typeof lease !== "number" || typeof lines !== "string") return "lost";
    if (!this.leases.accepts(client, document, lease as Lease)) return "lost";
    if (lines.length > LIMITS.lines || !client.events.tryTake(lines.length)) return this.#revoke(client, lease as Lease);
    try {
      this.record(client, lines);
      client.usedLease = lease as Lease;
      return "taken";
    } catch {
      // Events that were not kept leave a gap: a full buffer, a failing disk. The library's log says so.
      return this.#revoke(client, lease as Lease);
    }
  }

  #revoke(client: Client, lease: Lease): EventsReply {
    // One timer for all that was refused under one lease.
    if (client.lease === lease) setTimeout(() => this.leases.renew(client), COOL_DOWN_MS).unref();
    this.leases.revoke(client);
    return "lost";
  }
}
