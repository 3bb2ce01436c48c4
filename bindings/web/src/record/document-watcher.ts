// Notices that a document is replaced under the recorder: `document.open`, another root element, the same in a frame.
// rrweb tells nothing of what is put into a document itself, and loses its listeners with `document.open`.

import { keepListeners, listenAgain } from "../dom/listeners";
import { ELEMENT_NODE } from "../dom/native-dom";

const Native = window.MutationObserver;

export class DocumentWatch {
  /** Whether this document is no more the one that the browser loaded. */
  isReplaced = false;
  private readonly frames = new WeakSet<Document>();

  /** `replaced` hears which document has got another root element. */
  constructor(private readonly replaced: (document: Document) => void) {
    this.watch(document, () => (this.isReplaced = true));
  }

  /** To be called when rrweb has told of a frame's document, before it listens there. */
  addFrame(frame: Document): void {
    const { defaultView } = frame;
    if (this.frames.has(frame) || !defaultView) return;
    this.frames.add(frame);
    queueMicrotask(keepListeners([frame, defaultView]));
    this.watch(frame, () => {});
  }

  private watch(of: Document, first: () => void): void {
    let isNew = !of.documentElement;
    const observer = new Native((records) => {
      try {
        listenAgain([of, ...(of.defaultView ? [of.defaultView] : [])]);
        const touched = records.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes]);
        if (!touched.some((node) => node.nodeType === ELEMENT_NODE)) return;
        // A document that is being loaded gets its first root.
        if (isNew && records.every(({ removedNodes }) => removedNodes.length === 0)) {
          isNew = false;
          return;
        }
        isNew = false;
        first();
        this.replaced(of);
      } catch {
        // The page goes on.
      }
    });
    observer.observe(of, { childList: true });
  }
}
