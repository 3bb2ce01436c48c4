// The app's windows as views of the replay: places them, and records their pages in them.
import { setTimeout } from "node:timers";
import type { WebContents } from "electron";
import * as sessionReplay from "../index.js";
import { SessionReplayError, messageOf } from "../model/errors.js";
import type { View } from "../model/views.js";
import type { Client } from "./clients.js";
import { deskOf, mayShowTitles, viewsOf, type PageState, type Rectangle, type WindowLook } from "./window-looks.js";
import type { WindowWatch } from "./window-watch.js";

/** A window that is dragged moves a hundred times a second. */
const SETTLE_MS = 50;

interface Placed {
  readonly view: View;
  /** Its page was recorded. */
  showsPage: boolean;
}

export class WindowViews {
  readonly #placed = new Map<number, Placed>();
  #desk: Rectangle | undefined;
  #isScheduled = false;
  #isEnded = false;
  #lastProblem = "";

  /** `afterPlacing`: the windows that are there now are placed; `onProblem`: in words, not the same twice in succession. */
  constructor(
    private readonly watch: WindowWatch,
    private readonly appName: string,
    private readonly pageOf: (contents: WebContents) => PageState,
    private readonly afterPlacing: () => void,
    private readonly onProblem: (message: string) => void,
  ) {}

  /** Places the windows soon, once for all that happens until then. */
  schedule(): void {
    if (this.#isScheduled || this.#isEnded) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      this.place();
    }, SETTLE_MS).unref();
  }

  /** Whether these contents lie in a window. */
  isSeen(contents: WebContents): boolean {
    return this.#looks().some(({ id, parts }) => id === contents.id || parts.some((part) => part.id === contents.id));
  }

  /** Records events of the page in these contents, one a line. Throws what the library refuses. */
  record({ contents }: Client, lines: string): void {
    if (!this.#placed.has(contents.id)) this.place();
    try {
      sessionReplay.recordInView(contents.id, lines);
    } catch (error) {
      // Another recorder was started meanwhile: it knows of no view.
      if (!(error instanceof SessionReplayError && error.status === "invalid-argument")) throw error;
      this.#forget();
      this.place();
      sessionReplay.recordInView(contents.id, lines);
    }
    const placed = this.#placed.get(contents.id);
    if (placed) placed.showsPage = true;
  }

  /** Places the windows as they look now. */
  place(): void {
    if (this.#isEnded) return;
    if (sessionReplay.stats().state === "not-initialized") return this.#forget();
    this.#placeAll();
    this.afterPlacing();
  }

  /** Takes all windows out of the replay, for good. */
  end(): void {
    this.#isEnded = true;
    if (sessionReplay.stats().state !== "not-initialized") for (const id of [...this.#placed.keys()]) this.#close(id);
    this.#forget();
  }

  #placeAll(): void {
    const looks = this.#looks();
    const rules = { appName: this.appName, mayShowTitles: mayShowTitles(sessionReplay.getPrivacyConfig()) };
    const views = looks.flatMap((look) => viewsOf(look, rules));
    const wanted = new Map(views.map((view) => [view.id, view]));
    for (const [id, { view }] of [...this.#placed]) {
      // What lies in another is closed with it; and no view can be moved into another.
      if (wanted.get(id)?.parent !== view.parent || !wanted.has(id)) this.#close(id);
    }
    for (const { id, page } of looks.flatMap((look) => [look, ...look.parts])) {
      // The page that was recorded is gone: nothing of it is shown.
      if (page === "not-recorded" && this.#placed.get(id)?.showsPage) this.#close(id);
    }
    this.#attempt(() => this.#placeDesk(looks.filter(({ isShown }) => isShown).map(({ content }) => content)));
    for (const view of views) this.#attempt(() => this.#placeOne(view));
  }

  #looks(): WindowLook[] {
    return this.watch.looks(this.pageOf, (look) => this.#attempt(look));
  }

  #placeDesk(shown: Rectangle[]): void {
    const desk = deskOf(this.watch.displays, shown, this.#desk);
    if (!desk || JSON.stringify(desk) === JSON.stringify(this.#desk)) return;
    sessionReplay.placeView({ id: 0, ...desk });
    this.#desk = desk;
  }

  /** Also where it did not move: the library then tells whether its page lacks a full snapshot. */
  #placeOne(view: View): void {
    sessionReplay.placeView(view);
    this.#placed.set(view.id, { view, showsPage: this.#placed.get(view.id)?.showsPage ?? false });
  }

  #close(id: number): void {
    if (!this.#placed.delete(id)) return;
    for (const [inside, { view }] of [...this.#placed]) if (view.parent === id) this.#placed.delete(inside);
    this.#attempt(() => sessionReplay.closeView(id));
  }

  #forget(): void {
    this.#placed.clear();
    this.#desk = undefined;
  }

  /** One window that is refused keeps no other from being shown. */
  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const problem = messageOf(error);
      if (problem === this.#lastProblem) return undefined;
      this.#lastProblem = problem;
      this.onProblem(`a window can't be shown in the replay: ${problem}`);
      return undefined;
    }
  }
}
