// Session replay for the main process of an Electron app: receives what the windows' preload scripts record.
import { isSameCopy, ownCopy, type Copy } from "../copies/copy.js";
import { shared } from "../copies/shared.js";
import { invalid } from "../model/errors.js";
import type { AttachOptions } from "./attach-options.js";
import { Attachment } from "./attachment.js";
import { checkNet } from "./net-handlers.js";

export type { AttachOptions } from "./attach-options.js";
export { preloadPath } from "./preload-file.js";

export interface Attached {
  /** Undoes {@link attach}; recording by the main process itself goes on. */
  detach(): void;
}

/** Which copy of this package has attached. Every version reads this. */
const state = () => shared<{ by?: Copy | undefined }>("attached", () => ({}));

/** Connects the windows' preload scripts with the recorder. Call it once for the process, as early as possible. */
export function attach(options: AttachOptions): Attached {
  checkWindows(options);
  checkNet(options.net);
  const attached = state();
  if (attached.by) throw invalid(calledAlready(attached.by));
  const attachment = new Attachment(options);
  const own = ownCopy();
  attached.by = own;
  return {
    detach: () => {
      // Called again, it must not touch what another attach has begun since.
      if (attached.by !== own) return;
      attachment.detach();
      attached.by = undefined;
    },
  };
}

function checkWindows({ windows = "focused", BrowserWindow, screen }: AttachOptions): void {
  if (windows !== "all" && windows !== "focused") throw invalid('attach: "windows" must be "all" or "focused"');
  if (windows === "all" && !(BrowserWindow && screen)) {
    throw invalid('attach: windows: "all" needs Electron\'s BrowserWindow and screen, too: attach({ ipcMain, app, BrowserWindow, screen, windows: "all" })');
  }
}

function calledAlready(by: Copy): string {
  const other = isSameCopy(by, ownCopy()) ? "" : ` by session-replay-native ${by.version} in ${by.folder}`;
  return `attach() was called already${other}: one process has one recorder`;
}

/** Tells TypeScript that there is no default export: a host in CommonJS would get `undefined` for one. */
export declare const __esModule: true;
