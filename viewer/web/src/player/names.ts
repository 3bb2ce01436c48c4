// Names for what rrweb-player leaves without one, so that one can hear what it is.

/** As much of rrweb-player as is needed. */
interface NamelessPlayer {
  addEventListener(event: string, handler: (event: unknown) => void): unknown;
}

export function nameControls(box: HTMLElement, player: NamelessPlayer): void {
  box.querySelector("iframe")?.setAttribute("title", "The replay");
  const buttons = box.querySelectorAll<HTMLElement>(".rr-controller__btns > button");
  const play = buttons.item(0);
  if (!play) return;
  play.ariaLabel = "Play";
  player.addEventListener("ui-update-player-state", (event) => {
    play.ariaLabel = (event as { payload?: unknown }).payload === "playing" ? "Pause" : "Play";
  });
  const fullscreen = buttons.item(buttons.length - 1);
  fullscreen.ariaLabel = "Full screen";
  const skip = box.querySelector(".rr-controller input[type=checkbox]");
  if (skip) skip.ariaLabel = "Skip inactive";
}
