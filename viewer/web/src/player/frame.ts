// The room of a replay: the picture, and below it what it is controlled with. Together they fill the screen if asked to.

import { h } from "../dom/elements";

export interface Frame {
  readonly screen: HTMLElement;
  fullscreen(): void;
  destroy(): void;
}

export function frame(box: HTMLElement, controls: HTMLElement): Frame {
  const screen = h("div", { class: "screen" });
  const element = h("div", { class: "playing" }, screen, controls);
  box.replaceChildren(element);
  return {
    screen,
    fullscreen: () => void (document.fullscreenElement ? document.exitFullscreen() : element.requestFullscreen()).catch(() => {}),
    destroy: () => box.replaceChildren(),
  };
}
