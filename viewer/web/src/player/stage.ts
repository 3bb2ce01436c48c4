// The replayed page on the screen: one rrweb player, for playing a recording or for following it live.

import Player from "rrweb-player";
import { FULL_SNAPSHOT, INCREMENTAL, META, type Recording, type RrwebEvent } from "../recording/recording";

/** Height of rrweb-player's own controls. */
const CONTROLS = 80;
/** rrweb's incremental source of pointer moves. */
const POINTER_MOVE = 1;
/** Live playing stays so far behind at most to play a batch at its own speed; later batches are drawn at once. */
const MOST_LAG = 12_000;

/** rrweb-player inherits these from Svelte, whose types are not installed. */
type Mounted = Player & { $set(props: Record<string, unknown>): void; $destroy(): void };

type Events = ConstructorParameters<typeof Player>[0]["props"]["events"];

/** What the player does with an event, and what it throws where an event makes no sense to it. */
interface Drawing {
  applyIncremental(event: unknown, isSync: boolean): void;
  rebuildFullSnapshot(event: unknown, isSync?: boolean): void;
}

export interface Stage {
  add(events: RrwebEvent[]): void;
  toggle(): void;
  /** Moves to so many milliseconds from the beginning. */
  seek(ms: number): void;
  now(): number;
  fullscreen(): void;
  destroy(): void;
}

/** Plays a recording from its beginning or from `at`. */
export function replayStage(box: HTMLElement, recording: Recording, at: number, autoPlay: boolean): Stage {
  const player = make(box, recording.events, { autoPlay: false, showController: true, skipInactive: false });
  const total = () => player.getMetaData().totalTime;
  let current = 0;
  player.addEventListener("ui-update-current-time", (event) => {
    current = (event as { payload: number }).payload;
  });
  // The player draws its first snapshot a moment after it was made; what is asked of it before that is lost.
  const begin = setTimeout(() => player.goto(Math.min(at, total()), autoPlay), 20);
  const stopFitting = fit(box, player, CONTROLS);
  return {
    add: (events) => events.forEach((event) => player.addEvent({ ...event } as unknown as Events[number])),
    toggle: () => player.toggle(),
    seek: (ms) => player.goto(Math.max(0, Math.min(ms, total()))),
    now: () => current,
    fullscreen: () => player.toggleFullscreen(),
    destroy: () => {
      clearTimeout(begin);
      stopFitting();
      player.$destroy();
      box.replaceChildren();
    },
  };
}

/** Follows a recording: draws what there is at once, then plays what arrives. */
export function liveStage(box: HTMLElement, recording: Recording): Stage {
  const from = recording.lastSnapshotIndex();
  const base = recording.events.slice(from).findIndex((event) => event.type === FULL_SNAPSHOT);
  const head = recording.events.slice(from, from + base + 1);
  const tail = recording.events.slice(from + base + 1);
  const baseline = recording.end + 1;
  const player = make(box, head, {
    autoPlay: false,
    showController: false,
    liveMode: true,
    // Catching up would leave mutations in a virtual document that live mode never flushes.
    useVirtualDom: false,
  });
  const replayer = player.getReplayer();
  let ready = false;
  let waiting = tail;
  const add = (events: RrwebEvent[]) => {
    if (!ready) {
      waiting.push(...events);
      return;
    }
    const first = events[0];
    if (first) keepPace(first.timestamp - baseline);
    for (const event of events) replayer.addEvent({ ...event } as unknown as Events[number]);
  };
  /** Sets the clock back to the first event of a batch, so that the batch plays as it happened and not in one jump. */
  const keepPace = (offset: number) => {
    replayer.timer.updateLiveTime();
    const lag = replayer.timer.timeOffset - offset;
    if (offset > 0 && lag > 0 && lag < MOST_LAG) replayer.timer.timeOffset = offset;
  };
  replayer.on("fullsnapshot-rebuilded", () => {
    if (ready) return;
    ready = true;
    replayer.startLive(baseline);
    const events = waiting;
    waiting = [];
    add(events);
    add(pointerAt(baseline, events));
  });
  const stopFitting = fit(box, player, 0);
  return {
    add,
    toggle: () => {},
    seek: () => {},
    now: () => recording.end - recording.start,
    fullscreen: () => player.toggleFullscreen(),
    destroy: () => {
      stopFitting();
      player.$destroy();
      box.replaceChildren();
    },
  };
}

function make(box: HTMLElement, events: RrwebEvent[], props: Record<string, unknown>): Mounted {
  const { width, height } = size(box, props["showController"] ? CONTROLS : 0);
  const complete = events.some((event) => event.type === META) ? events : [guessedMeta(events), ...events];
  const player = new Player({
    target: box,
    props: {
      // The player sorts and marks its events; ours stay as they are.
      events: complete.map((event) => ({ ...event })) as unknown as Events,
      width,
      height,
      speedOption: [1, 2, 4, 8],
      mouseTail: { strokeStyle: "rgb(59, 91, 219)", lineWidth: 2, duration: 400 },
      showWarning: false,
      // A replayed focus would take the keyboard into the replay's frame.
      triggerFocus: false,
      ...props,
    },
  }) as Mounted;
  carryOn(player.getReplayer() as unknown as Drawing);
  return player;
}

/** An event that can't be drawn is told of, and the replay goes on; an error inside the player would stop its clock. */
function carryOn(replayer: Drawing): void {
  for (const step of ["applyIncremental", "rebuildFullSnapshot"] as const) {
    const draw = replayer[step].bind(replayer) as (event: unknown, isSync: boolean) => void;
    replayer[step] = (event: unknown, isSync = false) => {
      try {
        draw(event, isSync);
      } catch (error) {
        reportError(error);
      }
    };
  }
}

/** What the player catches up with leaves the pointer where it was; this moves it to where it was last. */
function pointerAt(timestamp: number, events: RrwebEvent[]): RrwebEvent[] {
  const last = events.findLast((event) => event.type === INCREMENTAL && event.data.source === POINTER_MOVE);
  const position = (last?.data["positions"] as object[] | undefined)?.at(-1);
  if (!position) return [];
  return [{ type: INCREMENTAL, timestamp, data: { source: POINTER_MOVE, positions: [{ ...position, timeOffset: 0 }] } }];
}

/** Without a meta event the player has no size to draw at. */
function guessedMeta(events: RrwebEvent[]): RrwebEvent {
  return { type: META, timestamp: events[0]?.timestamp ?? 0, data: { href: "", width: 1280, height: 720 } };
}

function size(box: HTMLElement, controls: number): { width: number; height: number } {
  return { width: Math.max(320, box.clientWidth), height: Math.max(180, box.clientHeight - controls) };
}

/** Keeps the player as large as its box. */
function fit(box: HTMLElement, player: Mounted, controls: number): () => void {
  const observer = new ResizeObserver(() => {
    if (document.fullscreenElement) return;
    player.$set(size(box, controls));
    player.triggerResize();
  });
  observer.observe(box);
  return () => observer.disconnect();
}
