// The views of the moment that is played: what each is, whether it is shown here, and why one is empty.

import { type Child, h, redraw } from "../dom/elements";
import type { Scene } from "../scene/scene";
import type { View } from "../scene/views";
import type { SessionContext, SessionPart } from "../part/session-part";

const SHOWN = "M1 8s2.5-5 7-5 7 5 7 5-2.5 5-7 5-7-5-7-5zm7 2.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z";

export class ViewsList implements SessionPart {
  readonly element: HTMLElement;
  private readonly list = h("ul", { class: "view-list" });
  /** The host's numbers of those that are not to be shown; they stay so over all that is played. */
  private readonly hidden = new Set<string>();
  private marked: string | null = null;
  private scene: Scene | null = null;

  constructor(private readonly context: SessionContext) {
    this.element = h("section", { class: "views", "aria-label": "Views", hidden: true }, this.list);
    this.list.addEventListener("click", (event) => this.toggle(viewAt(event)));
    for (const name of ["mouseover", "focusin"]) this.list.addEventListener(name, (event) => this.mark(viewAt(event)));
    for (const name of ["mouseleave", "focusout"]) this.list.addEventListener(name, () => this.mark(null));
  }

  /** Shows the views of this moment, of another player where there is another. */
  at(): void {
    const scene = this.context.scene();
    if (scene !== this.scene) {
      this.scene = scene;
      scene?.show(this.hidden, this.marked);
    }
    const views = this.scene?.views() ?? [];
    this.element.hidden = views.length === 0;
    const focused = this.list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["view"] : undefined;
    redraw(this.list, ...views.map((view) => this.row(view)));
    // Its button was made anew.
    if (focused) this.list.querySelector<HTMLElement>(`button[data-view="${CSS.escape(focused)}"]`)?.focus();
  }

  private toggle(id: string | null): void {
    if (id === null) return;
    if (!this.hidden.delete(id)) this.hidden.add(id);
    this.scene?.show(this.hidden, this.marked);
    this.at();
  }

  private mark(id: string | null): void {
    if (id === this.marked) return;
    this.marked = id;
    this.scene?.show(this.hidden, this.marked);
  }

  /** `isAround`: what the view lies in is shown here. */
  private row(view: View, isAround = true): HTMLElement {
    const isShown = !this.hidden.has(view.id);
    const name = view.title || `View ${view.id}`;
    const size = `${Math.round(view.width)} × ${Math.round(view.height)}`;
    const classes = ["view", view.hasFocus && "has-focus", (view.isHidden || !isShown || !isAround) && "is-hidden"].filter(Boolean).join(" ");
    const button = h(
      "button",
      { type: "button", class: "quiet eye", "data-view": view.id, "aria-pressed": String(isShown), "aria-label": `Show ${name}`, title: isShown ? "Hide it in this replay" : "Show it again" },
      eye(isShown),
    );
    const marks: Child[] = [
      h("span", { class: "badge kind", "data-kind": view.kind }, view.kind === "nothing" ? "empty" : view.kind),
      ` ${size}`,
      view.hasFocus && " · has the focus",
      view.isHidden && " · hidden",
    ];
    const text = h(
      "div",
      { class: "grow" },
      h("div", { class: "view-name", title: `View ${view.id}` }, name),
      h("div", { class: "faint" }, ...marks),
      ...view.remarks.map((remark) => h("p", { class: "remark" }, remark)),
    );
    const row = h("div", { class: classes, "data-view": view.id }, button, text);
    return h("li", {}, row, view.inside.length > 0 && h("ul", {}, ...view.inside.map((inside) => this.row(inside, isAround && isShown))));
  }
}

/** The view whose row an event happened in; only its button is clicked. */
function viewAt({ type, target }: Event): string | null {
  const row = (target as Element).closest<HTMLElement>(type === "click" ? "button[data-view]" : "[data-view]");
  return row?.dataset["view"] ?? null;
}

function eye(isOpen: boolean): Node {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", isOpen ? SHOWN : `${SHOWN}M2.2 1.5l12 12-.9 1-12-12z`);
  icon.append(path);
  return icon;
}
