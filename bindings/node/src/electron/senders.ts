// Who may speak: the top frame of a window of the app, showing a page of the app.
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from "electron";

/** What the web, the browser itself and guests bring; no app's own page comes from there. */
const FOREIGN = ["http:", "https:", "data:", "blob:", "about:", "javascript:", "filesystem:", "ftp:", "view-source:"];
const FOREIGN_PREFIXES = ["chrome", "devtools"];
/** Development servers. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

export interface Sender {
  /** The window, where it is the page of a window that speaks. */
  contents?: WebContents;
  /** Why it is not listened to. */
  problem?: string;
}

/** Who sent this, and whether it is listened to. */
export function senderOf(event: IpcMainEvent | IpcMainInvokeEvent, allowed: readonly string[] | undefined): Sender {
  try {
    const { sender, senderFrame } = event;
    if (!senderFrame) return { problem: "its frame is gone" };
    if (senderFrame.parent !== null || senderFrame !== sender.mainFrame)
      return { problem: "it is not the top frame of its window" };
    if (sender.isDestroyed()) return { problem: "its window is gone" };
    if (sender.getType() === "webview") return { problem: "it is the guest of a <webview>" };
    const url = new URL(senderFrame.url);
    if (allowed ? isListed(url, allowed) : isOwn(url)) return { contents: sender };
    return { contents: sender, problem: `${originOf(url)} is not among allowedOrigins` };
  } catch {
    // A frame that is being replaced, a page without an address.
    return { problem: "its frame can't be told" };
  }
}

/** `app://host`, `https://host:port`, `file://`: also where the scheme has no origin by the letter of the law. */
const originOf = ({ protocol, host }: URL): string => `${protocol}//${host}`;

function isListed(url: URL, allowed: readonly string[]): boolean {
  return allowed.some(
    (entry) => entry === url.protocol || entry.replace(/\/$/, "") === originOf(url).replace(/\/$/, ""),
  );
}

function isOwn({ protocol, hostname }: URL): boolean {
  if (LOOPBACK.includes(hostname) && (protocol === "http:" || protocol === "https:")) return true;
  return !FOREIGN.includes(protocol) && !FOREIGN_PREFIXES.some((prefix) => protocol.startsWith(prefix));
}
