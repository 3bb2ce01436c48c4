// Masks events of a document of another origin, which is recorded by its own recorder and masked by its own rules. Here none of
// its elements can be asked; so only what this page masks everywhere is masked again, whatever the other one shows.

import { type Attributes, EventType, NodeType, type RrwebEvent, type SerializedNode, Source } from "../model/rrweb-event";
import type { Mask } from "./mask";

export class ForeignMask {
  /** The numbers of style elements and of their texts: masked rules would draw nothing. */
  private readonly styles = new Set<number>();

  constructor(private readonly mask: () => Mask) {}

  /** After a full snapshot of this page its frames are described anew. */
  reset(): void {
    this.styles.clear();
  }

  /** Changes the event in place. */
  apply(event: RrwebEvent): void {
    const mask = this.mask();
    mask.refresh();
    if (event.type !== EventType.Incremental) return;
    const { data } = event;
    if (data.source === Source.Input) data.text = mask.foreign(data.text);
    if (data.source !== Source.Mutation) return;
    for (const { node, parentId } of data.adds) this.tree(node, parentId, mask);
    for (const text of data.texts) if (text.value && !this.styles.has(text.id)) text.value = mask.foreign(text.value);
    for (const changed of data.attributes) attributes(changed.attributes, "", mask);
  }

  private tree(root: SerializedNode, parentId: number, mask: Mask): void {
    const nodes: [node: SerializedNode, parentId: number][] = [[root, parentId]];
    for (let next = nodes.pop(); next; next = nodes.pop()) {
      const [node, parent] = next;
      const isOfStyle = this.styles.has(parent);
      if (isOfStyle || node.tagName === "style") this.styles.add(node.id);
      if (node.textContent && !isOfStyle && node.type !== NodeType.Element) node.textContent = mask.foreign(node.textContent);
      if (node.attributes) attributes(node.attributes, node.tagName ?? "", mask);
      for (const child of node.childNodes ?? []) nodes.push([child, node.id]);
    }
  }
}

function attributes(all: Attributes, tag: string, mask: Mask): void {
  delete all["srcdoc"];
  for (const name in all) {
    const value = all[name];
    if (typeof value === "string") all[name] = mask.foreignAttribute(name, value, tag, all["name"]);
  }
}
