// Which documents of frames an event describes, and whether it was the same that did a moment ago.

import type { Gate } from "./rrweb-recorder";
import { DOCUMENT_NODE, nodeTypeOf } from "../dom/native-dom";
import { INCREMENTAL, type Mutation, MUTATION, type RrwebEvent } from "../privacy/sanitizer";

export class Frames {
  private described = new WeakSet<Document>();
  private lastLoad: Event | null = null;

  constructor(private readonly gate: Pick<Gate, "nodeOf">) {}

  documentsIn({ type, data }: RrwebEvent): Document[] {
    if (type !== INCREMENTAL || data.source !== MUTATION || !data["isAttachIframe"]) return [];
    return (data as unknown as Mutation).adds.flatMap(({ node }) => {
      const found = this.gate.nodeOf(node.id);
      return found && nodeTypeOf.call(found) === DOCUMENT_NODE ? [found as Document] : [];
    });
  }

  /**
   * Whether they were described in answer to this very `load` already: with each full snapshot rrweb listens to a frame
   * once more, and then tells as often of what it loads.
   */
  areRepeated(documents: Document[]): boolean {
    const { event } = window as { event?: Event };
    if (documents.length === 0 || event?.type !== "load") return false;
    const isRepeated = event === this.lastLoad && documents.every((document) => this.described.has(document));
    if (event !== this.lastLoad) this.described = new WeakSet();
    this.lastLoad = event;
    for (const document of documents) this.described.add(document);
    return isRepeated;
  }
}
