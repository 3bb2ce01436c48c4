// A feed of Server-Sent Events that rests while its tab is hidden: browsers allow six connections to one host, and a few
// forgotten tabs would use them all.

/** When a feed is asked for again that the viewer had no place for. */
const AGAIN_MS = 3_000;

/** Listens until the returned function is called. */
export function listen(path: string, take: (data: string) => void, down: (isDown: boolean) => void): () => void {
  let source: EventSource | null = null;
  let again: number | undefined;
  let last = "";
  const open = () => {
    source = new EventSource(last ? `${path}?last=${encodeURIComponent(last)}` : path);
    source.onmessage = (message: MessageEvent<string>) => {
      last = message.lastEventId;
      take(message.data);
    };
    source.onopen = () => down(false);
    source.onerror = () => {
      down(true);
      // Browsers come back by themselves when a feed breaks, but not when it was refused: 503, there are too many.
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      again = setTimeout(follow, AGAIN_MS);
    };
  };
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = null;
  };
  const follow = () => {
    if (document.hidden) close();
    else if (!source) open();
  };
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}
