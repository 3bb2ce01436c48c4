// The ways out of a web view: functions that the native side offers, to be called with a string.

import type { Send } from "./outbox";

/** Name of the message handler, or of the QWebChannel object, that takes the messages. */
export const DEFAULT_NAME = "sessionReplay";
/** First line of a message where the page's other messages come the same way. */
const WEBVIEW2_PREFIX = "sessionReplay\n";

type Post = (message: string) => void;

/** What the native side puts into the page. */
interface NativeGlobals {
  webkit?: { messageHandlers?: Record<string, { postMessage: Post } | undefined> };
  chrome?: { webview?: { postMessage: Post } };
  qt?: { webChannelTransport?: unknown };
  QWebChannel?: new (transport: unknown, ready: (channel: { objects: Record<string, unknown> }) => void) => unknown;
}

/**
 * Sends by the first of: the host's own function; a WebKit message handler (WKWebView, WebKitGTK); WebView2; an object
 * with a slot `postMessage(QString)` on a QWebChannel. Looks again at each message until it has found one.
 */
export function webViewSend(name: string, custom: Post | undefined): Send {
  let post: Post | null = null;
  let isConnecting = false;
  const found = (use: Post) => (post = use);
  return (lines) => {
    if (!post) {
      const globals = window as unknown as NativeGlobals;
      const handler = globals.webkit?.messageHandlers?.[name];
      const webview = globals.chrome?.webview;
      if (custom) found(custom);
      else if (handler) found((text) => handler.postMessage(text));
      else if (webview) found((text) => webview.postMessage(WEBVIEW2_PREFIX + text));
      else if (!isConnecting) isConnecting = connectWebChannel(globals, name, found);
    }
    if (!post) return "later";
    post(lines);
    return "taken";
  };
}

/** Calls `found` once the host's objects are known; false: there is no QWebChannel yet. */
function connectWebChannel({ QWebChannel, qt }: NativeGlobals, name: string, found: (post: Post) => void): boolean {
  if (!QWebChannel || !qt?.webChannelTransport) return false;
  new QWebChannel(qt.webChannelTransport, ({ objects }) => {
    const object = objects[name] as { postMessage?: Post } | undefined;
    if (object?.postMessage) found((text) => object.postMessage?.(text));
  });
  return true;
}
