// One session: its replay, recorded or live, the facts about it, and what is wrong with it.

import { details, follow, type Details, type Problem } from "../api/client";
import { connection } from "../page/connection-notice";
import { diagnose } from "./diagnosis";
import { h, redraw } from "../dom/elements";
import { facts, head } from "./facts";
import { kinds } from "./event-strip";
import { isLive } from "../list/session-list";
import { Recording } from "../recording/recording";
import type { Route } from "../page/route";
import { liveStage, replayStage, type Stage } from "../player/stage";

export class SessionView {
  private readonly recording = new Recording();
  private readonly box = h("div", { class: "stage", id: "stage" });
  private readonly title = h("div", { class: "grow" });
  private readonly side = h("aside", { class: "side", "aria-label": "Facts about the session" });
  private readonly notes = h("div", { class: "notes", role: "status" });
  private readonly strip = kinds(this.recording, (ms) => this.seek(ms));
  private readonly liveButton = h("button", { type: "button", class: "live-toggle", "aria-pressed": "false", "aria-keyshortcuts": "l" }, "Live");
  private readonly stop: () => void;
  private readonly timer: number;
  private about: Details | null = null;
  private problem: string | null = null;
  private stage: Stage | null = null;
  private live = false;
  /** The reader chose between live and replay; we do not choose for them again. */
  private chosen = false;
  /** What went wrong inside the player, such as a document too deep for it. */
  private failure: string | null = null;
  private readonly fail = (event: ErrorEvent) => {
    this.failure = event.message;
    this.stale = true;
  };
  /** Something arrived since the page was drawn. */
  private stale = false;
  private drawnAt = 0;

  constructor(
    main: HTMLElement,
    private readonly route: Route,
  ) {
    main.replaceChildren(
      h(
        "div",
        { class: "session-view" },
        h("div", { class: "head row" }, this.title, this.liveButton),
        h("div", { class: "columns" }, h("div", { class: "player-column" }, this.notes, this.box, this.strip.element), this.side),
      ),
    );
    this.liveButton.addEventListener("click", () => this.toggleLive());
    this.box.replaceChildren(h("p", { class: "empty" }, "Loading…"));
    this.stop = follow(
      route,
      (sequence) => {
        const added = this.recording.add(sequence);
        this.stage?.add(added);
        this.stale = true;
      },
      connection("session"),
    );
    addEventListener("error", this.fail);
    this.timer = setInterval(() => this.tick(), 100);
    void this.refresh();
  }

  destroy(): void {
    this.stop();
    removeEventListener("error", this.fail);
    clearInterval(this.timer);
    this.stage?.destroy();
    connection("session")(false);
  }

  toggle(): void {
    this.stage?.toggle();
  }

  step(ms: number): void {
    if (this.stage && !this.live) this.seek(this.stage.now() + ms);
  }

  fullscreen(): void {
    this.stage?.fullscreen();
  }

  toggleLive(): void {
    this.chosen = true;
    this.live = !this.live;
    this.restart();
  }

  /** Asks again what the server knows; called when the list has changed, too. */
  async refresh(): Promise<void> {
    try {
      this.about = await details(this.route);
      this.problem = null;
    } catch (error) {
      this.problem = (error as Error).message;
    }
    this.show();
  }

  private seek(ms: number): void {
    if (this.live) {
      this.chosen = true;
      this.live = false;
      this.restart(ms);
    } else this.stage?.seek(ms);
  }

  private restart(at = 0): void {
    this.stage?.destroy();
    this.stage = null;
    this.show(at);
  }

  /** Draws everything but the stage anew, and makes the stage as soon as there is something to play. */
  private show(at = this.route.t): void {
    const problems = this.problems();
    redraw(this.title, head(this.route, this.about));
    if (this.about) redraw(this.side, facts(this.about, this.recording));
    const complete = this.about && this.recording.arrivals.length >= this.about.sequences;
    if (!this.stage && complete) this.begin(at);
    const fatal = this.stage === null;
    redraw(this.notes, ...(complete || this.problem ? problems.map((problem) => note(problem, fatal)) : []));
    this.liveButton.ariaPressed = String(this.live);
    this.strip.update();
    this.stale = false;
    this.drawnAt = performance.now();
  }

  private begin(at: number): void {
    if (!this.chosen) this.live = this.about !== null && isLive(this.about) && at === 0;
    if (!this.recording.hasFullSnapshot || (!this.live && this.recording.events.length < 2)) {
      this.box.replaceChildren(h("p", { class: "empty" }, "Nothing can be drawn yet."));
      return;
    }
    this.box.replaceChildren();
    try {
      this.stage = this.live ? liveStage(this.box, this.recording) : replayStage(this.box, this.recording, at, true);
    } catch (error) {
      this.box.replaceChildren(h("p", { class: "empty" }, `The player refused this session: ${(error as Error).message}`));
    }
    this.box.classList.toggle("is-live", this.live);
  }

  private problems(): Problem[] {
    const own = this.recording.events.length > 0 ? diagnose(this.recording) : [];
    const missing = this.problem ? [{ code: "unknown", message: this.problem }] : [];
    const failed = this.failure ? [{ code: "player_failed", message: `The player failed: ${this.failure}` }] : [];
    return [...missing, ...failed, ...(this.about?.problems ?? []), ...own];
  }

  private tick(): void {
    if (this.stage) this.strip.cursor(this.stage.now());
    // A long session arrives in many pieces; drawing each would take longer than loading them.
    if (this.stale && performance.now() - this.drawnAt > 300) this.show();
  }
}

function note(problem: Problem, fatal: boolean): HTMLElement {
  const grave = fatal || problem.code === "refused_requests";
  return h("p", { class: grave ? "note grave" : "note", "data-code": problem.code }, problem.message);
}
