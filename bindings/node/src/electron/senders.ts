// Who may record: the top frame of a window of the app, or of a guest in one, that shows a page of the app.
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from "electron";

/** Schemes of the web, of the browser itself and of guests: no page of the app has them. */
const FOREIGN = ["http:", "https:", "data:", "blob:", "about:", "javascript:", "filesystem:", "ftp:", "view-source:"];
const FOREIGN_PREFIXES = ["chrome", "devtools"];
/** Development servers. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

export interface Sender {
  /** The window, if the message comes from the page of one. */
  contents?: WebContents;
  /** Why it may not record. */
  problem?: string;
}

/** Who sent this, and whether it may record. `withGuests`: guests of `<webview>`s may, like windows. */
export function senderOf(
  event: IpcMainEvent | IpcMainInvokeEvent,
  allowed: readonly string[] | undefined,
  withGuests: boolean,
): Sender {
  try {
    const { sender, senderFrame } = event;
    if (!senderFrame) return { problem: "its frame is gone" };
    if (senderFrame.parent !== null || senderFrame !== sender.mainFrame)
      return { problem: "it is not the top frame of its window" };
    if (sender.isDestroyed()) return { problem: "its window is gone" };
    if (!withGuests && isGuest(sender)) return { problem: 'it is the guest of a <webview>, which windows: "all" records' };
    const url = new URL(senderFrame.url);
    if (isAllowed(url, allowed)) return { contents: sender };
    return { contents: sender, problem: `${originOf(url)} is not among allowedOrigins` };
  } catch {
    // A frame that is being replaced, a page without an address.
    return { problem: "its frame is unknown" };
  }
}

export const isGuest = (contents: WebContents): boolean => contents.getType() === "webview";

/** Whether a page with this address may record. */
export function mayRecord(address: string, allowed: readonly string[] | undefined): boolean {
  try {
    return isAllowed(new URL(address), allowed);
  } catch {
    return false;
  }
}

const isAllowed = (url: URL, allowed: readonly string[] | undefined): boolean =>
  allowed ? isListed(url, allowed) : isOwn(url);

/** `app://host`, `https://host:port`, `file://`: also for schemes that have no origin by the standard. */
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
