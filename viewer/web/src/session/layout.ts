// Where the parts of a session's page stand, and how they fold away: the head, the picture, what is below it and beside it.

import "./layout.css";
import "./print.css";
import { Fold } from "../dom/fold";
import { type Child, h } from "../dom/elements";
import type { SessionPart } from "../part/session-part";
import type { Parts } from "./parts";

export class SessionLayout {
  readonly element: HTMLElement;
  private readonly side: Fold;

  /** `head`: what stands above the picture; `picture`: what is never folded. */
  constructor(head: Child[], picture: Child[], { below, side }: Parts) {
    const beside = h("section", { class: "side", id: "side", "aria-label": "About the session" }, ...side.map(section));
    const sideButton = panelButton("Details", "side");
    sideButton.setAttribute("aria-keyshortcuts", "] d");
    const panels = below.map(panel);
    const buttons = h("div", { class: "panel-buttons row", role: "group", "aria-label": "Panels" }, ...panels.map(({ button }) => button), sideButton);
    this.element = h(
      "div",
      { class: "session-view" },
      h("div", { class: "head row" }, ...head, buttons),
      h("div", { class: "columns" }, h("div", { class: "player-column" }, ...picture, ...panels.map(({ element }) => element)), beside),
    );
    this.side = new Fold("side", sideButton, (isOpen) => (beside.hidden = !isOpen));
  }

  toggleSide(): void {
    this.side.toggle();
  }
}

/** A part beside the picture, under a heading that folds it. */
function section(part: SessionPart, at: number): HTMLElement {
  const body = h("div", { class: "fold-body", id: `side-${at}` }, part.element);
  const button = h("button", { type: "button", class: "quiet fold-button", "aria-controls": body.id }, titleOf(part));
  const box = h("div", { class: "fold" }, h("h2", {}, button), body);
  new Fold(`side/${titleOf(part)}`, button, (isOpen) => (body.hidden = !isOpen));
  follow(part, box);
  return box;
}

/** A part below the picture. Its button is in the head, where it takes no height from the picture. */
function panel(part: SessionPart, at: number): { element: HTMLElement; button: HTMLElement } {
  const element = h("div", { class: "panel", id: `below-${at}` }, h("h2", { class: "heard" }, titleOf(part)), part.element);
  const button = panelButton(titleOf(part), element.id);
  new Fold(`below/${titleOf(part)}`, button, (isOpen) => (element.hidden = !isOpen));
  follow(part, button);
  return { element, button };
}

const panelButton = (title: string, controls: string) =>
  h("button", { type: "button", class: "panel-button", "aria-controls": controls }, title);

const titleOf = (part: SessionPart) => part.title ?? part.element.ariaLabel ?? "More";

/** What has nothing to show has no heading and no button. */
function follow({ element }: SessionPart, along: HTMLElement): void {
  const draw = () => (along.hidden = element.hidden);
  new MutationObserver(draw).observe(element, { attributes: true, attributeFilter: ["hidden"] });
  draw();
}
