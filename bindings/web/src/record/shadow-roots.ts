// What has to be told before an event so that the player can use it.

import type { Gate } from "./rrweb-recorder";
import { ELEMENT_NODE, nodeTypeOf, shadowRootOf } from "../dom/native-dom";
import { type AdoptedStyles, INCREMENTAL, MUTATION, type RrwebEvent } from "../privacy/sanitizer";

const ADOPTED_STYLE_SHEET = 15;
const TEXT = 3;
/** rrweb counts up from 1. */
const FIRST_ID = 2_000_000_000;

export class ShadowRoots {
  private lastId = FIRST_ID;

  constructor(private readonly gate: Pick<Gate, "nodeOf" | "describedAs">) {}

  /**
   * A component that was described before it had a shadow root has none in the player, which then forgets the style
   * sheets that are told for it. A text of no characters in the shadow root makes it one.
   */
  before(event: RrwebEvent): RrwebEvent[] {
    if (event.type !== INCREMENTAL || event.data.source !== ADOPTED_STYLE_SHEET) return [];
    const { id } = event.data as unknown as AdoptedStyles;
    const host = this.gate.nodeOf(id);
    if (!host || nodeTypeOf.call(host) !== ELEMENT_NODE || !shadowRootOf.call(host)) return [];
    const described = this.gate.describedAs(host);
    if (!described || described.isShadowHost) return [];
    described.isShadowHost = true;
    const node = { type: TEXT, textContent: "", id: ++this.lastId, isShadow: true };
    const data = { source: MUTATION, texts: [], attributes: [], removes: [], adds: [{ parentId: id, nextId: null, node }] };
    return [{ type: INCREMENTAL, timestamp: event.timestamp, data }];
  }
}
