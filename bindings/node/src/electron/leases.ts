// Which document records. A replay shows one document at a time, so the one in the window that was focused last records,
// and the others pause. The document that records holds a lease, a number; each new lease begins with a full snapshot.
import type { WebContents } from "electron";
import { NO_LEASE, type DocumentId, type Lease } from "./messages.js";
import { RateLimiter } from "./rate-limiter.js";

/** A window with a page that has the preload script. */
export interface Client {
  readonly contents: WebContents;
  /** The page's name for its document; a reload or navigation makes another. `undefined`: no page takes part. */
  document: DocumentId | undefined;
  /** What it records under; 0: it pauses. */
  lease: Lease;
  /** What it recorded under until another window was focused: its last events may still be on their way. */
  previousLease: Lease;
  /** Counts the characters of its events. */
  readonly events: RateLimiter;
  readonly calls: RateLimiter;
}

/** Burst, and per second. */
const EVENT_CHARACTERS = [64_000_000, 8_000_000] as const;
const CALLS = [100, 20] as const;

export class Leases {
  /** By the id of the contents; the one focused last comes last. */
  readonly #clients = new Map<number, Client>();
  #recording: Client | undefined;
  #isEnabled = false;
  #lastLease = 0;
  /** The newest lease under which events have arrived: older ones have ended. */
  #newestUsed = 0;

  /** `onChange` is called when a client's lease changes. */
  constructor(private readonly onChange: (client: Client) => void) {}

  /** The client of this window, known or new. */
  client(contents: WebContents): Client {
    const known = this.#clients.get(contents.id);
    if (known) return known;
    const client: Client = {
      contents,
      document: undefined,
      lease: NO_LEASE,
      previousLease: NO_LEASE,
      events: new RateLimiter(...EVENT_CHARACTERS),
      calls: new RateLimiter(...CALLS),
    };
    this.#clients.set(contents.id, client);
    contents.once("destroyed", () => this.#remove(client));
    contents.on("render-process-gone", () => this.#onPageGone(client));
    contents.on("focus", () => this.focus(contents.id));
    return client;
  }

  /** A window shows this document. */
  register(client: Client, document: DocumentId): void {
    if (client.document === document) return this.onChange(client);
    client.document = document;
    client.lease = client.previousLease = NO_LEASE;
    if (this.#recording === client || !this.#recording || client.contents.isFocused()) this.#grant(client);
    else this.onChange(client);
  }

  /** A window shows a page that may not take part. */
  unregister(id: number): void {
    const client = this.#clients.get(id);
    if (client?.document !== undefined) this.#onPageGone(client);
  }

  focus(id: number): void {
    const client = this.#clients.get(id);
    if (!client) return;
    this.#clients.delete(id);
    this.#clients.set(id, client);
    if (client.document !== undefined && this.#recording !== client) this.#grant(client);
  }

  /** Whether any document may record: the session is captured. */
  set isEnabled(isEnabled: boolean) {
    if (this.#isEnabled === isEnabled) return;
    this.#isEnabled = isEnabled;
    if (this.#recording) this.#grant(this.#recording);
    else this.#grantToLastFocused();
  }

  /** Whether events under this lease belong into the replay. */
  accepts(client: Client, document: DocumentId, lease: Lease): boolean {
    const isHeld =
      lease > 0 && client.document === document && (lease === client.lease || lease === client.previousLease);
    // A previous lease is valid until the window that was focused since has sent events.
    if (!this.#isEnabled || !isHeld || lease < this.#newestUsed) return false;
    this.#newestUsed = lease;
    return true;
  }

  /** Revokes the client's lease: events were lost, so it must begin with another full snapshot, but not at once. */
  revoke(client: Client): void {
    client.lease = client.previousLease = NO_LEASE;
  }

  /** Grants a new lease after {@link revoke}, unless there is one already. */
  renew(client: Client): void {
    if (this.#recording === client && client.lease === NO_LEASE) this.#grant(client);
  }

  get recording(): Client | undefined {
    return this.#recording;
  }

  get clients(): Client[] {
    return [...this.#clients.values()];
  }

  #remove(client: Client): void {
    this.#clients.delete(client.contents.id);
    this.#onPageGone(client);
  }

  /** A window's page has ended; the window may show another later. */
  #onPageGone(client: Client): void {
    client.document = undefined;
    client.lease = client.previousLease = NO_LEASE;
    if (this.#recording === client) this.#grantToLastFocused();
  }

  #grantToLastFocused(): void {
    const last = this.clients.filter(({ document }) => document !== undefined).at(-1);
    this.#recording = undefined;
    if (last) this.#grant(last);
  }

  #grant(client: Client): void {
    const before = this.#recording;
    this.#recording = client;
    if (before && before !== client) {
      before.previousLease = before.lease;
      before.lease = NO_LEASE;
      this.onChange(before);
    }
    client.previousLease = NO_LEASE;
    client.lease = this.#isEnabled ? (++this.#lastLease as Lease) : NO_LEASE;
    this.onChange(client);
  }
}
