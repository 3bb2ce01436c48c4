// Which documents record where the replay shows all windows: each that lies in one, under a lease of its own, which begins
// with a full snapshot.
import type { WebContents } from "electron";
import { Clients, type Client, type LeaseBook } from "./clients.js";
import { NO_LEASE, type DocumentId, type Lease } from "./messages.js";

export class LeasesOfAll implements LeaseBook {
  readonly #clients = new Clients({
    pageGone: (client) => this.#onPageGone(client),
    focused: () => {},
  });
  #isEnabled = false;
  #lastLease = 0;
  /** Documents that lie in no window, as far as is known. */
  readonly #waiting = new Set<Client>();

  /** `onChange` is called when a client's lease or document changes; `isSeen`: the contents lie in a window. */
  constructor(
    private readonly onChange: (client: Client) => void,
    private readonly isSeen: (contents: WebContents) => boolean,
  ) {}

  client(contents: WebContents): Client {
    return this.#clients.of(contents);
  }

  register(client: Client, document: DocumentId): void {
    if (client.document === document) return this.onChange(client);
    client.document = document;
    this.#grant(client);
  }

  unregister(id: number): void {
    const client = this.#clients.get(id);
    if (client?.document !== undefined) this.#onPageGone(client);
  }

  focus(): void {}

  set isEnabled(isEnabled: boolean) {
    if (this.#isEnabled === isEnabled) return;
    this.#isEnabled = isEnabled;
    for (const client of this.clients) if (client.document !== undefined) this.#grant(client);
  }

  accepts(client: Client, document: DocumentId, lease: Lease): boolean {
    return this.#isEnabled && lease > 0 && client.document === document && lease === client.lease;
  }

  revoke(client: Client): void {
    client.lease = NO_LEASE;
  }

  renew(client: Client): void {
    if (client.document !== undefined && client.lease === NO_LEASE) this.#grant(client);
  }

  recordersOf(view: number | undefined): Client[] {
    return this.clients.filter(({ contents, lease }) => lease !== NO_LEASE && (view === undefined || contents.id === view));
  }

  get clients(): Client[] {
    return this.#clients.all;
  }

  /** Windows have changed: what lay in none may lie in one now. */
  grantToSeen(): void {
    for (const client of [...this.#waiting]) if (this.isSeen(client.contents)) this.renew(client);
  }

  #onPageGone(client: Client): void {
    client.document = undefined;
    client.lease = NO_LEASE;
    this.#waiting.delete(client);
    this.onChange(client);
  }

  #grant(client: Client): void {
    const isSeen = this.isSeen(client.contents);
    if (isSeen) this.#waiting.delete(client);
    else this.#waiting.add(client);
    client.lease = this.#isEnabled && isSeen ? (++this.#lastLease as Lease) : NO_LEASE;
    this.onChange(client);
  }
}
