// Follows a recording live: draws what there is at once, then plays what arrives.

import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { Recording } from "../recording/recording";
import { frame } from "./frame";
import { LiveBar } from "./live-bar";
import { forPlayer, mountPlayer } from "./player";
import type { Stage } from "./stage";

/** Playing stays so far behind at most to play a batch at its own speed; later batches are drawn at once. */
const MAX_LAG_MS = 12_000;
/** How often it is said how far behind the replay is. */
const TICK_MS = 250;

export interface LiveStageContext {
  recording: Recording;
  /** Something arrived lately. */
  isLive(): boolean;
}

export function liveStage(box: HTMLElement, { recording, isLive }: LiveStageContext): Stage {
  const { head, tail } = recording.splitAtLastSnapshot();
  const baseline = recording.end + 1;
  const bar = new LiveBar(
    () => catchUp(),
    () => room.fullscreen(),
  );
  const room = frame(box, bar.element);
  const { player, scene, destroy } = mountPlayer(room.screen, head, {
    liveMode: true,
    // Catching up would leave mutations in a virtual document that live mode never flushes.
    useVirtualDom: false,
  });
  const replayer = player.getReplayer();
  let isReady = false;
  let waiting = tail;
  /** Sets the clock back to the first event of a batch, so that the batch plays as it happened and not in one jump. */
  const keepPace = (offset: number) => {
    replayer.timer.updateLiveTime();
    const lag = replayer.timer.timeOffset - offset;
    if (offset > 0 && lag > 0 && lag < MAX_LAG_MS) replayer.timer.timeOffset = offset;
  };
  const add = (events: RrwebEvent[]) => {
    if (!isReady) {
      waiting.push(...events);
      return;
    }
    const first = events[0];
    if (first) keepPace(first.timestamp - baseline);
    for (const event of events) replayer.addEvent(forPlayer(event));
  };
  replayer.on("fullsnapshot-rebuilded", () => {
    if (isReady) return;
    isReady = true;
    replayer.startLive(baseline);
    const events = waiting;
    waiting = [];
    add(events);
    add(lastPointerMove(baseline, events));
  });
  /** Milliseconds of the recording that are there and not shown yet. */
  const behind = () => {
    replayer.timer.updateLiveTime();
    return isReady ? Math.max(0, recording.end - (baseline + replayer.timer.timeOffset)) : 0;
  };
  /** Draws all that is there at once. */
  const catchUp = () => {
    replayer.timer.timeOffset = Math.max(replayer.timer.timeOffset, recording.end - baseline + 1);
    bar.update(behind(), isLive());
  };
  const timer = setInterval(() => bar.update(behind(), isLive()), TICK_MS);
  return {
    scene,
    // All there is has been loaded before.
    drawn: Promise.resolve(),
    add,
    update: () => bar.update(behind(), isLive()),
    toggle: () => {},
    seek: () => {},
    now: () => Math.max(0, recording.end - recording.start - behind()),
    changeSpeed: () => {},
    fullscreen: () => room.fullscreen(),
    destroy: () => {
      clearInterval(timer);
      destroy();
      room.destroy();
    },
  };
}

/** What the player catches up with leaves the pointer where it was; this moves it to where it was last. */
function lastPointerMove(timestamp: number, events: RrwebEvent[]): RrwebEvent[] {
  const isMove = ({ type, data }: RrwebEvent) => type === EventType.Incremental && data.source === Source.MouseMove;
  const position = (events.findLast(isMove)?.data["positions"] as object[] | undefined)?.at(-1);
  if (!position) return [];
  const data = { source: Source.MouseMove, positions: [{ ...position, timeOffset: 0 }] };
  return [{ type: EventType.Incremental, timestamp, data }];
}
