// The views inside a window that show pages of their own, as Electron lays them out.
import type { BrowserView, BrowserWindow, View, WebContents, WebContentsView } from "electron";
import type { Rectangle } from "./window-looks.js";

export interface ViewInWindow {
  /** None of a `BrowserView`, which tells nothing. */
  view: View | undefined;
  /** Of its page, if it has one. */
  contents: WebContents | undefined;
  /** From the upper left corner of the window's content. */
  bounds: Rectangle;
  isShown: boolean;
}

/** All views in a window, in any depth, from the back to the front; `own` is the id of its own contents, which are one of them. */
export function viewsIn(window: BrowserWindow, own: number): ViewInWindow[] {
  const views: ViewInWindow[] = [];
  const visit = (view: View, x: number, y: number, isShown: boolean): void => {
    for (const child of view.children) {
      const { x: left, y: top, width, height } = child.getBounds();
      const bounds = { x: x + left, y: y + top, width, height };
      const isChildShown = isShown && child.getVisible();
      const { webContents } = child as Partial<WebContentsView>;
      views.push({ view: child, contents: pageIn(webContents, own), bounds, isShown: isChildShown });
      visit(child, bounds.x, bounds.y, isChildShown);
    }
  };
  const root = window.contentView as View | undefined;
  if (!root?.children) return browserViewsIn(window, own);
  visit(root, 0, 0, true);
  return views;
}

/** Before Electron 30 there is no other view in a window; since then it is among the children. */
function browserViewsIn(window: BrowserWindow, own: number): ViewInWindow[] {
  const views: BrowserView[] = window.getBrowserViews?.() ?? [];
  return views.map((view) => ({
    view: undefined,
    contents: pageIn(view.webContents, own),
    bounds: view.getBounds(),
    isShown: true,
  }));
}

/** A view whose contents are gone may still be there for a moment. */
const pageIn = (contents: WebContents | undefined, own: number): WebContents | undefined =>
  contents && !contents.isDestroyed() && contents.id !== own ? contents : undefined;
