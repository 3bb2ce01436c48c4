// The browser's own DOM functions, taken before the page can replace them. A form field named "closest", or
// "parentNode", hides the form's own property of that name, and an image named "defaultView" hides the document's: so call
// these on nodes, and never read the property.

export const getter = <T>(prototype: object, name: string) =>
  Object.getOwnPropertyDescriptor(prototype, name)!.get as (this: unknown) => T;

export const getAttribute = Element.prototype.getAttribute;
export const hasAttribute = Element.prototype.hasAttribute;
export const closest = Element.prototype.closest;
export const matches = Element.prototype.matches;
export const querySelectorAllIn = Element.prototype.querySelectorAll;
export const { elementFromPoint, getElementsByTagName, querySelector, querySelectorAll } = Document.prototype;
/** Nothing of what is in shadow trees; several times as fast as `getRootNode`. */
export const { contains } = Node.prototype;
export const rootNodeOf = Node.prototype.getRootNode;
export const parentNodeOf = getter<Node | null>(Node.prototype, "parentNode");
export const nodeTypeOf = getter<number>(Node.prototype, "nodeType");
export const textContentOf = getter<string | null>(Node.prototype, "textContent");
export const firstElementChildOf = getter<Element | null>(Element.prototype, "firstElementChild");
export const localNameOf = getter<string>(Element.prototype, "localName");
export const defaultViewOf = getter<Window | null>(Document.prototype, "defaultView");
export const designModeOf = getter<string>(Document.prototype, "designMode");
export const boundsOf = Element.prototype.getBoundingClientRect;
/** Some web views have none. */
export const { replaceSync } = CSSStyleSheet.prototype;
export const shadowRootOf = getter<ShadowRoot | null>(Element.prototype, "shadowRoot");

export const ELEMENT_NODE = 1;
export const DOCUMENT_NODE = 9;

/**
 * The parent element in the composed tree, which goes on beyond a shadow root and the document of a frame. null: there is
 * none, or it is of another origin.
 */
export function composedParentOf(node: Node): Element | null {
  const parent = parentNodeOf.call(node) as (Node & { host?: Element }) | null;
  if (!parent) return nodeTypeOf.call(node) === DOCUMENT_NODE ? frameOf(node) : null;
  const type = nodeTypeOf.call(parent);
  if (type === ELEMENT_NODE) return parent as Element;
  return type === DOCUMENT_NODE ? frameOf(parent) : (parent.host ?? null);
}

const frameOf = (document: Node): Element | null => defaultViewOf.call(document)?.frameElement ?? null;
