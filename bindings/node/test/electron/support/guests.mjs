// `<webview>`s, as Electron makes them: the element in the page of the host, and contents of their own for the guest.
import { createRequire } from "node:module";
import { PreventableEvent, openWindow, preload } from "./electron.mjs";

const { preloadPath } = createRequire(import.meta.url)("session-replay-native/electron/main");

/**
 * Attaches a guest to the element with this selector, which the page of `host` holds. It has the preload script that the listeners
 * of "will-attach-webview" leave it; `undefined` where they refuse it.
 */
export async function attachGuest(context, ipcMain, app, host, selector, { preferences = {}, partition, ...more }) {
  const webPreferences = { ...preferences };
  const event = new PreventableEvent();
  const src = more.url ?? "app://shop/index.html";
  host.contents.emit("will-attach-webview", event, webPreferences, { src, ...(partition && { partition }) });
  if (event.defaultPrevented) return undefined;
  const size = await host.page.locator(selector).evaluate((element) => [element.clientWidth, element.clientHeight]);
  const guest = await openWindow(context, ipcMain, app, {
    ...more,
    preloads: webPreferences.preload === preloadPath ? [preload] : [],
    onContents: async (contents, page) => {
      contents.type = "webview";
      contents.hostWebContents = host.contents;
      await page.setViewportSize({ width: size[0], height: size[1] });
      await becomesGuest(host.page, selector, contents.id, "did-attach");
      host.contents.emit("did-attach-webview", {}, contents);
    },
  });
  await becomesGuest(host.page, selector, guest.contents.id, "dom-ready");
  return { ...guest, webPreferences };
}

/** Electron's methods are in the page's own world only; its events are heard in both. */
const becomesGuest = (page, selector, id, event) =>
  page.locator(selector).evaluate(
    (element, [id, event]) => {
      element.getWebContentsId = () => id;
      element.dispatchEvent(new Event(event));
    },
    [id, event],
  );
