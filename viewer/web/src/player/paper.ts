// Tells the style sheet how large the picture is before a page is printed: while it is, nothing runs that could fit it anew.

/** As much of rrweb's replayer as is needed. */
interface Replayer {
  readonly iframe: HTMLIFrameElement;
}

export function measureForPaper(box: HTMLElement, { iframe }: Replayer): () => void {
  const measure = () => {
    const { width, height } = iframe.getBoundingClientRect();
    box.style.setProperty("--picture-width", String(Math.max(1, Math.round(width))));
    box.style.setProperty("--picture-height", String(Math.max(1, Math.round(height))));
  };
  addEventListener("beforeprint", measure);
  return () => removeEventListener("beforeprint", measure);
}
