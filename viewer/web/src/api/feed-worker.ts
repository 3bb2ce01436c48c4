// The shared worker: holds the feed for all windows of a browser. A bundle of its own, at /assets/feed.js.

import { FeedHub } from "./feed-hub";
import type { ToHub } from "./feed-message";

const hub = new FeedHub();

addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (!port) return;
  const hear = hub.join((news) => port.postMessage(news));
  port.onmessage = ({ data }: MessageEvent<ToHub>) => hear(data);
});
