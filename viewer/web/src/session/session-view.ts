// One session: its replay, recorded or live, the facts about it, and what is wrong with it.

import { ApiError, getDetails } from "../api/client";
import { onFeed } from "../api/feed";
import type { FeedMessage } from "../api/feed-message";
import { isLive, LIVE_MS } from "../api/is-live";
import type { Details, Problem } from "../api/types";
import { h, redraw } from "../dom/elements";
import { time } from "../dom/format";
import type { RrwebEvent } from "../model/rrweb-event";
import { connectionNotice } from "../page/connection-notice";
import { beginning, type Route } from "../page/route";
import { liveStage } from "../player/live-stage";
import { replayStage } from "../player/replay-stage";
import type { Stage } from "../player/stage";
import { MAX_DISTANCE_MS } from "../recording/clock";
import { Recording } from "../recording/recording";
import { gapsOf } from "../timeline/gaps";
import { type Scale, scaleOf } from "../timeline/scale";
import { WhyPanel } from "../why/why-panel";
import { damagedBatches, diagnose, unreadBatches, whyNothing } from "./diagnosis";
import { head } from "./facts";
import { Failures } from "./failures";
import { SessionLayout } from "./layout";
import { Loader } from "./loader";
import { LoadingBar } from "./loading-bar";
import type { SessionPart } from "../part/session-part";
import { makeParts } from "./parts";

type Mode = "replay" | "live";

const TICK_MS = 100;
/** A long session arrives in many parts; drawing after each would take longer than loading them. */
const MIN_REDRAW_MS = 300;
/** Redrawing takes this part of the time while a session is loaded. */
const REDRAW_SHARE = 1 / 8;

export class SessionView {
  private readonly recording = new Recording();
  private readonly box = h("div", { class: "stage", id: "stage" });
  private readonly title = h("div", { class: "grow" });
  private readonly notes = h("div", { class: "notes", role: "status" });
  private readonly loading = new LoadingBar();
  private readonly parts: SessionPart[];
  private readonly layout: SessionLayout;
  private readonly liveButton = h("button", { type: "button", class: "live-toggle", "aria-pressed": "false", "aria-keyshortcuts": "l" }, "Live");
  private readonly loader: Loader;
  /** The details are there, or why there are none. */
  private readonly firstDetails: Promise<void>;
  private readonly stopFeed: () => void;
  private readonly timer: number;
  private details: Details | null = null;
  private isDestroyed = false;
  private isRefreshing = false;
  private isAskedAgain = false;
  /** Why the session's events can't be read. */
  private loadError: string | null = null;
  /** It was there, and was deleted since. */
  private isGone = false;
  /** Why there are no details. */
  private apiError: string | null = null;
  /** What went wrong inside the player, such as a document too deep for it. */
  private readonly failures = new Failures(this.recording);
  private why: WhyPanel | null = null;
  private stage: Stage | null = null;
  /** The player refused to begin. */
  private hasFailed = false;
  private mode: Mode = "replay";
  /** The reader chose the mode; it is not chosen for them again. */
  private isChosen = false;
  private wasLive = false;
  private scale: Scale = scaleOf(1);
  /** What the scale was made of. */
  private scaleKey = "";
  /** Something arrived since the page was drawn. */
  private isStale = false;
  private drawnAt = 0;
  private drawMs = 0;
  private readonly onError = (event: ErrorEvent) => {
    if (this.failures.add(event.error, event.message)) this.isStale = true;
  };

  constructor(
    main: HTMLElement,
    private readonly route: Route,
  ) {
    const parts = makeParts({
      identity: route,
      recording: this.recording,
      details: () => this.details,
      scene: () => this.stage?.scene ?? null,
      scale: () => this.scale,
      now: () => this.stage?.now() ?? 0,
      seek: (ms) => this.seek(ms),
      isFollowing: () => this.mode === "live",
    });
    this.parts = [...parts.below, ...parts.side];
    this.layout = new SessionLayout([this.title, this.liveButton], [this.notes, this.loading.element, this.box], parts);
    main.replaceChildren(this.layout.element);
    this.liveButton.addEventListener("click", () => this.toggleLive());
    this.box.replaceChildren(empty("Loading…"));
    this.loader = new Loader(route, this.recording, {
      onEvents: (added) => this.onEvents(added),
      onLoaded: () => this.show(),
      onConnection: connectionNotice("session"),
      onRefusal: (says) => {
        if (says === this.loadError) return;
        this.loadError = says;
        this.isStale = true;
      },
    });
    this.stopFeed = onFeed((message) => this.onFeed(message));
    addEventListener("error", this.onError);
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.firstDetails = this.refresh();
  }

