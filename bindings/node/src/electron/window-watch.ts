// Watches the app's windows, and reads how they look.
import type { App, BrowserWindow, Screen, WebContents } from "electron";
import type { Guests } from "./guests.js";
import { Listeners } from "./listeners.js";
import { raisedWith, type PageState, type PartLook, type Rectangle, type WindowLook } from "./window-looks.js";
import { viewsIn, type ViewInWindow } from "./window-parts.js";

/** What of Electron tells of windows. */
export interface WindowSources {
  app: App;
  BrowserWindow: { getAllWindows(): BrowserWindow[] };
  screen: Screen;
}

/** After these a window looks different. */
const WINDOW_EVENTS = [
  "move",
  "resize",
  "show",
  "hide",
  "minimize",
  "restore",
  "maximize",
  "unmaximize",
  "enter-full-screen",
  "leave-full-screen",
  "always-on-top-changed",
  "blur",
  "ready-to-show",
] as const;
const CONTENTS_EVENTS = ["did-start-loading", "did-stop-loading", "destroyed", "render-process-gone"] as const;

type PageOf = (contents: WebContents) => PageState;

interface Watched {
  readonly window: BrowserWindow;
  readonly contents: WebContents;
  raised: number;
  /** The page that is there now has told its title. */
  hasTitle: boolean;
}

export class WindowWatch {
  /** By the id of their contents. */
  readonly #windows = new Map<number, Watched>();
  /** Contents and views that are listened to. */
  readonly #heard = new WeakSet<object>();
  readonly #listeners = new Listeners();
  #raises = 0;
  #isEnded = false;

  /** `onChange`: a window looks different, is there, or is gone. `onPage`: contents show another page, with this address. */
  constructor(
    private readonly sources: WindowSources,
    private readonly guests: Guests,
    private readonly onChange: () => void,
    private readonly onPage: (contents: WebContents, url: string) => void,
  ) {}

  /** Watches the windows that are there, and those that follow. */
  listen(): void {
    this.sources.BrowserWindow.getAllWindows().forEach(this.#add);
    this.#listeners.on(this.sources.app, "browser-window-created", this.#onCreated);
  }

  end(): void {
    this.#isEnded = true;
    this.#listeners.removeAll();
  }

  get displays(): Rectangle[] {
    // Electron's `screen` must not be asked before.
    return this.sources.app.isReady() ? this.sources.screen.getAllDisplays().map(({ bounds }) => bounds) : [];
  }

  /** `attempt`: does this for one window; what is being destroyed may throw. */
  looks(pageOf: PageOf, attempt: <T>(look: () => T) => T | undefined): WindowLook[] {
    return [...this.#windows.values()].flatMap((watched) => {
      const { window, contents } = watched;
      if (window.isDestroyed() || contents.isDestroyed()) return [];
      return attempt(() => this.#lookOf(watched, pageOf)) ?? [];
    });
  }

  #lookOf({ window, contents, raised, hasTitle }: Watched, pageOf: PageOf): WindowLook {
    return {
      id: contents.id,
      bounds: window.getBounds(),
      content: window.getContentBounds(),
      isShown: window.isVisible() && !window.isMinimized(),
      isFocused: window.isFocused(),
      isAlwaysOnTop: window.isAlwaysOnTop(),
      raised,
      page: pageOf(contents),
      title: hasTitle ? window.getTitle() : undefined,
      parts: this.#partsOf(window, contents, pageOf),
    };
  }

  readonly #onCreated = (_event: unknown, window: BrowserWindow): void => {
    this.#add(window);
    this.#changed();
  };

  readonly #add = (window: BrowserWindow): void => {
    const contents = window.webContents;
    const { id } = contents;
    const watched: Watched = { window, contents, raised: ++this.#raises, hasTitle: false };
    this.#windows.set(id, watched);
    for (const name of WINDOW_EVENTS) this.#listeners.on(window, name, this.#changed);
    this.#listeners.on(window, "focus", () => this.#raise(id));
    this.#listeners.on(window, "closed", () => {
      this.#windows.delete(id);
      this.#listeners.forget(window);
      this.#changed();
    });
    this.#listeners.on(contents, "did-navigate", () => (watched.hasTitle = false));
    this.#hear(contents);
    this.#listeners.on(contents, "page-title-updated", (_event: unknown, _title: string, isOwn: boolean) => {
      // Where a page has none, Chromium makes one of its address.
      watched.hasTitle = isOwn;
      this.#changed();
    });
  };

  #partsOf(window: BrowserWindow, contents: WebContents, pageOf: PageOf): PartLook[] {
    const guestsOf = (host: WebContents): PartLook[] =>
      this.guests.of(host).map(({ id, contents: guest, bounds, isShown }) => {
        this.#hear(guest);
        return { id, parent: host.id, bounds, isShown, page: pageOf(guest) };
      });
    const views = viewsIn(window, contents.id).flatMap(({ view, contents: own, bounds, isShown }): PartLook[] => {
      this.#hearBounds(view);
      if (!own) return [];
      this.#hear(own);
      return [{ id: own.id, parent: contents.id, bounds, isShown, page: pageOf(own) }, ...guestsOf(own)];
    });
    return [...guestsOf(contents), ...views];
  }

  /** Listens to what the page in these contents tells, once. */
  #hear(contents: WebContents): void {
    if (this.#heard.has(contents)) return;
    this.#heard.add(contents);
    this.guests.watch(contents);
    for (const name of CONTENTS_EVENTS) this.#listeners.on(contents, name, this.#changed);
    this.#listeners.on(contents, "did-navigate", (_event: unknown, url: string) => {
      if (!this.#isEnded) this.onPage(contents, url);
      this.#changed();
    });
    this.#listeners.on(contents, "destroyed", () => this.#listeners.forget(contents));
  }

  #hearBounds(view: ViewInWindow["view"]): void {
    if (!view || this.#heard.has(view)) return;
    this.#heard.add(view);
    // It stays, and does nothing after the end: no view says when it is gone.
    view.on("bounds-changed", this.#changed);
  }

  readonly #changed = (): void => {
    if (!this.#isEnded) this.onChange();
  };

  #raise(id: number): void {
    const family = [...this.#windows].map(([id, { window }]) => ({ id, parent: parentOf(window) }));
    for (const raised of raisedWith(id, family)) {
      const watched = this.#windows.get(raised);
      if (watched) watched.raised = ++this.#raises;
    }
    this.#changed();
  }
}

function parentOf(window: BrowserWindow): number | undefined {
  const parent = window.isDestroyed() ? null : window.getParentWindow();
  return parent && !parent.isDestroyed() ? parent.webContents.id : undefined;
}
