// The preload script, bundled into one file with the recorder inside: a sandboxed one can require nothing but electron.
// It runs in an isolated world: it sees the page's document, and the page sees only `window.sessionReplay`.
import { contextBridge, ipcRenderer } from "electron";
import { makeBridge } from "./preload/bridge.js";
import { isFirstInWindow } from "./preload/first.js";
import { GuestWatch } from "./preload/guest-watch.js";
import { Link } from "./preload/link.js";
import { askGuestId } from "./preload/main-world/guest-id.js";
import { watchMainWorld } from "./preload/main-world/watch.js";

// With nodeIntegrationInSubFrames this runs in frames, too, such as the one that rrweb opens.
if (window.top === window && isFirstInWindow()) {
  try {
    const link = new Link(ipcRenderer);
    const bridge = makeBridge(link);
    if (process.contextIsolated) contextBridge.exposeInMainWorld("sessionReplay", bridge);
    else Object.defineProperty(window, "sessionReplay", { value: Object.freeze(bridge) });
    if (process.contextIsolated) watchMainWorld(link);
    new GuestWatch(link, process.contextIsolated ? askGuestId(link) : () => undefined);
    link.register();
  } catch (error) {
    // The app's own preload script and page must go on without a replay.
    console.warn("session-replay:", error);
  }
}