  destroy(): void {
    this.isDestroyed = true;
    this.loader.stop();
    this.stopFeed();
    removeEventListener("error", this.onError);
    clearInterval(this.timer);
    this.stage?.destroy();
    for (const part of this.parts) part.destroy?.();
    connectionNotice("session")(false);
  }

  toggle(): void {
    this.stage?.toggle();
  }

  step(ms: number): void {
    if (this.stage && this.mode === "replay") this.seek(this.stage.now() + ms);
  }

  changeSpeed(by: 1 | -1): void {
    this.stage?.changeSpeed(by);
  }

  fullscreen(): void {
    this.stage?.fullscreen();
  }

  toggleSide(): void {
    this.layout.toggleSide();
  }

  toggleLive(): void {
    if (this.mode === "live") this.choose("replay");
    else if (this.isLive()) this.choose("live");
  }

  press(key: string): void {
    for (const part of this.parts) part.press?.(key);
  }

  /** Gets the session's details again; called when the list has changed, too. */
  async refresh(): Promise<void> {
    this.isAskedAgain = this.isRefreshing;
    if (this.isRefreshing) return;
    this.isRefreshing = true;
    for (const part of this.parts) part.refresh?.();
    try {
      this.details = await getDetails(this.route);
      this.apiError = null;
      this.isGone = false;
      this.loader.more(this.details.sequences);
    } catch (error) {
      this.isGone = this.details !== null && error instanceof ApiError && error.status === 404;
      this.apiError = this.isGone ? GONE : (error as Error).message;
    }
    this.isRefreshing = false;
    // Somebody went elsewhere meanwhile: nothing is to be drawn, and no player made.
    if (this.isDestroyed) return;
    if (this.isAskedAgain) void this.refresh();
    this.show();
  }

  /** Messages of an earlier viewer say nothing but that something has changed. */
  private onFeed({ changed, removed, reset }: FeedMessage): void {
    const { device, session } = this.route;
    const own = changed.find(({ device_id, session_id }) => device_id === device && session_id === session);
    if (own) this.loader.more(own.sequences);
    const isRemoved = removed.includes(`${device}/${session}`);
    if (own || isRemoved || reset) void this.refresh();
  }

  private onEvents(added: RrwebEvent[]): Promise<void> | undefined {
    this.stage?.add(added);
    this.isStale = true;
    return this.stage || this.hasFailed || !this.hasPicture() ? undefined : this.firstPicture();
  }

  /** Does not wait for the next drawing; nor does it share the time with what is loaded next, which waits for it. */
  private async firstPicture(): Promise<void> {
    await this.firstDetails;
    if (this.isDestroyed) return;
    if (!this.stage && !this.hasFailed && this.canBegin()) this.show();
    await this.stage?.drawn;
  }

  private seek(ms: number): void {
    if (this.mode === "live") this.choose("replay", ms);
    else this.stage?.seek(ms);
  }

  private choose(mode: Mode, at = 0): void {
    this.isChosen = true;
    this.mode = mode;
    this.stage?.destroy();
    this.stage = null;
    this.show(at);
  }

  private isLive(): boolean {
    return this.details !== null && !this.isGone && isLive(this.details);
  }

  /** Redraws everything, and makes the stage as soon as there is enough for it. */
  private show(at = beginning(this.route, this.recording.start)): void {
    const begun = performance.now();
    const { isLoaded } = this.loader;
    this.measure();
    redraw(this.title, head(this.route, this.isGone ? null : this.details));
    if (!this.stage && this.details) this.begin(at);
    if (this.apiError && !this.details) this.explain();
    const isFatal = this.stage === null;
    redraw(this.notes, ...(isLoaded || this.apiError || this.loadError ? this.problems().map((problem) => note(problem, isFatal)) : []));
    this.loading.update(this.recording.arrived, this.details?.events ?? 0, isLoaded || this.apiError !== null);
    this.wasLive = this.isLive();
    this.liveButton.hidden = !this.wasLive && this.mode !== "live";
    this.liveButton.ariaPressed = String(this.mode === "live");
    this.box.classList.toggle("is-live", this.mode === "live" && this.wasLive);
    for (const part of this.parts) part.update?.();
    this.stage?.update();
    this.isStale = false;
    this.drawnAt = performance.now();
    this.drawMs = this.drawnAt - begun;
  }

