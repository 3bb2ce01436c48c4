// What a recording shows of the elements that carry a key, found out without rrweb.
const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const MUTATION = 0;
const INPUT = 5;

/** For each key the texts, values and attributes that were recorded of it, in order and without repetition. */
export function seen(events) {
  const nodes = new Map();
  const found = {};
  const note = (id, what) => {
    const key = keyOf(id);
    if (!key) return;
    found[key] ??= [];
    if (!found[key].includes(what)) found[key].push(what);
  };
  const keyOf = (id) => {
    for (let node = nodes.get(id); node; node = nodes.get(node.parent)) if (node.key) return node.key;
  };
  const attributes = (id, values) => {
    for (const name of ["value", "checked", "selected", "placeholder", "title", "alt"]) {
      if (values[name] !== undefined) note(id, `${name}=${values[name]}`);
    }
  };
  const add = (node, parent) => {
    nodes.set(node.id, { parent, key: node.attributes?.["data-k"] });
    if (node.type === 2) note(node.id, `<${node.tagName}>`);
    if (node.type === 2) attributes(node.id, node.attributes);
    if (node.type === 3 && node.textContent.trim() && !node.isStyle) note(node.id, node.textContent.trim());
    for (const child of node.childNodes ?? []) add(child, node.id);
  };
  for (const event of events) {
    if (event.type === FULL_SNAPSHOT) add(event.data.node, null);
    if (event.type !== INCREMENTAL) continue;
    if (event.data.source === INPUT) note(event.data.id, `typed=${event.data.text} ${event.data.isChecked}`);
    if (event.data.source !== MUTATION) continue;
    for (const { parentId, node } of event.data.adds) add(node, parentId);
    for (const { id, value } of event.data.texts) note(id, value);
    for (const change of event.data.attributes) attributes(change.id, change.attributes);
  }
  return found;
}
