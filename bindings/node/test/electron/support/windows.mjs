// Electron's `BrowserWindow`, `WebContentsView` and `screen`, as far as they tell where windows are.
import { EventEmitter } from "node:events";

/** The height of a window's own title bar. */
export const TITLE_BAR = 30;

/** The windows of one app, and the displays that they are on. */
export class Desktop {
  windows = [];
  BrowserWindow = { getAllWindows: () => this.windows.filter((window) => !window.isDestroyed()) };

  constructor(app, displays = [{ x: 0, y: 0, width: 1600, height: 900 }]) {
    this.app = app;
    this.displays = displays;
    this.screen = { getAllDisplays: () => this.displays.map((bounds) => ({ bounds })) };
  }

  /** Opens a window with these contents; `content` is where its page is. */
  open(contents, content, more = {}) {
    const window = new Window(contents, content, more);
    this.windows.push(window);
    contents.on("page-title-updated", (_event, title) => (window.title = title));
    this.app.emit("browser-window-created", {}, window);
    return window;
  }
}

class Window extends EventEmitter {
  title = "My Shop";
  isThere = true;
  visible = true;
  minimized = false;
  focused = false;
  onTop = false;

  constructor(webContents, content, { frame = true, parent = null, page } = {}) {
    super();
    Object.assign(this, { webContents, content, frame, parent, page });
    // A window's own contents are the view that the others lie in.
    this.contentView = { webContents, children: [] };
    webContents.once("destroyed", () => {
      this.isThere = false;
      this.emit("closed");
    });
  }

  isDestroyed = () => !this.isThere;
  isVisible = () => this.visible;
  isMinimized = () => this.minimized;
  isFocused = () => this.focused;
  isAlwaysOnTop = () => this.onTop;
  getParentWindow = () => this.parent;
  getTitle = () => this.title;
  getContentBounds = () => ({ ...this.content });

  getBounds() {
    const bar = this.frame ? TITLE_BAR : 0;
    return { ...this.content, y: this.content.y - bar, height: this.content.height + bar };
  }

  async setContentBounds(content) {
    this.content = { ...this.content, ...content };
    await this.page?.setViewportSize({ width: this.content.width, height: this.content.height });
    this.emit("move");
    this.emit("resize");
  }

  /** Sets what the window tells of itself, with the event that comes with it. */
  change(event, values) {
    Object.assign(this, values);
    this.emit(event);
  }

  /** Adds a `WebContentsView`, or a `View` without contents, to the window or to a view in it. */
  addView(webContents, bounds, parent = this.contentView) {
    const view = new View(webContents, bounds);
    parent.children.push(view);
    return view;
  }
}

class View extends EventEmitter {
  children = [];
  visible = true;

  constructor(webContents, bounds) {
    super();
    this.bounds = bounds;
    if (webContents) this.webContents = webContents;
  }

  getBounds = () => ({ ...this.bounds });
  getVisible = () => this.visible;
  setVisible = (visible) => void (this.visible = visible);

  setBounds(bounds) {
    this.bounds = bounds;
    this.emit("bounds-changed");
  }
}
