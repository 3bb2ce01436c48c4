// Plays a recording from its beginning, or from a place in it.

import type { Recording } from "../recording/recording";
import { forPlayer, mountPlayer } from "./player";
import { selectWhilePaused } from "./selection";
import type { Stage } from "./stage";

/** The player draws its first snapshot a moment after it was made; what is asked of it before that is lost. */
const FIRST_DRAWING_MS = 20;

/** Plays at once, beginning at `at` milliseconds. */
export function replayStage(box: HTMLElement, recording: Recording, at: number): Stage {
  const { player, scene, destroy } = mountPlayer(box, recording.events, { showController: true, skipInactive: false });
  const stopSelecting = selectWhilePaused(player.getReplayer());
  const total = () => player.getMetaData().totalTime;
  let current = 0;
  player.addEventListener("ui-update-current-time", (event) => {
    current = (event as { payload: number }).payload;
  });
  const begin = setTimeout(() => player.goto(Math.min(at, total()), true), FIRST_DRAWING_MS);
  return {
    scene,
    add: (events) => events.forEach((event) => player.addEvent(forPlayer(event))),
    toggle: () => player.toggle(),
    seek: (ms) => player.goto(Math.max(0, Math.min(ms, total()))),
    now: () => current,
    fullscreen: () => player.toggleFullscreen(),
    destroy: () => {
      clearTimeout(begin);
      stopSelecting();
      destroy();
    },
  };
}
