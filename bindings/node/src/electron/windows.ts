// Which document records. A replay holds one document at a time, so the one in the window that was focused last does,
// and the others pause. Whoever records holds a grant, a number; a new grant always begins with a full snapshot.
import type { WebContents } from "electron";
import { Allowance } from "./bounds.js";

/** A window with a page that has the preload script. */
export interface Client {
  contents: WebContents;
  /** The page's name for its document; a reload or navigation makes another. */
  document: string;
  /** What it may record under; 0: it pauses. */
  grant: number;
  /** What it recorded under until another window was focused: the rest of that may still be on its way. */
  tail: number;
  /** Characters of events. */
  events: Allowance;
  calls: Allowance;
}

const EVENTS: [number, number] = [64_000_000, 8_000_000];
const CALLS: [number, number] = [100, 20];

export class Windows {
  /** By the number of the contents, the one focused last at the end. */
  readonly #clients = new Map<number, Client>();
  #recording: Client | undefined;
  #isOn = false;
  #lastGrant = 0;
  /** The newest grant that events have arrived under: older ones are over. */
  #playing = 0;

  /** `changed` is called when a client's grant changes. */
  constructor(private readonly changed: (client: Client) => void) {}

  /** The client of this window; whoever speaks becomes one. */
  client(contents: WebContents): Client {
    const known = this.#clients.get(contents.id);
    if (known) return known;
    const client = {
      contents,
      document: "",
      grant: 0,
      tail: 0,
      events: new Allowance(...EVENTS),
      calls: new Allowance(...CALLS),
    };
    this.#clients.set(contents.id, client);
    contents.once("destroyed", () => this.#forget(client));
    contents.on("render-process-gone", () => this.gone(client));
    contents.on("focus", () => this.focus(contents.id));
    return client;
  }

  /** A window shows a document. */
  arrived(client: Client, document: string): void {
    if (client.document === document) return this.changed(client);
    client.document = document;
    client.grant = client.tail = 0;
    if (this.#recording === client || !this.#recording || client.contents.isFocused()) this.#choose(client);
    else this.changed(client);
  }

  /** A window shows a page that does not take part. */
  left(id: number): void {
    const client = this.#clients.get(id);
    if (client && client.document !== "") this.gone(client);
  }

  /** A window's page has ended; the window may show another later. */
  gone(client: Client): void {
    client.document = "";
    client.grant = client.tail = 0;
    if (this.#recording === client) this.#chooseLast();
  }

  focus(id: number): void {
    const client = this.#clients.get(id);
    if (!client) return;
    this.#clients.delete(id);
    this.#clients.set(id, client);
    if (client.document !== "" && this.#recording !== client) this.#choose(client);
  }

  /** Whether there is anything to record for: the session is captured. */
  set isOn(isOn: boolean) {
    if (this.#isOn === isOn) return;
    this.#isOn = isOn;
    if (this.#recording) this.#choose(this.#recording);
    else this.#chooseLast();
  }

  /** Whether events under this grant belong into the replay. */
  admits(client: Client, document: string, grant: number): boolean {
    const isItsOwn = grant > 0 && client.document === document && (grant === client.grant || grant === client.tail);
    // A tail belongs into the replay as long as the window that was focused since has sent nothing.
    if (!this.#isOn || !isItsOwn || grant < this.#playing) return false;
    this.#playing = grant;
    return true;
  }

  /** What it recorded was lost: it has to begin anew, but not at once. */
  pause(client: Client): void {
    client.grant = client.tail = 0;
  }

  /** It may begin anew after a {@link pause}, unless it has already. */
  again(client: Client): void {
    if (this.#recording === client && client.grant === 0) this.#choose(client);
  }

  get recording(): Client | undefined {
    return this.#recording;
  }

  get all(): Client[] {
    return [...this.#clients.values()];
  }

  #forget(client: Client): void {
    this.#clients.delete(client.contents.id);
    this.gone(client);
  }

  #chooseLast(): void {
    const last = this.all.filter(({ document }) => document !== "").at(-1);
    this.#recording = undefined;
    if (last) this.#choose(last);
  }

  #choose(client: Client): void {
    const before = this.#recording;
    this.#recording = client;
    if (before && before !== client) {
      before.tail = before.grant;
      before.grant = 0;
      this.changed(before);
    }
    client.tail = 0;
    client.grant = this.#isOn ? ++this.#lastGrant : 0;
    this.changed(client);
  }
}
