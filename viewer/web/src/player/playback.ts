// Plays a recording with rrweb's replayer, which is given no more of it than it needs: what lies since the last full snapshot, and
// what comes next. So seeking and adding cost the same in a recording of any length.

import { EventType, type RrwebEvent, Source } from "../model/rrweb-event";
import type { Recording } from "../recording/recording";
import { firstAfter } from "../recording/search";
import { gapAt, type Gap } from "../timeline/gaps";
import { compact, wantsVirtualDom } from "./compact";
import { asFollowing, metaFor, snapshotFor } from "./segment";

/** As much of rrweb's replayer as is needed; what has no public way in is here. */
export interface Replayer {
  wrapper: HTMLElement;
  service: {
    state: { context: { events: RrwebEvent[]; lastPlayedEvent: RrwebEvent | null } };
    send(event: unknown): void;
  };
  emitter: { emit(event: string): void };
  config: { useVirtualDom: boolean };
  on(event: string, handler: () => void): unknown;
  play(offset: number): void;
  pause(offset?: number): void;
  getCurrentTime(): number;
  setConfig(config: { speed: number }): void;
}

/** The replayer is given this much of what comes next, as it takes at the speed that is played. */
const AHEAD_MS = 2_000;
/** Playing waits for what is loading when there is less than this, and goes on when there is more than `AHEAD_MS`. */
const MIN_LOADED_MS = 300;
/** Of a gap so much is played before the jump and after it: one sees where one comes from, and where to. */
const GAP_EDGE_MS = 700;
/** A moment includes the events of its own time, which the replayer leaves out. */
const INCLUDE_MS = 0.5;
/** Events that came between others are drawn at most so often. */
const MIN_RELOAD_MS = 500;

/** The replayer tells of its end so long after it at most. */
const LATE_FINISH_MS = 1_000;

/** What is shown to somebody who plays it. */
export interface PlaybackState {
  isPlaying: boolean;
  speed: number;
  skipsIdle: boolean;
  /** A moment that is asked for and not loaded yet, in milliseconds from the beginning. */
  waitsFor: number | null;
  /** Playing waits for what comes next to be loaded. */
  isStarved: boolean;
  /** The gap that was jumped over last. */
  skipped: Gap | null;
}

export class Playback {
  /** It was played to its end, and stands there. */
  private hasEnded = false;
  readonly state: PlaybackState = { isPlaying: false, speed: 1, skipsIdle: true, waitsFor: null, isStarved: false, skipped: null };
  /** The snapshot that the replayer's events begin with. */
  private snapshot: RrwebEvent | null;
  /** Place of the first event that the replayer has not been given. */
  private next: number;
  private changes: number;
  /** Until then the replayer has not each event, but what they come to: who goes back begins with the snapshot. */
  private compactUntil = -Infinity;
  /** Where the replay stands still, to the millisecond. */
  private standsAt: number | null = null;
  /** The replayer stands elsewhere: it is at its end, or at the first snapshot in place of a moment before it. */
  private isAside = false;
  private soughtAt = 0;
  private reloadedAt = 0;
  private frame = 0;

  /** The replayer was made with the first two of `startOf`. */
  constructor(
    private readonly replayer: Replayer,
    private readonly recording: Recording,
    private readonly isLoaded: () => boolean,
    private readonly gaps: () => readonly Gap[],
    private readonly onChange: () => void,
  ) {
    const snapshot = snapshotFor(recording.events, recording.start);
    this.snapshot = recording.events[snapshot] ?? null;
    this.next = snapshot + 1;
    this.changes = recording.changes;
    replayer.on("finish", () => this.finish());
  }

  /** What a replayer is made with. */
  static startOf({ events, start }: Recording): RrwebEvent[] {
    const snapshot = snapshotFor(events, start);
    return [metaFor(events, snapshot), asFollowing(events[snapshot] as RrwebEvent)];
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.replayer.pause();
  }

  get length(): number {
    return this.recording.end - this.recording.start;
  }

  /** Milliseconds from the beginning. */
  now(): number {
    if (this.standsAt !== null) return this.standsAt;
    const first = this.replayer.service.state.context.events[0]?.timestamp ?? 0;
    return Math.max(0, Math.min(this.length, first + this.replayer.getCurrentTime() - this.recording.start));
  }

  toggle(): void {
    if (this.state.isPlaying) this.pause();
    else if (this.now() >= this.length) this.seek(0, true);
    else this.resume();
  }

  pause(): void {
    this.state.isPlaying = this.state.isStarved = false;
    this.replayer.pause();
    this.changed();
  }

  /** Goes to a moment, and plays on or stands still. Who goes back from the end, to which it was played, sees it play. */
  seek(ms: number, plays = this.state.isPlaying || (this.hasEnded && ms < this.length)): void {
    this.hasEnded = false;
    this.state.skipped = null;
    const isMissing = !this.isLoaded() && ms > this.length;
    this.state.waitsFor = isMissing ? ms : null;
    this.state.isPlaying = plays;
    this.state.isStarved = false;
    this.soughtAt = performance.now();
    if (isMissing) this.replayer.pause();
    else this.draw(Math.max(0, Math.min(ms, this.length)));
    this.changed();
  }

  setSpeed(speed: number): void {
    this.state.speed = speed;
    this.replayer.setConfig({ speed });
    this.changed();
  }

  setSkipsIdle(skips: boolean): void {
    this.state.skipsIdle = skips;
    this.changed();
  }

