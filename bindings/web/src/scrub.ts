// A last look at an rrweb event before it leaves: masks what rrweb has no option for, drops what is to be left out.

import { isField, type Mask } from "./mask";
import { passwords } from "./passwords";

export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const META = 4;
const MUTATION = 0;
export const INPUT = 5;
const ELEMENT = 2;
const TEXT = 3;
const FIELDS = ["input", "select", "textarea"];

/** As much of an rrweb event as is looked at here. */
export interface RrwebEvent {
  type: number;
  timestamp: number;
  data: Record<string, unknown> & { source?: number };
}

interface SerializedNode {
  id: number;
  type: number;
  tagName?: string;
  attributes?: Attributes;
  textContent?: string;
  isShadow?: boolean;
  childNodes?: SerializedNode[];
}

type Attributes = Record<string, unknown>;

interface Mutation {
  texts: { id: number; value: string | null }[];
  attributes: { id: number; attributes: Attributes }[];
  adds: { parentId: number; node: SerializedNode }[];
}

export class Scrub {
  /** `nodeOf` finds the page's node by rrweb's number of it. */
  constructor(
    private readonly mask: Mask,
    private readonly nodeOf: (id: number) => Node | null,
  ) {}

  /** Changes the event in place; false: it is not to be sent. */
  pass(event: RrwebEvent): boolean {
    if (event.type === FULL_SNAPSHOT) this.tree(event.data["node"] as SerializedNode);
    if (event.type !== INCREMENTAL) return true;
    if (event.data.source === MUTATION) this.mutation(event.data as unknown as Mutation);
    return event.data.source !== INPUT || this.input(event.data as { id: number; text: string });
  }

  private mutation(data: Mutation): void {
    // An element may have got its class, or rrweb have looked no further than a shadow tree, after it was described.
    data.adds = data.adds.filter(({ parentId }) => !this.mask.blocks(this.elementOf(parentId)));
    data.texts = data.texts.filter(({ id }) => !this.mask.blocks(this.elementOf(id)));
    data.attributes = data.attributes.filter(({ id }) => !this.mask.blocks(this.elementOf(id)));
    for (const { node } of data.adds) this.tree(node);
    for (const text of data.texts) if (text.value) text.value = this.mask.text(text.value, this.elementOf(text.id));
    for (const { id, attributes } of data.attributes) {
      delete attributes["srcdoc"];
      this.attributes(attributes, this.elementOf(id));
    }
  }

  private input(data: { id: number; text: string }): boolean {
    const element = this.elementOf(data.id);
    if (this.mask.blocks(element)) return false;
    data.text = this.mask.value(data.text, element);
    return true;
  }

  private tree(root: SerializedNode): void {
    const nodes = [root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      // A text right below a shadow root has no parent element that rrweb could ask.
      if (node.type === TEXT && node.isShadow)
        node.textContent = this.mask.text(node.textContent ?? "", this.elementOf(node.id));
      if (node.type === ELEMENT && node.attributes) this.element(node, node.attributes);
      for (const child of node.childNodes ?? []) nodes.push(child);
    }
  }

  private element(node: SerializedNode, attributes: Attributes): void {
    // The frame's document is described, and masked, by itself.
    delete attributes["srcdoc"];
    if (FIELDS.includes(node.tagName ?? "") || this.mask.hasAttributes) {
      const element = this.elementOf(node.id);
      if (element) passwords.has(element);
      this.attributes(attributes, element);
    }
  }

  private attributes(attributes: Attributes, element: Element | null): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value !== "string") continue;
      // The attribute is what the page began with: an emptied input still has it, and rrweb copies it as it stands.
      const masked = name === "value" && element && isField(element) ? this.mask.value(value, element) : value;
      attributes[name] = this.mask.attribute(name, masked, element);
      if (name === "selected" && element?.tagName === "OPTION" && this.isMasked(element.closest("select")))
        delete attributes[name];
    }
  }

  /** Whether what is chosen in it is to be seen. */
  private isMasked(field: Element | null): boolean {
    return this.mask.value("x", field) !== "x";
  }

  /** The element with this number, or the one around the text with it. */
  private elementOf(id: number): Element | null {
    const node = this.nodeOf(id);
    if (!node) return null;
    if (node.nodeType === Node.ELEMENT_NODE) return node as Element;
    return node.parentElement ?? (node.parentNode as ShadowRoot | null)?.host ?? null;
  }
}
