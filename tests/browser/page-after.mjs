// What a recording holds, found out without rrweb: which texts and values the page has after some of its events.
import { squeeze } from "../support/chromium.mjs";

const FULL_SNAPSHOT = 2;
const INCREMENTAL = 3;
const MUTATION = 0;
const INPUT = 5;
const TEXT_NODE = 3;
/** Elements whose text is not shown. */
const HIDDEN = new Set(["style", "script", "title", "noscript", "head", "textarea", "option"]);

/** The page as the events leave it: `texts` that are shown, `values` of its inputs. */
export function pageAfter(events) {
  const nodes = new Map();
  const values = new Map();
  const add = (node, parent) => {
    nodes.set(node.id, { text: node.type === TEXT_NODE ? node.textContent : null, tag: node.tagName, parent });
    if (node.tagName === "input" && node.attributes.value) values.set(node.id, node.attributes.value);
    for (const child of node.childNodes ?? []) add(child, node.id);
  };
  const remove = (id) => {
    nodes.delete(id);
    values.delete(id);
    for (const [child, node] of nodes) if (node.parent === id) remove(child);
  };
  for (const event of events) {
    if (event.type === FULL_SNAPSHOT) {
      nodes.clear();
      values.clear();
      add(event.data.node, null);
    }
    if (event.type !== INCREMENTAL) continue;
    if (event.data.source === INPUT && nodes.get(event.data.id)?.tag === "input") values.set(event.data.id, event.data.text);
    if (event.data.source !== MUTATION) continue;
    for (const { id } of event.data.removes) remove(id);
    for (const { parentId, node } of event.data.adds) if (nodes.has(parentId)) add(node, parentId);
    for (const { id, value } of event.data.texts) if (nodes.has(id)) nodes.get(id).text = value;
  }
  const shown = (node) => {
    for (let at = node; at; at = nodes.get(at.parent)) if (HIDDEN.has(at.tag)) return false;
    return true;
  };
  const texts = [...nodes.values()].filter((node) => node.text && shown(node)).map((node) => squeeze(node.text));
  return { texts: texts.filter((text) => text.length > 2), values: [...values.values()].filter(Boolean) };
}
