// What rrweb's node ids stand for, found out without rrweb: the key (`data-k`) of the element, or of one around it.

export class Nodes {
  #nodes = new Map();

  /** Takes what an event says of nodes; to be called with all events in their order. */
  take({ type, data }) {
    if (type === 2) this.#add(data.node, null);
    if (type === 3 && data.source === 0) for (const { parentId, node } of data.adds) this.#add(node, parentId);
  }

  nameOf(id) {
    let tag;
    for (let node = this.#nodes.get(id); node; node = this.#nodes.get(node.parent)) {
      if (node.key) return node.key;
      tag ??= node.tag;
    }
    return tag ?? "document";
  }

  #add(node, parent) {
    this.#nodes.set(node.id, { parent, key: node.attributes?.["data-k"], tag: node.tagName });
    for (const child of node.childNodes ?? []) this.#add(child, node.id);
  }
}
