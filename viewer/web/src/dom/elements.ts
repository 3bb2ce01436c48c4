// Makes elements: h("p", { class: "note" }, "text", child).

type Attributes = Record<string, string | boolean | number | ((event: Event) => void) | null | undefined>;
export type Child = Node | string | null | undefined | false;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child != null && child !== false));
  return element;
}

/** Replaces what is in a box, unless it would look the same: focus and selection survive then. */
export function redraw(box: Element, ...fresh: HTMLElement[]): void {
  const looks = fresh.map((node) => node.outerHTML).join("");
  if (drawn.get(box) === looks) return;
  drawn.set(box, looks);
  box.replaceChildren(...fresh);
}

const drawn = new WeakMap<Element, string>();

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}
