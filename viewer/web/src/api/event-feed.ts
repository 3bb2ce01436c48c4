// A feed of Server-Sent Events that is closed while its tab is hidden: browsers allow six connections to one host, and a
// few forgotten tabs would use them all.

/** When a feed that was refused is opened again. */
const RETRY_MS = 3_000;

/** Listens until the returned function is called. */
export function listen(path: string, onMessage: (data: string) => void, onConnection: (isDown: boolean) => void): () => void {
  let source: EventSource | null = null;
  let retry: number | undefined;
  let last = "";
  const open = () => {
    source = new EventSource(last ? `${path}?last=${encodeURIComponent(last)}` : path);
    source.onmessage = (message: MessageEvent<string>) => {
      last = message.lastEventId;
      onMessage(message.data);
    };
    source.onopen = () => onConnection(false);
    source.onerror = () => {
      onConnection(true);
      // Browsers reconnect by themselves when a feed breaks, but not when it was refused: 503, there are too many.
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      retry = setTimeout(openIfVisible, RETRY_MS);
    };
  };
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const openIfVisible = () => {
    if (document.hidden) close();
    else if (!source) open();
  };
  document.addEventListener("visibilitychange", openIfVisible);
  openIfVisible();
  return () => {
    document.removeEventListener("visibilitychange", openIfVisible);
    close();
  };
}
