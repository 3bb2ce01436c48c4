// The guests of `<webview>`s: which there are, in which page, and where that says that they lie. Each gets the preload script.
import type { App, Event, Session, WebContents, WebPreferences } from "electron";
import type { GuestPlace } from "./guest-places.js";
import { Listeners } from "./listeners.js";
import type { DocumentId } from "./messages.js";

/** A guest in the page of its host. */
export interface PlacedGuest extends GuestPlace {
  contents: WebContents;
}

interface Told {
  document: DocumentId;
  places: GuestPlace[];
}

export class Guests {
  readonly #hosts = new WeakSet<WebContents>();
  readonly #guests = new Map<number, WebContents>();
  /** By the id of the host's contents. */
  readonly #told = new Map<number, Told>();
  readonly #listeners = new Listeners();
  #isEnded = false;

  /**
   * `preloadFor`: the preload script for a guest that begins with this address, if it may record; `documentOf`: what these contents
   * show; `onChange`: a guest is there, or lies elsewhere.
   */
  constructor(
    private readonly app: App,
    private readonly preloadFor: (url: string) => string | undefined,
    private readonly documentOf: (contents: WebContents) => DocumentId | undefined,
    private readonly onChange: () => void,
  ) {}

  /** Gives guests the preload script from now on. */
  listen(): void {
    this.#listeners.on(this.app, "web-contents-created", this.#onCreated);
  }

  end(): void {
    this.#isEnded = true;
    this.#listeners.removeAll();
  }

  /** Watches contents whose page may have `<webview>`s. */
  watch(host: WebContents): void {
    if (this.#hosts.has(host)) return;
    this.#hosts.add(host);
    const { id } = host;
    this.#listeners.on(host, "will-attach-webview", (...given: [Event, WebPreferences, Record<string, string>]) => this.#onWillAttach(host, ...given));
    this.#listeners.on(host, "did-attach-webview", (_event: unknown, guest: WebContents) => this.add(guest));
    this.#listeners.on(host, "destroyed", () => {
      this.#told.delete(id);
      this.#listeners.forget(host);
    });
  }

  /** These contents are a guest: also one that was there before. */
  add(guest: WebContents): void {
    const { id } = guest;
    if (this.#isEnded || this.#guests.has(id) || guest.isDestroyed()) return;
    this.#guests.set(id, guest);
    guest.once("destroyed", () => {
      this.#guests.delete(id);
      this.#changed();
    });
    this.#changed();
  }

  /** The page in these contents says where its guests lie. */
  place(host: WebContents, document: DocumentId, places: GuestPlace[]): void {
    this.#told.set(host.id, { document, places });
    this.#changed();
  }

  /** Those of the page that these contents show now, the ones behind first. A page may name only its own. */
  of(host: WebContents): PlacedGuest[] {
    const told = this.#told.get(host.id);
    if (!told || told.document !== this.documentOf(host)) return [];
    return told.places.flatMap((place) => {
      const contents = this.#guests.get(place.id);
      if (!contents || contents.isDestroyed() || contents.hostWebContents?.id !== host.id) return [];
      return { ...place, contents };
    });
  }

  /** Later than the app's own listeners, which may refuse a guest, or take its preload script away. */
  readonly #onCreated = (_event: Event, contents: WebContents): void => {
    queueMicrotask(() => {
      if (this.#isEnded || contents.isDestroyed()) return;
      this.watch(contents);
      this.#changed();
    });
  };

  #onWillAttach(host: WebContents, event: Event, preferences: WebPreferences, params: Record<string, string>): void {
    // A script of the app's own imports ours, if that guest is to be recorded.
    if (this.#isEnded || event.defaultPrevented || preferences.preload) return;
    const preload = this.preloadFor(addressIn(params["src"], host));
    if (preload === undefined || (!params["partition"] && isRegistered(host.session, preload))) return;
    preferences.preload = preload;
  }

  #changed(): void {
    if (!this.#isEnded) this.onChange();
  }
}

/** The address that a guest begins with; "": none. */
function addressIn(src: string | undefined, host: WebContents): string {
  if (!src) return "";
  try {
    return new URL(src, host.getURL()).href;
  } catch {
    return src;
  }
}

/** Whether the script runs in every page of the session. */
function isRegistered(session: Session | undefined, preload: string): boolean {
  // Electron has getPreloadScripts since version 35.
  if (session?.getPreloadScripts) return session.getPreloadScripts().some(({ filePath }) => filePath === preload);
  return session?.getPreloads?.().includes(preload) ?? false;
}
