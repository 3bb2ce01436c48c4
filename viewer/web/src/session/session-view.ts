// One session: its replay, recorded or live, the facts about it, and what is wrong with it.

import { followSession, getDetails } from "../api/client";
import { isLive } from "../api/is-live";
import type { Batch, Details, Problem } from "../api/types";
import { h, redraw } from "../dom/elements";
import { connectionNotice } from "../page/connection-notice";
import { beginning, type Route } from "../page/route";
import { liveStage } from "../player/live-stage";
import { replayStage } from "../player/replay-stage";
import type { Stage } from "../player/stage";
import { Recording } from "../recording/recording";
import { diagnose } from "./diagnosis";
import { head } from "./facts";
import { SessionLayout } from "./layout";
import type { SessionPart } from "./part";
import { makeParts } from "./parts";

type Mode = "replay" | "live";

const TICK_MS = 100;
/** A long session arrives in many batches; drawing each would take longer than loading them. */
const MIN_REDRAW_MS = 300;

export class SessionView {
  private readonly recording = new Recording();
  private readonly box = h("div", { class: "stage", id: "stage" });
  private readonly title = h("div", { class: "grow" });
  private readonly notes = h("div", { class: "notes", role: "status" });
  private readonly parts: SessionPart[];
  private readonly layout: SessionLayout;
  private readonly liveButton = h("button", { type: "button", class: "live-toggle", "aria-pressed": "false", "aria-keyshortcuts": "l" }, "Live");
  private readonly stop: () => void;
  private readonly timer: number;
  private details: Details | null = null;
  /** Why there are no details. */
  private apiError: string | null = null;
  /** What went wrong inside the player, such as a document too deep for it. */
  private playerError: string | null = null;
  private stage: Stage | null = null;
  private mode: Mode = "replay";
  /** The reader chose the mode; it is not chosen for them again. */
  private isChosen = false;
  /** Something arrived since the page was drawn. */
  private isStale = false;
  private drawnAt = 0;
  private readonly onError = (event: ErrorEvent) => {
    this.playerError = event.message;
    this.isStale = true;
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
      now: () => this.stage?.now() ?? 0,
      seek: (ms) => this.seek(ms),
    });
    this.parts = [...parts.below, ...parts.side];
    this.layout = new SessionLayout([this.title, this.liveButton], [this.notes, this.box], parts);
    main.replaceChildren(this.layout.element);
    this.liveButton.addEventListener("click", () => this.toggleLive());
    this.box.replaceChildren(empty("Loading…"));
    this.stop = followSession(route, (batch) => this.onBatch(batch), connectionNotice("session"));
    addEventListener("error", this.onError);
    this.timer = setInterval(() => this.tick(), TICK_MS);
    void this.refresh();
  }

  destroy(): void {
    this.stop();
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

  fullscreen(): void {
    this.stage?.fullscreen();
  }

  toggleSide(): void {
    this.layout.toggleSide();
  }

  toggleLive(): void {
    this.choose(this.mode === "live" ? "replay" : "live");
  }

  /** Gets the session's details again; called when the list has changed, too. */
  async refresh(): Promise<void> {
    for (const part of this.parts) part.refresh?.();
    try {
      this.details = await getDetails(this.route);
      this.apiError = null;
    } catch (error) {
      this.apiError = (error as Error).message;
    }
    this.show();
  }

  private onBatch(batch: Batch): void {
    const added = this.recording.add(batch);
    this.stage?.add(added);
    this.isStale = true;
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

  /** Redraws everything but the stage, and makes the stage as soon as everything has arrived. */
  private show(at = beginning(this.route, this.recording.start)): void {
    const problems = this.problems();
    redraw(this.title, head(this.route, this.details));
    const isComplete = this.details && this.recording.arrivals.length >= this.details.sequences;
    if (!this.stage && isComplete) this.begin(at);
    const isFatal = this.stage === null;
    redraw(this.notes, ...(isComplete || this.apiError ? problems.map((problem) => note(problem, isFatal)) : []));
    this.liveButton.ariaPressed = String(this.mode === "live");
    for (const part of this.parts) part.update?.();
    this.isStale = false;
    this.drawnAt = performance.now();
  }

  private begin(at: number): void {
    if (!this.isChosen) this.mode = this.details !== null && isLive(this.details) && at === 0 && this.route.at === null ? "live" : "replay";
    const { box, recording, mode } = this;
    if (!recording.hasFullSnapshot || (mode === "replay" && recording.events.length < 2)) {
      box.replaceChildren(empty("Nothing can be drawn yet."));
      return;
    }
    box.replaceChildren();
    try {
      this.stage = mode === "live" ? liveStage(box, recording) : replayStage(box, recording, at);
    } catch (error) {
      box.replaceChildren(empty(`The player refused this session: ${(error as Error).message}`));
    }
    box.classList.toggle("is-live", mode === "live");
  }

  private problems(): Problem[] {
    const problems: Problem[] = [];
    if (this.apiError) problems.push({ code: "unknown", message: this.apiError });
    if (this.playerError) problems.push({ code: "player_failed", message: `The player failed: ${this.playerError}` });
    const found = diagnose(this.recording);
    // What both know of, the events themselves tell better.
    const told = this.details?.problems.filter(({ code }) => !found.some((problem) => problem.code === code)) ?? [];
    return [...problems, ...told, ...found];
  }

  private tick(): void {
    const now = this.stage?.now() ?? 0;
    for (const part of this.parts) part.at?.(now);
    if (this.isStale && performance.now() - this.drawnAt > MIN_REDRAW_MS) this.show();
  }
}

const empty = (text: string) => h("p", { class: "empty" }, text);

function note(problem: Problem, isFatal: boolean): HTMLElement {
  const isGrave = isFatal || problem.code === "refused_requests";
  return h("p", { class: isGrave ? "note grave" : "note", "data-code": problem.code }, problem.message);
}
