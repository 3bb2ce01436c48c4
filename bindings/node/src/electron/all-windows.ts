// Records every window of the app: which documents record, and where the replay shows them.
import type { WebContents } from "electron";
import { logForApp } from "./attach-log.js";
import type { AttachOptions } from "./attach-options.js";
import type { Client } from "./clients.js";
import { guestPlacesIn } from "./guest-places.js";
import { Guests } from "./guests.js";
import { LeasesOfAll } from "./leases-of-all.js";
import type { DocumentId } from "./messages.js";
import { missingPreload, preloadPath } from "./preload-file.js";
import { isGuest, mayRecord } from "./senders.js";
import type { PageState } from "./window-looks.js";
import { WindowViews } from "./window-views.js";
import { WindowWatch, type WindowSources } from "./window-watch.js";

export class AllWindows {
  readonly leases: LeasesOfAll;
  readonly #guests: Guests;
  readonly #watch: WindowWatch;
  readonly #views: WindowViews;

  /** `onChange` is called when a client's lease changes. */
  constructor(
    sources: WindowSources,
    private readonly attachOptions: AttachOptions,
    onChange: (client: Client) => void,
  ) {
    this.leases = new LeasesOfAll(
      (client) => {
        onChange(client);
        this.place();
      },
      (contents) => this.#views.isSeen(contents),
    );
    const place = () => this.place();
    this.#guests = new Guests(sources.app, (url) => this.#preloadFor(url), (contents) => this.#clientOf(contents)?.document, place);
    this.#watch = new WindowWatch(sources, this.#guests, place, (contents, url) => this.#onPage(contents, url));
    this.#views = new WindowViews(
      this.#watch,
      sources.app.getName(),
      (contents) => this.#pageOf(contents),
      () => this.leases.grantToSeen(),
      (message) => logForApp({ level: "warn", message }),
    );
  }

  /** Begins. Whatever it throws: {@link end} takes back what was begun. */
  listen(): void {
    this.#watch.listen();
    this.#guests.listen();
  }

  /** Shows the windows as they are, soon. */
  place(): void {
    this.#views.schedule();
  }

  /** A page of these contents has sent something. */
  onSender(contents: WebContents): void {
    if (isGuest(contents)) this.#guests.add(contents);
  }

  /** A page says where its guests lie. The text comes from the page, and may be anything. */
  placeGuests(client: Client, document: DocumentId, text: unknown): void {
    const places = guestPlacesIn(text);
    if (places && client.document === document && client.guests.tryTake(1)) this.#guests.place(client.contents, document, places);
  }

  /** Records events of a page, one a line. */
  record(client: Client, lines: string): void {
    this.#views.record(client, lines);
  }

  /** The replay shows no windows any more. */
  end(): void {
    this.#guests.end();
    this.#watch.end();
    this.#views.end();
  }

  #pageOf(contents: WebContents): PageState {
    if (this.#clientOf(contents)?.document !== undefined) return "recorded";
    return contents.isLoadingMainFrame() ? "loading" : "not-recorded";
  }

  #clientOf({ id }: WebContents): Client | undefined {
    return this.leases.clients.find(({ contents }) => contents.id === id);
  }

  /** A guest that begins with a foreign page gets none. One that begins with none is checked by what it shows later. */
  #preloadFor(url: string): string | undefined {
    const { ownPreload, allowedOrigins } = this.attachOptions;
    const mayGet = url === "" || url === "about:blank" || mayRecord(url, allowedOrigins);
    return mayGet && !ownPreload && missingPreload() === undefined ? preloadPath : undefined;
  }

  /** A page that may not record needs not say so itself: it may have no preload script. */
  #onPage(contents: WebContents, url: string): void {
    if (!mayRecord(url, this.attachOptions.allowedOrigins)) this.leases.unregister(contents.id);
  }
}

/** What is needed to record all windows, if that is wanted. */
export function sourcesOf({ windows, app, BrowserWindow, screen }: AttachOptions): WindowSources | undefined {
  return windows === "all" && BrowserWindow && screen ? { app, BrowserWindow, screen } : undefined;
}