  /** Lays out the time line: all that is loaded, and what the server says is still to come. */
  private measure(): void {
    const { events, start, end, changes } = this.recording;
    const { isLoaded } = this.loader;
    const said = this.details?.last_timestamp ?? 0;
    const key = [events.length, changes, isLoaded, isLoaded || said].join();
    if (key === this.scaleKey) return;
    this.scaleKey = key;
    const isLater = !isLoaded && said > end && said < end + MAX_DISTANCE_MS;
    this.scale = scaleOf((isLater ? said : end) - start, gapsOf(events));
  }

  /** A replay plays its beginning while the rest is loaded; what is followed live begins with what is newest. */
  private canBegin(): boolean {
    if (this.details === null || !this.hasPicture()) return false;
    return this.mode !== "live" || this.loader.isLoaded;
  }

  /** A player needs two events, and one of them has to be a snapshot. */
  private hasPicture(): boolean {
    return this.recording.hasFullSnapshot && this.recording.events.length >= 2;
  }

  private begin(at: number): void {
    if (!this.isChosen) this.mode = this.isLive() && at === 0 && this.route.at === null ? "live" : "replay";
    const { box, recording, mode, loader } = this;
    if (!this.canBegin()) {
      if (loader.isLoaded) box.replaceChildren(empty(whyNothing(recording)));
      return;
    }
    box.replaceChildren();
    const momentOf = (ms: number) => time(recording.start + ms);
    const context = { recording, isLoaded: () => loader.isLoaded, isLive: () => this.isLive(), scale: () => this.scale, momentOf };
    try {
      this.stage = mode === "live" ? liveStage(box, context) : replayStage(box, context, at);
    } catch (error) {
      this.hasFailed = true;
      box.replaceChildren(empty(`The player refused this session: ${(error as Error).message}`));
    }
  }

  /** In place of a replay that nobody has heard of. */
  private explain(): void {
    if (this.why) void this.why.update();
    this.why ??= new WhyPanel(this.route);
    if (!this.box.contains(this.why.element)) this.box.replaceChildren(this.why.element);
  }

  private problems(): Problem[] {
    const problems: Problem[] = [];
    if (this.loadError && this.loadError !== this.apiError) problems.push({ code: "unknown", message: `The viewer can't read this session: ${this.loadError}` });
    problems.push(...damagedBatches(this.loader.damaged), ...unreadBatches(this.loader.unread));
    if (this.apiError) problems.push({ code: "unknown", message: this.apiError });
    problems.push(...this.failures.problems());
    if (this.mode === "live" && !this.isLive()) problems.push({ code: "live_ended", message: LIVE_ENDED });
    const found = diagnose(this.recording);
    // What both know of, whoever has read the events tells better.
    const codes = new Set([...problems, ...found].map(({ code }) => code));
    const told = this.details?.problems.filter(({ code }) => code === "unknown" || !codes.has(code)) ?? [];
    return [...problems, ...told, ...found];
  }

  private tick(): void {
    const now = this.stage?.now() ?? 0;
    for (const part of this.parts) part.at?.(now);
    const isDue = performance.now() - this.drawnAt > Math.max(MIN_REDRAW_MS, this.drawMs / REDRAW_SHARE);
    if ((this.isStale && isDue) || this.wasLive !== this.isLive()) this.show();
  }
}

const LIVE_ENDED =
  `Nothing has arrived for ${LIVE_MS / 1_000} seconds: the recording has ended, or its device is away. The replay goes on if more arrives; press l to play it from the beginning.`;

const GONE = "This session was deleted. What this page had loaded of it can be played until the page is left.";

const empty = (text: string) => h("p", { class: "empty" }, text);

function note(problem: Problem, isFatal: boolean): HTMLElement {
  const isGrave = isFatal || problem.code === "refused_requests";
  return h("p", { class: isGrave ? "note grave" : "note", "data-code": problem.code }, problem.message);
}
