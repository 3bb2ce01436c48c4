// The story beside the player: what happened, in step with what is played.

import "./story.css";
import { LongList } from "../companions/long-list";
import { lastUntil } from "../companions/pane";
import { h } from "../dom/elements";
import { offset, time } from "../dom/format";
import type { SessionContext, SessionPart } from "../part/session-part";
import { EventJson } from "./event-json";
import { GROUPS, type Kind, type Moment } from "./moment";
import type { Story } from "./moments";
import { SEEK_MS, stepFrom } from "./steps";

/** As story.css has it. */
const ROW = 26;

export class StoryList implements SessionPart {
  readonly element: HTMLElement;
  readonly title = "Story";
  private readonly filter = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the story" });
  private readonly groups = GROUPS.map(({ name, kinds }) => ({
    kinds: new Set<Kind>(kinds),
    name,
    button: h("button", { type: "button", class: "story-kind", "aria-pressed": "false" }, name),
  }));
  private readonly none = h("p", { class: "faint story-none", hidden: true }, "Nothing in the story matches.");
  private readonly said = h("p", { class: "story-said", role: "status" });
  private readonly more = h("div", { class: "story-more", hidden: true });
  private readonly json: EventJson;
  private readonly list: LongList;
  private shown: readonly Moment[] = [];
  private revision = -1;
  private now = 0;
  /** Place of the last of `shown` that has happened; -1: none. */
  private current = -1;
  /** The moment that the reader went to, or is on in the list. */
  private chosen: Moment | null = null;
  /** When the replay was last sent to a moment. */
  private soughtAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly context: SessionContext,
    private readonly story: Story,
  ) {
    this.json = new EventJson(context);
    this.list = new LongList("What happened", (index) => this.choose(index), ROW, "listbox");
    this.list.element.dataset["keys"] = "ArrowDown ArrowUp Home End PageDown PageUp Enter";
    this.list.element.addEventListener("keydown", (event) => this.onKey(event));
    this.list.element.addEventListener("focus", () => this.chosen ?? this.moveTo(Math.max(0, this.current)));
    this.filter.addEventListener("input", () => this.select());
    for (const { button } of this.groups) {
      button.addEventListener("click", () => {
        button.ariaPressed = String(button.ariaPressed !== "true");
        this.select();
      });
    }
    const kinds = h("div", { class: "story-kinds", role: "group", "aria-label": "Show only" }, ...this.groups.map(({ button }) => button));
    const list = h("div", { class: "story-list" }, this.list.element);
    this.element = h("section", { class: "story", "aria-label": "Story", hidden: true }, this.filter, kinds, this.none, list, this.more, this.said, this.json.element);
  }

  /** Reads what has arrived. */
  update(): void {
    this.json.update();
    this.story.update(this.context.recording.events, this.context.recording.changes);
    if (this.revision === this.story.revision) return;
    this.revision = this.story.revision;
    const { moments } = this.story;
    this.element.hidden = moments.length === 0;
    // Where all was read anew, the moments are others.
    const { chosen } = this;
    if (chosen && !moments.includes(chosen)) this.chosen = moments.find(({ event }) => event === chosen.event) ?? null;
    for (const { kinds, name, button } of this.groups) {
      const count = moments.reduce((sum, { kind }) => sum + Number(kinds.has(kind)), 0);
      button.textContent = `${name} ${count}`;
      // One that is pressed can be let go, also where the recording was read anew.
      button.hidden = count === 0 && button.ariaPressed !== "true";
    }
    this.select();
  }

  /** Marks what has happened so many milliseconds from the beginning. */
  at(ms: number): void {
    this.now = ms;
    const current = lastUntil(this.shown, this.start + ms);
    if (current === this.current) return;
    this.current = current;
    this.redraw();
    this.list.follow(current);
  }

  /** `n` and `p` lead from moment to moment, digits to tenths of the replay. */
  press(key: string): void {
    if (key === "n" || key === "p") this.step(key === "n" ? 1 : -1);
    else if (/^\d$/.test(key)) {
      this.soughtAt = Number.NEGATIVE_INFINITY;
      this.context.seek((Number(key) / 10) * (this.context.recording.end - this.start));
    }
  }

  destroy(): void {
    this.json.destroy();
  }

  private get start(): number {
    return this.context.recording.start;
  }

  private step(by: 1 | -1): void {
    if (this.shown.length === 0) return;
    const last = this.chosen ? this.shown.indexOf(this.chosen) : -1;
    const step = last < 0 ? null : { to: last, isUnderWay: performance.now() - this.soughtAt < SEEK_MS };
    const to = stepFrom(this.shown, this.start + this.context.now(), step, by);
    this.choose(to);
    this.list.reveal(to);
    const moment = this.shown[to];
    this.said.textContent = moment ? `${offset(moment.time - this.start)} ${moment.text}` : "";
  }

  /** Goes to the moment of a row. */
  private choose(index: number): void {
    const moment = this.shown[index];
    if (!moment) return;
    this.moveTo(index);
    this.soughtAt = performance.now();
    this.context.seek(Math.max(0, moment.time - this.start));
  }

  /** Makes a row the one that is read about. */
  private moveTo(index: number): void {
    const moment = this.shown[index];
    if (!moment) return;
    this.chosen = moment;
    this.more.hidden = false;
    this.more.replaceChildren(
      h("p", { class: `story-text ${moment.tone}` }, moment.text),
      ...(moment.detail === "" ? [] : [h("p", { class: "faint" }, moment.detail)]),
      h("p", { class: "faint" }, this.when(moment)),
    );
    this.json.show(this.context.recording.numberOf(moment.event));
    this.redraw();
  }

  /** Home and End are the list's own; so are the arrows, which elsewhere lead through the sessions. */
  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.chosen ? this.shown.indexOf(this.chosen) : -1;
    const last = this.shown.length - 1;
    const targets: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + this.list.pageSize,
      PageUp: at - this.list.pageSize,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      const to = Math.max(0, Math.min(target, last));
      // First there, so that the option that is told of is in the document.
      this.list.reveal(to);
      this.moveTo(to);
    } else if (event.key === "Enter") this.choose(Math.max(0, at));
    else return;
    event.preventDefault();
  }

  private select(): void {
    const wanted = this.filter.value.trim().toLowerCase();
    const groups = this.groups.filter(({ button }) => button.ariaPressed === "true");
    const isWanted = ({ kind, text, detail }: Moment) =>
      (groups.length === 0 || groups.some(({ kinds }) => kinds.has(kind))) && (wanted === "" || `${text} ${detail}`.toLowerCase().includes(wanted));
    this.shown = this.story.moments.filter(isWanted);
    this.none.hidden = this.shown.length > 0;
    this.list.element.hidden = this.shown.length === 0;
    this.list.element.style.setProperty("--rows", String(this.shown.length));
    this.current = lastUntil(this.shown, this.start + this.now);
    this.redraw();
    this.list.follow(this.current);
  }

  private redraw(): void {
    this.list.show(this.shown.length, (index) => this.row(this.shown[index] as Moment, index));
    const active = this.chosen ? this.shown.indexOf(this.chosen) : -1;
    if (active < 0) this.list.element.removeAttribute("aria-activedescendant");
    else this.list.element.setAttribute("aria-activedescendant", idOf(active));
  }

  private row(moment: Moment, index: number): HTMLElement {
    const isCurrent = index === this.current;
    const classes = ["moment", moment.tone, isCurrent && "is-current", index > this.current && "is-later", moment === this.chosen && "is-chosen"];
    return h(
      "div",
      {
        class: classes.filter(Boolean).join(" "),
        id: idOf(index),
        role: "option",
        "data-index": index,
        "data-kind": moment.kind,
        "aria-selected": String(moment === this.chosen),
        "aria-current": isCurrent && "time",
        "aria-setsize": this.shown.length,
        "aria-posinset": index + 1,
        title: [this.when(moment), moment.text, moment.detail].filter(Boolean).join("\n"),
      },
      h("span", { class: "moment-time" }, offset(moment.time - this.start)),
      h("span", { class: "moment-text" }, moment.text, " ", h("span", { class: "moment-detail" }, moment.detail)),
    );
  }

  private when(moment: Moment): string {
    const end = moment.end > moment.time ? ` – ${time(moment.end)}` : "";
    return time(moment.time) + end;
  }
}

const idOf = (index: number) => `moment-${index}`;
