// A last look at an rrweb event before it leaves: masks it, and drops what is to be left out. One walk over what rrweb
// described; rrweb itself is asked to mask no text.

import { isField, type Mask } from "./mask";
import { closest, holderOf, nodeTypeOf, ELEMENT_NODE, textOf } from "../dom/native-dom";
import { passwords } from "./passwords";
import type { StyleTexts } from "../styles/style-sources";

export const FULL_SNAPSHOT = 2;
export const INCREMENTAL = 3;
export const META = 4;
export const CUSTOM = 5;
export const MUTATION = 0;
export const INPUT = 5;
const ADOPTED_STYLE_SHEET = 15;
const ELEMENT = 2;
const TEXT = 3;
const CDATA = 4;

/** As much of an rrweb event as is looked at here. */
export interface RrwebEvent {
  type: number;
  timestamp: number;
  data: Record<string, unknown> & { source?: number };
}

export interface SerializedNode {
  id: number;
  type: number;
  tagName?: string;
  attributes?: Attributes;
  textContent?: string;
  isShadow?: boolean;
  isShadowHost?: boolean;
  rootId?: number;
  childNodes?: SerializedNode[];
}

type Attributes = Record<string, unknown>;

export interface Mutation {
  texts: { id: number; value: string | null }[];
  attributes: { id: number; attributes: Attributes }[];
  adds: { parentId: number; nextId: number | null; node: SerializedNode }[];
  removes: unknown[];
  isAttachIframe?: boolean;
}

export interface AdoptedStyles {
  id: number;
  styleIds: number[];
  styles?: { styleId: number; rules: { rule: string; index: number }[] }[];
}

export class Scrub {
  /** What was told last of a field whose value is hidden: how often it changed would tell how long it is. */
  private told = new WeakMap<Element, string>();

  /** `nodeOf` finds the page's node by rrweb's number of it. */
  constructor(
    private readonly mask: Mask,
    private readonly styles: StyleTexts,
    private readonly nodeOf: (id: number) => Node | null,
  ) {}

  /** Changes the event in place; false: it is not to be sent. */
  pass(event: RrwebEvent): boolean {
    this.mask.refresh();
    if (event.type === FULL_SNAPSHOT) {
      this.told = new WeakMap();
      this.tree(event.data["node"] as SerializedNode);
    }
    if (event.type !== INCREMENTAL) return true;
    switch (event.data.source) {
      case MUTATION:
        return this.mutation(event.data as unknown as Mutation);
      case INPUT:
        return this.input(event.data as { id: number; text: string });
      case ADOPTED_STYLE_SHEET:
        this.styles.repairAdopted(event.data as unknown as AdoptedStyles, this.nodeOf(event.data["id"] as number));
    }
    return true;
  }

  private mutation(data: Mutation): boolean {
    // An element may have got its class, or rrweb have looked no further than a shadow tree, after it was described.
    const isShown = (id: number) => !this.mask.blocks(this.elementOf(id));
    data.adds = data.adds.filter(({ parentId }) => isShown(parentId));
    data.texts = data.texts.filter(({ id }) => isShown(id));
    data.attributes = data.attributes.filter(({ id }) => isShown(id));
    for (const { node } of data.adds) this.tree(node);
    this.fillStyles(data);
    for (const text of data.texts) if (text.value) text.value = this.mask.text(text.value, this.elementOf(text.id));
    for (const { id, attributes } of data.attributes) {
      const element = this.elementOf(id);
      this.repairStyle(attributes, element);
      delete attributes["srcdoc"];
      this.attributes(attributes, element);
    }
    return data.adds.length + data.texts.length + data.attributes.length + data.removes.length > 0;
  }

  /** rrweb leaves out the texts of a style sheet that it added whole; one that it did not has only its texts. */
  private fillStyles({ adds }: Mutation): void {
    const bare = new Set<number>();
    for (const { node } of adds) {
      if (node.tagName === "style" && node.attributes?.["_cssText"] === undefined) bare.add(node.id);
    }
    if (bare.size === 0) return;
    for (const { node, parentId } of adds) {
      const live = node.type === TEXT && node.textContent === "" && bare.has(parentId) ? this.nodeOf(node.id) : null;
      if (live) node.textContent = this.styles.absolute(textOf.call(live) ?? "", live);
    }
  }

  private input(data: { id: number; text: string }): boolean {
    const element = this.elementOf(data.id);
    if (this.mask.blocks(element)) return false;
    const { text } = data;
    data.text = this.mask.value(text, element);
    if (!element || !this.mask.hides(element)) return true;
    if (this.told.get(element) === data.text) return false;
    this.told.set(element, data.text);
    return true;
  }

  private tree(root: SerializedNode): void {
    this.asText(root, null);
    const nodes = [root];
    const elements: (Element | null)[] = [root.type === TEXT ? this.elementOf(root.id) : null];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      const parent = elements.pop() ?? null;
      if (node.type === TEXT) {
        if (node.textContent) node.textContent = this.mask.text(node.textContent, parent);
        continue;
      }
      const element = node.type === ELEMENT ? (this.nodeOf(node.id) as Element | null) : this.elementOf(node.id);
      if (node.type === ELEMENT && node.attributes) this.element(node.attributes, element);
      const { childNodes } = node;
      if (!childNodes) continue;
      for (const child of childNodes) {
        this.asText(child, element);
        nodes.push(child);
        elements.push(element);
      }
    }
  }

  /** Documents of XHTML have CDATA, which the player's document of HTML can't have. rrweb leaves its text out. */
  private asText(node: SerializedNode, parent: Element | null): void {
    if (node.type !== CDATA) return;
    node.type = TEXT;
    const live = this.nodeOf(node.id);
    const holder = parent ?? (live && holderOf(live));
    // What is in a style sheet is told with the sheet.
    if (live && holder?.localName !== "style") node.textContent = textOf.call(live) ?? "";
  }

  private element(attributes: Attributes, element: Element | null): void {
    // The frame's document is described, and masked, by itself.
    delete attributes["srcdoc"];
    this.repairStyle(attributes, element);
    const isOfInterest = this.mask.hasAttributes || this.mask.masksText(element) || (element && isField(element));
    if (!isOfInterest) return;
    if (element) passwords.has(element);
    this.attributes(attributes, element);
  }

  private repairStyle(attributes: Attributes, element: Element | null): void {
    const css = attributes["_cssText"];
    if (typeof css === "string") attributes["_cssText"] = this.styles.repair(css, element);
  }

  private attributes(attributes: Attributes, element: Element | null): void {
    for (const name in attributes) {
      const value = attributes[name];
      if (name === "selected" && element?.localName === "option" && this.mask.masksInput(closest.call(element, "select"))) {
        delete attributes[name];
        continue;
      }
      if (typeof value !== "string" || name === "_cssText") continue;
      // The attribute is what the page began with: an emptied input still has it, and rrweb copies it as it stands.
      const masked = name === "value" && element && isField(element) ? this.mask.value(value, element) : value;
      attributes[name] = this.mask.attribute(name, masked, element);
    }
  }

  /** The element with this number, or the one around the text with it. */
  private elementOf(id: number): Element | null {
    const node = this.nodeOf(id);
    if (!node) return null;
    return nodeTypeOf.call(node) === ELEMENT_NODE ? (node as Element) : holderOf(node);
  }
}
