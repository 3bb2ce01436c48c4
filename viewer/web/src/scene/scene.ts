// The document that a player shows, as a scene: its views, and what of them this page hides or marks.

import { type View, viewsOf } from "./views";

/** As much of rrweb's replayer as is needed. */
interface Replayer {
  iframe: HTMLIFrameElement;
  on(event: "fullsnapshot-rebuilded", handler: () => void): unknown;
  getMirror(): { getId(node: Node): number; getNode(id: number): Node | null };
}

const OWN = "data-session-replay-viewer";

export class Scene {
  private css = "";

  constructor(private readonly replayer: Replayer) {
    // Each full snapshot makes the document anew: also where one seeks.
    replayer.on("fullsnapshot-rebuilded", () => this.dress());
  }

  /** Where it is shown. */
  get frame(): HTMLIFrameElement {
    return this.replayer.iframe;
  }

  /** What is shown of the node with this number; null: it is not there now. */
  node(id: number): Node | null {
    return this.replayer.getMirror().getNode(id);
  }

  /** The views of the moment that is shown; none where a page was recorded. */
  views(): View[] {
    const document = this.replayer.iframe.contentDocument;
    // Only what was recorded is in the mirror.
    return document ? viewsOf(document, (page) => this.replayer.getMirror().getId(page) > 0) : [];
  }

  /** Hides these views, and outlines the marked one, from now on. */
  show(hidden: ReadonlySet<string>, marked: string | null): void {
    const rule = (id: string, css: string) => `.w[data-view="${CSS.escape(id)}"]{${css}}`;
    this.css = [...hidden].map((id) => rule(id, "display:none!important")).join("");
    if (marked !== null) this.css += rule(marked, "outline:3px solid #3b5bdb;outline-offset:1px");
    this.dress();
  }

  private dress(): void {
    const root = this.replayer.iframe.contentDocument?.documentElement;
    const before = root?.querySelector(`:scope > style[${OWN}]`);
    if (!root || before?.textContent === this.css) return;
    before?.remove();
    if (this.css === "") return;
    const style = root.ownerDocument.createElement("style");
    style.setAttribute(OWN, "");
    style.textContent = this.css;
    root.prepend(style);
  }
}
