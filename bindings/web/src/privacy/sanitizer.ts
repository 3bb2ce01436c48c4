// Sanitizes each rrweb event before it leaves the page: masks it, takes out what is blocked, and restores style rules. One
// walk over what rrweb described; rrweb itself masks no text.

import { boundsOf, closest, composedParentOf, DOCUMENT_NODE, ELEMENT_NODE, nodeTypeOf, textContentOf } from "../dom/native-dom";
import {
  type Attributes,
  EventType,
  type InputData,
  type MutationData,
  NodeType,
  type RrwebEvent,
  type SerializedNode,
  Source,
} from "../model/rrweb-event";
import type { StyleSources } from "../styles/style-sources";
import type { Mask } from "./mask";
import { isField, passwords } from "./passwords";

export class Sanitizer {
  /** The last mask sent of a field whose length is hidden: how often it changed would tell how long it is. */
  private sent = new WeakMap<Element, string>();

  /** `nodeOf` finds the page's node by rrweb's number of it. */
  constructor(
    private readonly mask: Mask,
    private readonly styles: StyleSources,
    private readonly nodeOf: (id: number) => Node | null,
    /** An address as it may be told. */
    private readonly address: (href: string) => string,
  ) {}

  /** Changes the event in place; false: it must not be sent. */
  sanitize(event: RrwebEvent): boolean {
    this.mask.refresh(event.type === EventType.Incremental && event.data.source === Source.Input);
    if (event.type === EventType.FullSnapshot) {
      this.sent = new WeakMap();
      this.mask.lookAhead();
      this.tree(event.data.node);
    }
    if (event.type === EventType.Meta) this.meta(event.data as { href: string });
    if (event.type !== EventType.Incremental) return true;
    const { data } = event;
    switch (data.source) {
      case Source.Mutation:
        return this.mutation(data);
      case Source.Input:
        return this.input(data);
      case Source.AdoptedStyleSheet:
        this.styles.repairAdopted(data, this.nodeOf(data.id));
    }
    return true;
  }

  private meta(data: { href: string }): void {
    data.href = this.address(data.href);
  }

  private mutation(data: MutationData): boolean {
    // After it was described, an element may have got its class, or rrweb looked no further than a shadow tree.
    const isVisible = (id: number) => this.isVisible(id);
    data.adds = data.adds.filter(({ parentId }) => isVisible(parentId));
    data.texts = data.texts.filter(({ id }) => isVisible(id));
    data.attributes = data.attributes.filter(({ id }) => isVisible(id));
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

  /** rrweb leaves out the texts of a `<style>` that it added with its rules. One that it added without has only these. */
  private fillStyles({ adds }: MutationData): void {
    const withoutRules = new Set<number>();
    for (const { node } of adds) {
      if (node.tagName === "style" && node.attributes?.["_cssText"] === undefined) withoutRules.add(node.id);
    }
    if (withoutRules.size === 0) return;
    for (const { node, parentId } of adds) {
      const isEmpty = node.type === NodeType.Text && node.textContent === "" && withoutRules.has(parentId);
      const text = isEmpty ? this.nodeOf(node.id) : null;
      if (text) node.textContent = this.styles.absolute(textContentOf.call(text) ?? "", text);
    }
  }

  private input(data: InputData): boolean {
    const element = this.elementOf(data.id);
    if (this.mask.isBlocked(element)) return false;
    data.text = this.mask.value(data.text, element);
    if (!element || !this.mask.hidesLength(element)) return true;
    if (this.sent.get(element) === data.text) return false;
    this.sent.set(element, data.text);
    return true;
  }

  private tree(root: SerializedNode): void {
    this.cdataToText(root, null);
    const nodes = [root];
    const elements: (Element | null)[] = [root.type === NodeType.Text ? this.elementOf(root.id) : null];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      const parent = elements.pop() ?? null;
      if (node.type === NodeType.Text) {
        if (node.textContent) node.textContent = this.mask.text(node.textContent, parent);
        continue;
      }
      const isElement = node.type === NodeType.Element;
      const element = isElement ? (this.nodeOf(node.id) as Element | null) : this.elementOf(node.id);
      if (isElement && element && this.mask.isBlocked(element)) leaveOut(node, element);
      if (isElement && node.attributes) this.element(node.attributes, element);
      const { childNodes } = node;
      if (!childNodes) continue;
      for (const child of childNodes) {
        this.cdataToText(child, element);
        nodes.push(child);
        elements.push(element);
      }
    }
  }

  /** Documents of XHTML have CDATA, which the player's HTML document can't have. rrweb leaves its text out. */
  private cdataToText(node: SerializedNode, parent: Element | null): void {
    if (node.type !== NodeType.Cdata) return;
    node.type = NodeType.Text;
    const cdata = this.nodeOf(node.id);
    const element = parent ?? (cdata && composedParentOf(cdata));
    // The rules of a style sheet are sent with the sheet.
    if (cdata && element?.localName !== "style") node.textContent = textContentOf.call(cdata) ?? "";
  }

  private element(attributes: Attributes, element: Element | null): void {
    // The frame's document is described, and masked, by itself.
    delete attributes["srcdoc"];
    this.repairStyle(attributes, element);
    const { mask } = this;
    if (!mask.hasAttributes && !mask.isMasked("text", element) && !(element && isField(element))) return;
    if (element) passwords.has(element);
    this.attributes(attributes, element);
  }

  private repairStyle(attributes: Attributes, element: Element | null): void {
    const css = attributes["_cssText"];
    if (typeof css === "string") attributes["_cssText"] = this.styles.repair(css, element);
    // That a script has switched its sheet off stands in no attribute.
    const isOfSheet = typeof css === "string" || "media" in attributes;
    if (isOfSheet && (element as HTMLStyleElement | null)?.sheet?.disabled) attributes["media"] = "not all";
  }

  private attributes(attributes: Attributes, element: Element | null): void {
    const { mask } = this;
    for (const name in attributes) {
      const value = attributes[name];
      const isOption = name === "selected" && element?.localName === "option";
      if (isOption && mask.isMasked("input", closest.call(element, "select"))) {
        delete attributes[name];
        continue;
      }
      if (typeof value !== "string" || name === "_cssText") continue;
      // The attribute is the initial value: an emptied input still has it, and rrweb copies it as it is.
      const masked = name === "value" && element && isField(element) ? mask.value(value, element) : value;
      attributes[name] = mask.attribute(name, masked, element);
    }
  }

  /** Not where it is blocked; and a text that was taken out of its element has no rule that could be asked for. */
  private isVisible(id: number): boolean {
    const element = this.elementOf(id);
    if (element) return !this.mask.isBlocked(element);
    const node = this.nodeOf(id);
    return node === null || nodeTypeOf.call(node) === DOCUMENT_NODE;
  }

  /** The element with this number, or the one around the text with it. */
  private elementOf(id: number): Element | null {
    const node = this.nodeOf(id);
    if (!node) return null;
    return nodeTypeOf.call(node) === ELEMENT_NODE ? (node as Element) : composedParentOf(node);
  }
}

/** As rrweb leaves out what is blocked. It does not see that of a form that has a field named "classList" or "matches". */
function leaveOut(node: SerializedNode, element: Element): void {
  const { attributes } = node;
  if (attributes?.["rr_width"] !== undefined) return;
  const { width, height } = boundsOf.call(element);
  const classes = attributes?.["class"];
  node.attributes = { ...(classes === undefined ? {} : { class: classes }), rr_width: `${width}px`, rr_height: `${height}px` };
  node.childNodes = [];
}
