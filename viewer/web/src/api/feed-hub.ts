// One feed for any number of windows: browsers allow six connections to one host, so not each window can have its own. It is
// closed while no window is seen. A window that was hidden, or is new, hears to ask again, and then what all hear.

import { type FeedMessage, GONE_MS, SAY_MS, type ToHub, type ToWindow } from "./feed-message";

const PATH = "/api/live";
/** When a feed that was refused is opened again. */
const RETRY_MS = 3_000;

interface Subscriber {
  post(news: ToWindow): void;
  isVisible: boolean;
  /** When it said last that it is there. */
  heardAt: number;
  /** It has heard all there was. */
  isCurrent: boolean;
}

export class FeedHub {
  private readonly subscribers = new Set<Subscriber>();
  private source: EventSource | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private latest: FeedMessage | null = null;
  /** Where the feed goes on after a pause. */
  private lastId = "";
  private isDown = false;

  /** Adds a window, hidden until it says otherwise; returns what takes its messages. */
  join(post: (news: ToWindow) => void): (message: ToHub) => void {
    const subscriber: Subscriber = { post, isVisible: false, heardAt: 0, isCurrent: false };
    return (message) => {
      if ("leave" in message) {
        this.subscribers.delete(subscriber);
        // It may come back, from the browser's cache of pages, and has missed what came in between.
        subscriber.isVisible = subscriber.isCurrent = false;
      } else this.setVisible(subscriber, message.isVisible);
      this.openOrClose();
    };
  }

  private setVisible(subscriber: Subscriber, isVisible: boolean): void {
    this.subscribers.add(subscriber);
    const wasVisible = subscriber.isVisible;
    subscriber.isVisible = isVisible;
    subscriber.heardAt = performance.now();
    subscriber.post({ alive: true });
    if (!isVisible || wasVisible) return;
    if (this.isDown) subscriber.post({ isDown: true });
    if (this.latest && !subscriber.isCurrent) tell(subscriber, this.latest);
  }

  /** Windows that crashed, or whose browser ended them, have taken no leave. */
  private readonly dropGone = (): void => {
    const since = performance.now() - GONE_MS;
    for (const subscriber of this.subscribers) {
      if (!subscriber.isVisible || subscriber.heardAt > since) continue;
      this.subscribers.delete(subscriber);
      // It was only held up: it says so, and asks for all.
      subscriber.isVisible = subscriber.isCurrent = false;
    }
    this.openOrClose();
  };

  private openOrClose(): void {
    const isWanted = [...this.subscribers].some(({ isVisible }) => isVisible);
    if (!isWanted) this.close();
    else if (!this.source && this.retry === undefined) this.open();
  }

  private open(): void {
    this.watch = setInterval(this.dropGone, SAY_MS);
    const source = new EventSource(this.lastId ? `${PATH}?last=${encodeURIComponent(this.lastId)}` : PATH);
    this.source = source;
    source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      this.lastId = lastEventId;
      this.onMessage(JSON.parse(data) as FeedMessage);
    };
    source.onopen = () => this.setDown(false);
    source.onerror = () => {
      this.setDown(true);
      // Browsers reconnect by themselves when a feed breaks, but not when it was refused: 503, there are too many.
      if (source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.retry = setTimeout(() => {
        this.retry = undefined;
        this.openOrClose();
      }, RETRY_MS);
    };
  }

  private close(): void {
    clearTimeout(this.retry);
    clearInterval(this.watch);
    this.retry = undefined;
    this.source?.close();
    this.source = null;
  }

  private onMessage(message: FeedMessage): void {
    this.latest = message;
    for (const subscriber of this.subscribers) {
      if (subscriber.isVisible) tell(subscriber, message);
      else subscriber.isCurrent = false;
    }
  }

  private setDown(isDown: boolean): void {
    // Each failed attempt is told: who can ask without a feed asks again.
    if (!isDown && !this.isDown) return;
    this.isDown = isDown;
    for (const { post } of this.subscribers) post({ isDown });
  }
}

function tell(subscriber: Subscriber, message: FeedMessage): void {
  subscriber.post({ message: subscriber.isCurrent ? message : askAgain(message) });
  subscriber.isCurrent = true;
}

/** For who does not know what was before: no changes, but that there may be any. */
export function askAgain({ revision, total }: FeedMessage): FeedMessage {
  return { revision, total, changed: [], removed: [], reset: true };
}
