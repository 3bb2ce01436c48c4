// What this window hears of the list of sessions, as it changes. The feed itself is held by a worker that all windows of the
// browser share; where there is none (Chrome on Android), by the window.

import { askAgain, FeedHub } from "./feed-hub";
import { type FeedMessage, SAY_MS, type ToHub, type ToWindow } from "./feed-message";

type Listener = (message: FeedMessage) => void;

/** To be raised when the messages between window and worker change: a window of an earlier version may still hold its worker. */
const PROTOCOL = 2;
/** After so many questions without an answer, the worker has crashed: browsers tell nobody, and start another for who asks. */
const MAX_UNANSWERED = 3;

const listeners = new Set<{ listener: Listener }>();
const connectionListeners = new Set<(isDown: boolean) => void>();
let latest: FeedMessage | null = null;
let isConnected = false;
let unanswered = 0;

/** Calls `listener` with what has changed, the first time to ask for all; returns how to stop. */
export function onFeed(listener: Listener): () => void {
  const entry = { listener };
  listeners.add(entry);
  if (latest) {
    const first = askAgain(latest);
    queueMicrotask(() => listeners.has(entry) && listener(first));
  }
  connect();
  return () => listeners.delete(entry);
}

/** Calls `listener` when the feed breaks, each time it can't be opened again, and when it is back. */
export function onFeedConnection(listener: (isDown: boolean) => void): void {
  connectionListeners.add(listener);
  connect();
}

function hear(news: ToWindow): void {
  unanswered = 0;
  if ("alive" in news) return;
  if ("isDown" in news) {
    for (const listener of connectionListeners) listener(news.isDown);
    return;
  }
  latest = news.message;
  for (const { listener } of [...listeners]) listener(news.message);
}

function connect(): void {
  if (isConnected) return;
  isConnected = true;
  let say: (message: ToHub) => void = () => {};
  const sayVisible = () => {
    unanswered += 1;
    say({ isVisible: !document.hidden });
  };
  const join = () => {
    unanswered = 0;
    say = throughWorker(() => {
      say = new FeedHub().join(hear);
      sayVisible();
    });
    sayVisible();
  };
  join();
  document.addEventListener("visibilitychange", sayVisible);
  // A page that the browser keeps for "back" is shown again without being loaded.
  addEventListener("pagehide", () => say({ leave: true }));
  addEventListener("pageshow", ({ persisted }) => persisted && sayVisible());
  setInterval(() => {
    if (document.hidden) return;
    if (unanswered < MAX_UNANSWERED) return sayVisible();
    say({ leave: true });
    join();
  }, SAY_MS);
}

/** Joins the worker's feed; `onFailure` is called, once, where there can be no worker. */
function throughWorker(onFailure: () => void): (message: ToHub) => void {
  if (typeof SharedWorker === "undefined") return new FeedHub().join(hear);
  try {
    const worker = new SharedWorker("/assets/feed.js", { type: "module", name: `feed-${PROTOCOL}` });
    worker.onerror = () => {
      worker.onerror = null;
      onFailure();
    };
    worker.port.onmessage = ({ data }: MessageEvent<ToWindow>) => hear(data);
    return (message) => worker.port.postMessage(message);
  } catch {
    return new FeedHub().join(hear);
  }
}
