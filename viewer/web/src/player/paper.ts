// Tells the style sheet how large the picture is before a page is printed: while it is, nothing runs that could fit it anew.

/** The picture is what this frame shows; the result ends it. */
export function measureForPaper(frame: HTMLIFrameElement): () => void {
  const measure = () => {
    const { width, height } = frame.getBoundingClientRect();
    const { style } = document.documentElement;
    style.setProperty("--picture-width", String(Math.max(1, Math.round(width))));
    style.setProperty("--picture-height", String(Math.max(1, Math.round(height))));
  };
  addEventListener("beforeprint", measure);
  return () => removeEventListener("beforeprint", measure);
}
