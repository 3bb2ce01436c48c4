// The documents of frames that an event describes, and whether they were described a moment ago.

import { DOCUMENT_NODE, nodeTypeOf } from "../dom/native-dom";
import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";

export class FrameDocuments {
  private described = new WeakSet<Document>();
  private lastLoad: Event | null = null;

  constructor(private readonly nodeOf: (id: number) => Node | null) {}

  /** The documents that this event describes. */
  in({ type, data }: RrwebEvent): Document[] {
    if (type !== EventType.Incremental || data.source !== Source.Mutation || !data.isAttachIframe) return [];
    return data.adds.flatMap(({ node }) => {
      const found = this.nodeOf(node.id);
      return found && nodeTypeOf.call(found) === DOCUMENT_NODE ? [found as Document] : [];
    });
  }

  /**
   * Whether they were described on this very `load` event already: with each full snapshot rrweb adds one more listener
   * to a frame, and then describes what it loads as often.
   */
  areRepeated(documents: Document[]): boolean {
    const { event } = window as { event?: Event };
    if (documents.length === 0 || event?.type !== "load") return false;
    const areRepeated = event === this.lastLoad && documents.every((document) => this.described.has(document));
    if (event !== this.lastLoad) this.described = new WeakSet();
    this.lastLoad = event;
    for (const document of documents) this.described.add(document);
    return areRepeated;
  }

  /**
   * Whether this event says that a frame is empty, as one is whose page is still on its way. A player would not draw what a later event,
   * on the frame's load, says of the same document.
   */
  isEmpty(event: RrwebEvent, documents: Document[]): boolean {
    if (documents.length === 0 || event.type !== EventType.Incremental || event.data.source !== Source.Mutation) return false;
    return event.data.adds.every(({ node }) => (node.childNodes ?? []).length === 0);
  }
}
