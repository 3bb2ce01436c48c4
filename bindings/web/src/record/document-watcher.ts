// Notices that a document is replaced: `document.open`, another root element, the same in a frame. rrweb ignores what is
// put into a document itself, and loses its listeners with `document.open`.

import { rememberListeners, restoreListeners } from "../dom/listeners";
import { ELEMENT_NODE } from "../dom/native-dom";

const Native = window.MutationObserver;

export class DocumentWatcher {
  /** Whether this is no longer the document that the browser loaded. */
  private isReplaced = false;
  private readonly frames = new WeakSet<Document>();

  /** `onReplaced` is called with a document that has got another root element. */
  constructor(private readonly onReplaced: (document: Document) => void) {
    this.watch(document, () => (this.isReplaced = true));
  }

  /** Whether recording may begin: a prerendered page is seen by nobody, and one that is loading has no document yet. */
  get isReady(): boolean {
    if ((document as { prerendering?: boolean }).prerendering) return false;
    return (document.readyState !== "loading" || this.isReplaced) && document.documentElement !== null;
  }

  /** To be called when rrweb has described a frame's document, before it listens there. */
  addFrame(frame: Document): void {
    const { defaultView } = frame;
    if (this.frames.has(frame) || !defaultView) return;
    this.frames.add(frame);
    queueMicrotask(rememberListeners([frame, defaultView]));
    this.watch(frame, () => {});
  }

  private watch(watched: Document, onReplaced: () => void): void {
    let isLoading = !watched.documentElement;
    const observer = new Native((records) => {
      try {
        restoreListeners([watched, ...(watched.defaultView ? [watched.defaultView] : [])]);
        const changed = records.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes]);
        if (!changed.some((node) => node.nodeType === ELEMENT_NODE)) return;
        // A document that is being loaded gets its first root element.
        const isFirst = isLoading && records.every(({ removedNodes }) => removedNodes.length === 0);
        isLoading = false;
        if (isFirst) return;
        onReplaced();
        this.onReplaced(watched);
      } catch {
        // The page goes on.
      }
    });
    observer.observe(watched, { childList: true });
  }
}
