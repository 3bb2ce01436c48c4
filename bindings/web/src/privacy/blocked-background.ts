// The box that stands for a blocked element, with a colour: as the browser SDK has it, and as any player shows it.

import { EventType, type RrwebEvent, type SerializedNode, Source } from "../model/rrweb-event";

/** The browser SDK's. */
const COLOR = "lightgrey";

/** Changes the event in place. */
export function colorBlocked({ type, data }: RrwebEvent): void {
  if (type === EventType.FullSnapshot) colorIn(data.node);
  if (type === EventType.Incremental && data.source === Source.Mutation) for (const { node } of data.adds) colorIn(node);
}

function colorIn(root: SerializedNode): void {
  const nodes = [root];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const { attributes } = node;
    // rrweb writes the size of what it leaves out, and of nothing else.
    if (attributes?.["rr_width"] !== undefined) {
      // Amplitude's player knows the first; others know styles.
      node.attributes = { ...attributes, rr_background_color: COLOR, style: `background-color: ${COLOR};` };
    }
    for (const child of node.childNodes ?? []) nodes.push(child);
  }
}
