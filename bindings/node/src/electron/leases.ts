// Which document records. A replay shows one document at a time, so the one in the window that was focused last records,
// and the others pause. The document that records holds a lease, a number; each new lease begins with a full snapshot.
import type { WebContents } from "electron";
import { Clients, type Client, type LeaseBook } from "./clients.js";
import { NO_LEASE, type DocumentId, type Lease } from "./messages.js";

export class Leases implements LeaseBook {
  readonly #clients = new Clients({
    pageGone: (client) => this.#onPageGone(client),
    focused: (id) => this.focus(id),
  });
  #recording: Client | undefined;
  #isEnabled = false;
  #lastLease = 0;
  /** The newest lease under which events have arrived: older ones have ended. */
  #newestUsed = 0;

  /** `onChange` is called when a client's lease changes. */
  constructor(private readonly onChange: (client: Client) => void) {}

  client(contents: WebContents): Client {
    return this.#clients.of(contents);
  }

  register(client: Client, document: DocumentId): void {
    if (client.document === document) return this.onChange(client);
    client.document = document;
    client.lease = client.previousLease = NO_LEASE;
    if (this.#recording === client || !this.#recording || client.contents.isFocused()) this.#grant(client);
    else this.onChange(client);
  }

  unregister(id: number): void {
    const client = this.#clients.get(id);
    if (client?.document !== undefined) this.#onPageGone(client);
  }

  focus(id: number): void {
    const client = this.#clients.get(id);
    if (!client) return;
    this.#clients.putLast(client);
    if (client.document !== undefined && this.#recording !== client) this.#grant(client);
  }

  set isEnabled(isEnabled: boolean) {
    if (this.#isEnabled === isEnabled) return;
    this.#isEnabled = isEnabled;
    if (this.#recording) this.#grant(this.#recording);
    else this.#grantToLastFocused();
  }

  accepts(client: Client, document: DocumentId, lease: Lease): boolean {
    const isHeld =
      lease > 0 && client.document === document && (lease === client.lease || lease === client.previousLease);
    // A previous lease is valid until the window that was focused since has sent events.
    if (!this.#isEnabled || !isHeld || lease < this.#newestUsed) return false;
    this.#newestUsed = lease;
    return true;
  }

  revoke(client: Client): void {
    client.lease = client.previousLease = NO_LEASE;
  }

  renew(client: Client): void {
    if (this.#recording === client && client.lease === NO_LEASE) this.#grant(client);
  }

  recordersOf(): Client[] {
    return this.#recording ? [this.#recording] : [];
  }

  get recording(): Client | undefined {
    return this.#recording;
  }

  get clients(): Client[] {
    return this.#clients.all;
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