  /** The recording has grown, or all of it is loaded. */
  update(): void {
    const { state } = this;
    if (state.waitsFor !== null) {
      if (this.isLoaded() || state.waitsFor <= this.length) this.seek(state.waitsFor);
      return;
    }
    if (!state.isPlaying && this.isStale() && performance.now() - this.reloadedAt > MIN_RELOAD_MS) this.draw(this.now());
    if (state.isStarved && (this.isLoaded() || this.length - this.now() > AHEAD_MS * state.speed)) this.resume();
  }

  private resume(): void {
    this.state.isPlaying = true;
    this.state.isStarved = false;
    const now = this.now();
    this.standsAt = null;
    if (this.isAside || this.isStale()) this.draw(now);
    else this.replayer.play(this.replayer.getCurrentTime());
    this.changed();
  }

  /** Draws a moment, and plays on from there if it is played. */
  private draw(ms: number): void {
    const { replayer, recording } = this;
    const { context } = replayer.service.state;
    const time = recording.start + ms;
    const at = snapshotFor(recording.events, time);
    this.standsAt = null;
    replayer.service.send({ type: "PAUSE" });
    if (recording.events[at] !== this.snapshot || this.isStale() || time < this.compactUntil) this.reload(at);
    this.catchUp(time);
    this.give(time + this.ahead());
    const offset = time - (context.events[0]?.timestamp ?? 0);
    const { isPlaying } = this.state;
    // Before the first snapshot there is no picture; the first one stands for it, in place of what was shown last.
    if (offset < 0 || !isPlaying) replayer.pause(Math.max(0, offset) + INCLUDE_MS);
    if (isPlaying) replayer.play(offset);
    else this.standsAt = ms;
    this.isAside = !isPlaying && offset < 0;
  }

  /** Gives the replayer other events: from this snapshot on. */
  private reload(at: number): void {
    const { replayer, recording } = this;
    const { context } = replayer.service.state;
    const snapshot = recording.events[at] as RrwebEvent;
    context.events.length = 0;
    context.events.push(metaFor(recording.events, at), asFollowing(snapshot));
    // It has played none of them, and what it has drawn goes.
    context.lastPlayedEvent = null;
    replayer.emitter.emit("play-back");
    this.snapshot = snapshot;
    this.next = at + 1;
    this.changes = recording.changes;
    this.compactUntil = -Infinity;
    this.reloadedAt = performance.now();
  }

  private isStale(): boolean {
    return this.changes !== this.recording.changes;
  }

  private ahead(): number {
    return AHEAD_MS * this.state.speed;
  }

  /** Gives the replayer what comes until a moment that is drawn at once: what that comes to. */
  private catchUp(time: number): void {
    const { events } = this.recording;
    const end = Math.max(this.next, firstAfter(events, time));
    const passed = events.slice(this.next, end);
    this.next = end;
    this.replayer.config.useVirtualDom = wantsVirtualDom(passed);
    this.compactUntil = time;
    if (passed.some(isTouch)) this.showTouch();
    for (const event of compact(passed)) this.replayer.service.state.context.events.push(asFollowing(event));
  }

  /** Gives the replayer what comes until then, and one event more: it stops after the last one that it has. */
  private give(until: number, isPlaying = false): void {
    const { events } = this.recording;
    const { service } = this.replayer;
    let last = service.state.context.events.at(-1)?.timestamp ?? 0;
    while (this.next < events.length && last <= until) {
      const event = asFollowing(events[this.next++] as RrwebEvent);
      last = event.timestamp;
      if (isTouch(event)) this.showTouch();
      if (isPlaying) service.send({ type: "ADD_EVENT", payload: { event } });
      else service.state.context.events.push(event);
    }
  }

  private showTouch(): void {
    this.replayer.wrapper.querySelector(".replayer-mouse")?.classList.add("touch-device");
  }

  private finish(): void {
    if (!this.state.isPlaying || this.state.isStarved) return;
    // The replayer says so a moment later, perhaps after one went elsewhere.
    const isLate = performance.now() - this.soughtAt < LATE_FINISH_MS && this.now() < this.length - LATE_FINISH_MS;
    if (isLate || this.next < this.recording.events.length) return this.draw(this.now());
    if (!this.isLoaded()) return this.starve();
    this.standsAt = this.length;
    this.isAside = true;
    this.state.isPlaying = false;
    this.hasEnded = true;
    this.changed();
  }

  private starve(): void {
    this.state.isStarved = true;
    this.replayer.pause();
    this.onChange();
  }

  private changed(): void {
    cancelAnimationFrame(this.frame);
    if (this.state.isPlaying) this.frame = requestAnimationFrame(() => this.tick());
    this.onChange();
  }

  private tick(): void {
    const { state } = this;
    if (!state.isPlaying) return;
    this.frame = requestAnimationFrame(() => this.tick());
    if (state.isStarved || state.waitsFor !== null) return;
    const now = this.now();
    if (this.isStale()) {
      if (performance.now() - this.reloadedAt > MIN_RELOAD_MS) this.draw(now);
      return;
    }
    this.give(this.recording.start + now + this.ahead(), true);
    if (!this.isLoaded() && this.length - now < MIN_LOADED_MS * state.speed) return this.starve();
    const gap = state.skipsIdle ? gapAt(this.gaps(), now) : null;
    if (gap && now - gap.from > GAP_EDGE_MS && gap.to - now > 2 * GAP_EDGE_MS) {
      this.seek(gap.to - GAP_EDGE_MS, true);
      state.skipped = gap;
      this.onChange();
    }
  }
}

/** What rrweb takes for a sign of fingers in place of a mouse. */
function isTouch({ type, data }: RrwebEvent): boolean {
  const TOUCH_START = 7;
  if (type !== EventType.Incremental) return false;
  return data.source === Source.TouchMove || (data.source === Source.MouseInteraction && data["type"] === TOUCH_START);
}
