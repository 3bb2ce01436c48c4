// Plays a recording from its beginning, or from a place in it.

import type { Recording } from "../recording/recording";
import type { Scale } from "../timeline/scale";
import { Controls } from "./controls";
import { frame } from "./frame";
import { mountPlayer } from "./player";
import { Playback, type Replayer } from "./playback";
import { rememberSkipsIdle, skipsIdle } from "./remembered";
import { selectWhilePaused } from "./selection";
import { nextSpeed } from "./speeds";
import type { Stage } from "./stage";

/** The player draws its first snapshot a moment after it was made; what is asked of it before that is lost. */
const FIRST_DRAWING_MS = 20;
/** How often the controls show where the replay is. */
const TICK_MS = 50;

export interface ReplayStageContext {
  recording: Recording;
  isLoaded(): boolean;
  scale(): Scale;
  /** What a moment is called: its time of day. */
  momentOf(ms: number): string;
}

/** Plays at once, beginning at `at` milliseconds. */
export function replayStage(box: HTMLElement, context: ReplayStageContext, at: number): Stage {
  const { recording, isLoaded, scale } = context;
  const actions = {
    toggle: () => playback.toggle(),
    seek: (ms: number) => playback.seek(ms),
    setSpeed: (speed: number) => playback.setSpeed(speed),
    setSkipsIdle: (skips: boolean) => {
      rememberSkipsIdle(skips);
      playback.setSkipsIdle(skips);
    },
    fullscreen: () => room.fullscreen(),
  };
  const controls = new Controls(actions, context.momentOf);
  const room = frame(box, controls.element);
  const { player, scene, destroy } = mountPlayer(room.screen, Playback.startOf(recording), {});
  const stopSelecting = selectWhilePaused(player.getReplayer());
  const show = () => controls.update(playback.state, now(), scale(), isLoaded() ? scale().length : recording.end - recording.start);
  const playback = new Playback(player.getReplayer() as unknown as Replayer, recording, isLoaded, () => scale().gaps, () => show());
  let isBegun = false;
  let beginAt = at;
  const now = () => (isBegun ? (playback.state.waitsFor ?? playback.now()) : beginAt);
  playback.setSkipsIdle(skipsIdle());
  let stopWaiting = () => {};
  const drawn = new Promise<void>((done) => (stopWaiting = done));
  const begin = setTimeout(() => {
    isBegun = true;
    playback.seek(beginAt, true);
    stopWaiting();
  }, FIRST_DRAWING_MS);
  const timer = setInterval(() => playback.state.isPlaying && show(), TICK_MS);
  return {
    scene,
    drawn,
    add: () => isBegun && playback.update(),
    update: () => {
      if (isBegun) playback.update();
      show();
    },
    toggle: () => playback.toggle(),
    seek: (ms) => {
      if (isBegun) playback.seek(ms);
      else beginAt = ms;
    },
    now,
    changeSpeed: (by) => playback.setSpeed(nextSpeed(playback.state.speed, by)),
    fullscreen: () => room.fullscreen(),
    destroy: () => {
      clearTimeout(begin);
      stopWaiting();
      clearInterval(timer);
      stopSelecting();
      playback.destroy();
      destroy();
      room.destroy();
    },
  };
}
