// Shadow roots that the player has to have before it gets a component's style sheets.

import { ELEMENT_NODE, nodeTypeOf, shadowRootOf } from "../dom/native-dom";
import { EventType, type IncrementalEvent, NodeType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { RrwebRecorder } from "./rrweb-recorder";

/** Far above rrweb's own numbers, which count up from 1. */
const FIRST_ID = 2_000_000_000;

export class ShadowRoots {
  private lastId = FIRST_ID;

  constructor(private readonly rrweb: Pick<RrwebRecorder, "nodeOf" | "metaOf">) {}

  /**
   * What to send before this event. A component that was described before it had a shadow root has none in the player,
   * which then ignores its style sheets. An empty text in the shadow root makes the player create it.
   */
  eventsBefore({ type, timestamp, data }: RrwebEvent): IncrementalEvent[] {
    if (type !== EventType.Incremental || data.source !== Source.AdoptedStyleSheet) return [];
    const { id } = data;
    const host = this.rrweb.nodeOf(id);
    if (!host || nodeTypeOf.call(host) !== ELEMENT_NODE || !shadowRootOf.call(host)) return [];
    const meta = this.rrweb.metaOf(host);
    if (!meta || meta.isShadowHost) return [];
    meta.isShadowHost = true;
    const node = { type: NodeType.Text, textContent: "", id: ++this.lastId, isShadow: true } as const;
    const adds = [{ parentId: id, nextId: null, node }];
    return [{ type, timestamp, data: { source: Source.Mutation, texts: [], attributes: [], removes: [], adds } }];
  }
}
