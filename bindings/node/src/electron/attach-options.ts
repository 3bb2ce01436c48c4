// What `attach` takes.
import type { App, BrowserWindow, IpcMain, Screen } from "electron";
import type { SessionReplayOptions } from "../options/options.js";
import type { ElectronNet } from "./net-handlers.js";

export interface AttachOptions {
  /** Electron's own, as imported in the main process. */
  ipcMain: IpcMain;
  app: App;
  /** Starts recording at once. Without it the first `init` does: the main process's or a page's. */
  apiKey?: string;
  /** Options of `init`. They take precedence over those of pages; a page can't give servers or files. */
  options?: SessionReplayOptions;
  /**
   * Whose pages may record: origins (`https://app.example.com`) and schemes (`app:`). Without it `file:`, schemes of the
   * app's own, and servers on this machine: nothing from the web.
   */
  allowedOrigins?: readonly string[];
  /**
   * The app's own preload script imports `session-replay-native/electron/preload`. Then the file `preloadPath` is not needed, and
   * `attach` does not complain where it is missing, as in a bundle.
   */
  ownPreload?: boolean;
  /**
   * "focused", the default: one window records at a time, the one that was focused last. "all": the replay shows every window at
   * its place, with the pages that lie in it, and each records. That needs `BrowserWindow` and `screen`.
   */
  windows?: "all" | "focused";
  /** Electron's own, with `windows: "all"`. */
  BrowserWindow?: { getAllWindows(): BrowserWindow[] };
  screen?: Screen;
  /**
   * Electron's own `net`, or one of its sessions: makes the library's requests, so that the system's proxies with their scripts and their
   * sign-in, and certificates work as for pages. It counts where `attach` starts recording. Since Electron 25.
   */
  net?: ElectronNet;
  /**
   * Milliseconds that quitting may wait for what is not delivered yet, 10,000 at most. What is left stays on disk.
   * Default: 3000.
   */
  quitTimeoutMs?: number;
}
