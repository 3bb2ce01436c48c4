// The windows' pages that take part.
import type { WebContents } from "electron";
import { NO_LEASE, type DocumentId, type Lease } from "./messages.js";
import { RateLimiter } from "./rate-limiter.js";

/** A page's place: a window, or a part of one, whose pages have the preload script. */
export interface Client {
  readonly contents: WebContents;
  /** The page's name for its document; a reload or navigation makes another. `undefined`: no page takes part. */
  document: DocumentId | undefined;
  /** Where its page is, as rules that choose sessions have it. */
  address: string | undefined;
  /** What it records under; 0: it pauses. */
  lease: Lease;
  /** The newest lease under which it has sent events. Before that, its first full snapshot is on its way. */
  usedLease: Lease;
  /** What it recorded under until another window was focused: its last events may still be on their way. */
  previousLease: Lease;
  /** Counts the characters of its events. */
  readonly events: RateLimiter;
  readonly calls: RateLimiter;
  /** Counts how often it says where its guests lie. */
  readonly guests: RateLimiter;
  /** Counts how often it says that its address has changed. */
  readonly addresses: RateLimiter;
}

/** Burst, and per second. */
const EVENT_CHARACTERS = [64_000_000, 8_000_000] as const;
const CALLS = [100, 20] as const;
const GUESTS = [40, 20] as const;
const ADDRESSES = [40, 10] as const;

/** What a policy of leases hears of clients. */
export interface ClientEvents {
  /** Its page has ended, with its window or without. */
  pageGone(client: Client): void;
  focused(id: number): void;
}

/** All clients, by the id of their contents; the one focused last comes last. */
export class Clients {
  readonly #clients = new Map<number, Client>();

  constructor(private readonly events: ClientEvents) {}

  /** The client of these contents, known or new. */
  of(contents: WebContents): Client {
    const known = this.#clients.get(contents.id);
    if (known) return known;
    const client: Client = {
      contents,
      document: undefined,
      address: undefined,
      lease: NO_LEASE,
      usedLease: NO_LEASE,
      previousLease: NO_LEASE,
      events: new RateLimiter(...EVENT_CHARACTERS),
      calls: new RateLimiter(...CALLS),
      guests: new RateLimiter(...GUESTS),
      addresses: new RateLimiter(...ADDRESSES),
    };
    this.#clients.set(contents.id, client);
    contents.once("destroyed", () => {
      this.#clients.delete(contents.id);
      this.events.pageGone(client);
    });
    contents.on("render-process-gone", () => this.events.pageGone(client));
    contents.on("focus", () => this.events.focused(contents.id));
    return client;
  }

  get(id: number): Client | undefined {
    return this.#clients.get(id);
  }

  /** It is the one that was focused last. */
  putLast(client: Client): void {
    this.#clients.delete(client.contents.id);
    this.#clients.set(client.contents.id, client);
  }

  get all(): Client[] {
    return [...this.#clients.values()];
  }
}

/** Which clients record: one (leases.ts), or all (leases-of-all.ts). */
export interface LeaseBook {
  /** The client of these contents, known or new. */
  client(contents: WebContents): Client;
  /** It shows this document. */
  register(client: Client, document: DocumentId): void;
  /** It shows a page that may not take part. */
  unregister(id: number): void;
  /** The window with these contents has the keyboard. */
  focus(id: number): void;
  /** Whether any document may record: the session is captured. */
  isEnabled: boolean;
  /** Whether events under this lease belong into the replay. */
  accepts(client: Client, document: DocumentId, lease: Lease): boolean;
  /** Revokes the client's lease: events were lost, so it must begin with another full snapshot, but not at once. */
  revoke(client: Client): void;
  /** Grants a new lease after {@link revoke}, unless there is one already. */
  renew(client: Client): void;
  /** Who records what this view shows, or, without one, what the replay shows. */
  recordersOf(view: number | undefined): Client[];
  readonly clients: Client[];
}
