// Watches the app's windows, and reads how they look.
import type { App, BrowserWindow, Screen, View, WebContents, WebContentsView } from "electron";
import { raisedWith, type PageState, type PartLook, type Rectangle, type WindowLook } from "./window-looks.js";

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
const CONTENTS_EVENTS = ["did-start-loading", "did-stop-loading"] as const;

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
  #raises = 0;
  #isEnded = false;

  /** `onChange`: a window looks different, is there, or is gone. `onPage`: it shows another page, with this address. */
  constructor(
    private readonly sources: WindowSources,
    private readonly onChange: () => void,
    private readonly onPage: (contents: WebContents, url: string) => void,
  ) {
    sources.BrowserWindow.getAllWindows().forEach(this.#add);
    sources.app.on("browser-window-created", this.#onCreated);
  }

  end(): void {
    this.#isEnded = true;
    this.sources.app.removeListener("browser-window-created", this.#onCreated);
  }

  get displays(): Rectangle[] {
    // Electron's `screen` must not be asked before.
    return this.sources.app.isReady() ? this.sources.screen.getAllDisplays().map(({ bounds }) => bounds) : [];
  }

  looks(pageOf: (contents: WebContents) => PageState): WindowLook[] {
    return [...this.#windows].flatMap(([id, watched]) => {
      const { window, contents } = watched;
      if (window.isDestroyed() || contents.isDestroyed()) return [];
      return {
        id,
        bounds: window.getBounds(),
        content: window.getContentBounds(),
        isShown: window.isVisible() && !window.isMinimized(),
        isFocused: window.isFocused(),
        isAlwaysOnTop: window.isAlwaysOnTop(),
        raised: watched.raised,
        page: pageOf(contents),
        title: watched.hasTitle ? window.getTitle() : undefined,
        parts: partsOf(window, id, pageOf),
      };
    });
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
    const on = window.on.bind(window) as (name: string, listener: (...given: never[]) => void) => void;
    for (const name of WINDOW_EVENTS) on(name, this.#changed);
    on("focus", () => this.#raise(id));
    on("closed", () => {
      this.#windows.delete(id);
      this.#changed();
    });
    for (const name of CONTENTS_EVENTS) contents.on(name as "did-stop-loading", this.#changed);
    contents.on("did-navigate", (_event, url) => {
      watched.hasTitle = false;
      if (!this.#isEnded) this.onPage(contents, url);
      this.#changed();
    });
    contents.on("page-title-updated", (_event, _title, isOwn) => {
      // Where a page has none, Chromium makes one of its address.
      watched.hasTitle = isOwn;
      this.#changed();
    });
  };

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

/** The `WebContentsView`s in a window, in any depth. Electron has them since version 30. */
function partsOf(window: BrowserWindow, own: number, pageOf: (contents: WebContents) => PageState): PartLook[] {
  const parts: PartLook[] = [];
  const visit = (view: View, x: number, y: number, isShown: boolean): void => {
    for (const child of view.children) {
      const bounds = child.getBounds();
      const place = { x: x + bounds.x, y: y + bounds.y, width: bounds.width, height: bounds.height };
      const isChildShown = isShown && child.getVisible();
      const { webContents } = child as Partial<WebContentsView>;
      if (webContents && webContents.id !== own && !webContents.isDestroyed()) {
        parts.push({ id: webContents.id, bounds: place, isShown: isChildShown, page: pageOf(webContents) });
      }
      visit(child, place.x, place.y, isChildShown);
    }
  };
  const root = window.contentView as View | undefined;
  if (root?.children) visit(root, 0, 0, true);
  return parts;
}
