// Follows a recording live: draws what there is at once, then plays what arrives.

import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { Recording } from "../recording/recording";
import { forPlayer, mountPlayer } from "./player";
import type { Stage } from "./stage";

/** Playing stays so far behind at most to play a batch at its own speed; later batches are drawn at once. */
const MAX_LAG_MS = 12_000;

export function liveStage(box: HTMLElement, recording: Recording): Stage {
  const { head, tail } = recording.splitAtLastSnapshot();
  const baseline = recording.end + 1;
  const { player, scene, destroy } = mountPlayer(box, head, {
    showController: false,
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
  return {
    scene,
    add,
    toggle: () => {},
    seek: () => {},
    now: () => recording.end - recording.start,
    fullscreen: () => player.toggleFullscreen(),
    destroy,
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
