// rrweb notices what scripts do by wrapping functions of its own world, which the page's scripts don't call. So what they do is
// reported (main-world/), and done again here: rrweb's wrappers see it as if the page had called them, and describe it with
// their own numbers. Beneath them the browser's functions do nothing meanwhile, since all is done.
import type { Recorder } from "../../../../web/src/index";
import type { PageWindow } from "./main-world/tools.js";
import { sheetCallIn } from "./page-reports.js";

type Method = (this: unknown, ...given: unknown[]) => unknown;
type Methods = Record<string, Method>;

const DOCUMENT_NODE = 9;
/** The report of a sheet that was switched on or off. */
const SWITCHED = "disabled\n\n\n";

export class PageCalls {
  /** On which a call is being done again. What is done to others meanwhile, to describe it, is done. */
  #repeatedOn: object | null = null;

  constructor(private readonly recorder: Recorder) {}

  /** To be called before rrweb wraps the functions of a window. */
  prepare({ Element, CSSStyleSheet, CSSGroupingRule, CSSStyleDeclaration, Document, ShadowRoot }: PageWindow): void {
    const methods: [{ prototype: object }, string[]][] = [
      [Element, ["attachShadow"]],
      [CSSStyleSheet, ["insertRule", "deleteRule", "replace", "replaceSync"]],
      [CSSGroupingRule, ["insertRule", "deleteRule"]],
      [CSSStyleDeclaration, ["setProperty", "removeProperty"]],
    ];
    for (const [{ prototype }, names] of methods) for (const name of names) this.#passOver(prototype, name, "value");
    for (const { prototype } of [Document, ShadowRoot]) this.#passOver(prototype, "adoptedStyleSheets", "set");
  }

  /** An element of the document has got a shadow root. */
  attachShadow(host: Element): void {
    if (host.shadowRoot) this.#repeat(host, () => host.attachShadow({ mode: "open" }));
  }

  /** A document, or the shadow root of an element, has adopted other sheets. */
  adopt(target: Node): void {
    const root = target.nodeType === DOCUMENT_NODE ? (target as Document) : (target as Element).shadowRoot;
    if (!root) return;
    const sheets = Array.from(root.adoptedStyleSheets);
    // rrweb says nothing of an empty list.
    if (sheets.length === 0) this.recorder.reported.sheetsLeft(target);
    else this.#repeat(root, () => (root.adoptedStyleSheets = sheets));
  }

  /** `report` is what the page's world says of a call on this sheet. */
  ofSheet(sheet: CSSStyleSheet | null | undefined, report: string): void {
    if (!sheet) return;
    if (report === SWITCHED) return this.#switch(sheet);
    const found = sheetCallIn(report);
    // One that is switched off is told when it is switched on.
    if (!found || (sheet.disabled && !sheet.ownerNode)) return;
    let holder: CSSHolder | undefined = sheet as unknown as CSSHolder;
    for (const position of found.path) holder = holder?.cssRules?.[position];
    const isOfStyle = found.call === "setProperty" || found.call === "removeProperty";
    const target = (isOfStyle ? holder?.style : holder) as Methods | undefined;
    if (typeof target?.[found.call] !== "function") return;
    this.#repeat(target, () => target[found.call]?.(...found.given));
  }

  /** rrweb knows no sheets that are switched off. A constructed one is told as an empty one meanwhile. */
  #switch(sheet: CSSStyleSheet): void {
    const { ownerNode, cssRules, disabled } = sheet;
    if (ownerNode) return this.recorder.reported.sheetSwitched(ownerNode as Element);
    const text = disabled ? "" : Array.from(cssRules, ({ cssText }) => cssText).join("\n");
    this.#repeat(sheet, () => sheet.replaceSync(text));
  }

  #repeat(on: object, call: () => unknown): void {
    this.#repeatedOn = on;
    try {
      call();
    } catch {
      // The page goes on.
    } finally {
      this.#repeatedOn = null;
    }
  }

  #passOver(prototype: object, name: string, part: "value" | "set"): void {
    const own = Object.getOwnPropertyDescriptor(prototype, name);
    const native: unknown = own?.[part];
    if (!own?.configurable || typeof native !== "function") return;
    own[part] = new Proxy(native as Method, {
      apply: (target, self, given) => (self === this.#repeatedOn ? undefined : Reflect.apply(target, self, given)),
    });
    Object.defineProperty(prototype, name, own);
  }
}

/** A sheet or a rule, with what there is of this. */
interface CSSHolder {
  cssRules?: ArrayLike<CSSHolder>;
  style?: unknown;
}
