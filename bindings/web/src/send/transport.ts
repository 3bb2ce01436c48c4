// The ways out of a web view: what the native side offers to be called with a text.

import type { Send } from "./outbox";

/** Name of the message handler, or of the QWebChannel object, that takes the messages. */
export const DEFAULT_NAME = "sessionReplay";
/** First line of a message where the page's other messages come the same way. */
export const MARK = "sessionReplay\n";

type Post = (message: string) => void;

interface Hooks {
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
  let asked = false;
  const found = (use: Post) => (post = use);
  return (lines) => {
    if (!post) {
      const hooks = window as unknown as Hooks;
      const handler = hooks.webkit?.messageHandlers?.[name];
      const webview = hooks.chrome?.webview;
      if (custom) found(custom);
      else if (handler) found((text) => handler.postMessage(text));
      else if (webview) found((text) => webview.postMessage(MARK + text));
      else if (!asked) asked = askWebChannel(hooks, name, found);
    }
    if (!post) return "later";
    post(lines);
    return "taken";
  };
}

/** Answers by calling back, once the host's objects are known; false: there is no QWebChannel yet. */
function askWebChannel({ QWebChannel, qt }: Hooks, name: string, found: (post: Post) => void): boolean {
  if (!QWebChannel || !qt?.webChannelTransport) return false;
  new QWebChannel(qt.webChannelTransport, ({ objects }) => {
    const object = objects[name] as { postMessage?: Post } | undefined;
    if (object?.postMessage) found((text) => object.postMessage?.(text));
  });
  return true;
}
