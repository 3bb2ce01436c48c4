// The browser's own functions, taken before the page can change them. A form field named "closest", or "parentNode",
// hides the form's own property of that name: so they are called on elements, and never read from them.

const getter = <T>(prototype: object, name: string) =>
  Object.getOwnPropertyDescriptor(prototype, name)!.get as (this: unknown) => T;

export const getAttribute = Element.prototype.getAttribute;
export const hasAttribute = Element.prototype.hasAttribute;
export const closest = Element.prototype.closest;
export const matches = Element.prototype.matches;
export const parentNodeOf = getter<Node | null>(Node.prototype, "parentNode");
export const nodeTypeOf = getter<number>(Node.prototype, "nodeType");
export const textOf = getter<string | null>(Node.prototype, "textContent");
export const firstElementOf = getter<Element | null>(Element.prototype, "firstElementChild");
export const localNameOf = getter<string>(Element.prototype, "localName");
export const shadowRootOf = getter<ShadowRoot | null>(Element.prototype, "shadowRoot");

export const ELEMENT_NODE = 1;
export const DOCUMENT_NODE = 9;

/** The element around a node, beyond the border of a shadow tree or of a frame; null: there is none that we may see. */
export function holderOf(node: Node): Element | null {
  const parent = parentNodeOf.call(node) as (Node & { host?: Element; defaultView?: Window | null }) | null;
  if (!parent) {
    return nodeTypeOf.call(node) === DOCUMENT_NODE ? ((node as Document).defaultView?.frameElement ?? null) : null;
  }
  const type = nodeTypeOf.call(parent);
  if (type === ELEMENT_NODE) return parent as Element;
  return type === DOCUMENT_NODE ? (parent.defaultView?.frameElement ?? null) : (parent.host ?? null);
}
