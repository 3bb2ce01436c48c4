// One rrweb player, as large as its box, that goes on after an event which it can't draw.

import "./player.css";
import RrwebPlayer from "rrweb-player";
import { EventType, type RrwebEvent } from "../model/rrweb-event";
import { DEFAULT_SIZE } from "../recording/size";
import { Scene } from "../scene/scene";
import { DrawingError } from "./drawing-error";
import { measureForPaper } from "./paper";

/** rrweb-player inherits these from Svelte, whose types are not installed. */
export type Player = RrwebPlayer & { $set(props: Record<string, unknown>): void; $destroy(): void };

type PlayerEvents = ConstructorParameters<typeof RrwebPlayer>[0]["props"]["events"];

/** What the player does with an event, and what throws where an event makes no sense to it. */
interface Drawing {
  applyIncremental(event: unknown, isSync: boolean): void;
  rebuildFullSnapshot(event: unknown, isSync?: boolean): void;
}

/** A picture is drawn larger than it was, where there is room: letters stay sharp, and beyond this only bitmaps get coarse. */
const MAX_SCALE = 2;

export interface MountedPlayer {
  player: Player;
  scene: Scene;
  destroy(): void;
}

export function mountPlayer(box: HTMLElement, events: RrwebEvent[], props: Record<string, unknown>): MountedPlayer {
  const hasMeta = events.some((event) => event.type === EventType.Meta);
  const player = new RrwebPlayer({
    target: box,
    props: {
      events: (hasMeta ? events : [guessedMeta(events), ...events]).map(forPlayer),
      ...sizeOf(box),
      showController: false,
      mouseTail: !isStill() && { strokeStyle: "rgb(59, 91, 219)", lineWidth: 2, duration: 400 },
      maxScale: MAX_SCALE,
      showWarning: false,
      // A replayed focus would take the keyboard into the replay's frame.
      triggerFocus: false,
      autoPlay: false,
      ...props,
    },
  }) as Player;
  const replayer = player.getReplayer();
  replayer.iframe.title = "The replay";
  reportDrawingErrors(replayer as unknown as Drawing);
  const stopFitting = fit(box, player);
  const stopMeasuring = measureForPaper(replayer.iframe);
  const destroy = () => {
    stopFitting();
    stopMeasuring();
    player.$destroy();
    box.replaceChildren();
  };
  return { player, scene: new Scene(replayer), destroy };
}

/** Who asked for less motion sees no trail of the pointer. */
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A copy: the player sorts and marks its events; ours stay as they are. */
export const forPlayer = (event: RrwebEvent) => ({ ...event }) as unknown as PlayerEvents[number];

/** An event that can't be drawn is reported, and the replay goes on; an error inside the player would stop its clock. */
function reportDrawingErrors(replayer: Drawing): void {
  for (const step of ["applyIncremental", "rebuildFullSnapshot"] as const) {
    const draw = replayer[step].bind(replayer) as (event: unknown, isSync: boolean) => void;
    replayer[step] = (event: unknown, isSync = false) => {
      try {
        draw(event, isSync);
      } catch (error) {
        reportError(new DrawingError(error, event));
      }
    };
  }
}

/** Without a meta event the player has no size to draw at. */
function guessedMeta(events: RrwebEvent[]): RrwebEvent {
  return { type: EventType.Meta, timestamp: events[0]?.timestamp ?? 0, data: { href: "", ...DEFAULT_SIZE } };
}

function sizeOf(box: HTMLElement): { width: number; height: number } {
  return { width: Math.max(240, box.clientWidth), height: Math.max(120, box.clientHeight) };
}

/** Keeps the player as large as its box. */
function fit(box: HTMLElement, player: Player): () => void {
  const observer = new ResizeObserver(() => {
    if (matchMedia("print").matches) return;
    player.$set(sizeOf(box));
    player.triggerResize();
  });
  observer.observe(box);
  return () => observer.disconnect();
}
