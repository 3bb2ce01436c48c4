// The list of sessions: grouped by device, newest first, refreshed as batches arrive.

import { followList, getSessions, sessionPath } from "../api/client";
import { isLive } from "../api/is-live";
import type { ProblemCode, Summary } from "../api/types";
import { h } from "../dom/elements";
import { bytes, count, duration, time } from "../dom/format";
import { connectionNotice } from "../page/connection-notice";
import { currentRoute } from "../page/route";

/** A session stops being live although nothing arrives. */
const RENDER_MS = 5_000;

export class SessionList {
  private all: Summary[] | null = null;
  private html = "";

  constructor(
    private readonly box: HTMLElement,
    private readonly onChange: () => void,
  ) {
    const notice = connectionNotice("list");
    followList(
      () => void this.refresh(),
      (isDown) => {
        notice(isDown);
        // The feed may be refused where the list is not.
        if (isDown) void this.refresh();
      },
    );
    setInterval(() => this.render(), RENDER_MS);
  }

  get summaries(): Summary[] {
    return this.all ?? [];
  }

  async refresh(): Promise<void> {
    try {
      this.all = await getSessions();
      this.onChange();
    } catch {
      // The page says already that the viewer can't be reached.
    }
    this.render();
  }

  /** Moves the focus by so many sessions, from the focused one or else from the open one. */
  move(by: number): void {
    const links = [...this.box.querySelectorAll<HTMLAnchorElement>("a.session")];
    const focused = links.findIndex((link) => link === document.activeElement);
    const from = focused >= 0 ? focused : links.findIndex((link) => link.ariaCurrent === "page");
    const to = from < 0 ? (by > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, from + by));
    links[to]?.focus();
  }

  /** Redraws the list if it looks different; the focus stays where it was. */
  render(): void {
    const fresh = this.content();
    const html = fresh.map((node) => node.outerHTML).join("");
    if (html === this.html) return;
    this.html = html;
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("a.session")?.dataset["id"];
    this.box.replaceChildren(...fresh);
    if (focused) this.box.querySelector<HTMLElement>(`a.session[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  private content(): HTMLElement[] {
    if (!this.all) return [h("p", { class: "empty" }, "Loading…")];
    if (this.all.length === 0) return [h("p", { class: "empty" }, "No sessions yet.")];
    const devices = Map.groupBy(this.all, (summary) => summary.device_id);
    return [...devices].map(([device, list]) =>
      h(
        "section",
        { class: "device" },
        h("h2", { title: device }, h("span", {}, device), h("small", {}, count(list.length, "session"))),
        h("ul", {}, ...list.map((summary) => h("li", {}, row(summary)))),
      ),
    );
  }
}

function row(summary: Summary): HTMLElement {
  const route = currentRoute();
  const isOpen = route?.device === summary.device_id && route.session === summary.session_id;
  return h(
    "a",
    {
      class: "session",
      href: sessionPath({ device: summary.device_id, session: summary.session_id }),
      "data-link": true,
      "data-id": summary.replay_id,
      "aria-current": isOpen && "page",
    },
    h(
      "span",
      { class: "row" },
      h("strong", {}, time(summary.first_timestamp)),
      h("span", { class: "length" }, duration(summary.duration_ms)),
    ),
    h(
      "span",
      { class: "row faint" },
      h("span", { class: "id grow" }, summary.session_id),
      summary.problems.length > 0 &&
        h("span", { class: "badge problem", title: summary.problems.map((p) => p.message).join("\n") }, problemWord(summary)),
      isLive(summary) && h("span", { class: "badge live" }, "live"),
    ),
    h(
      "span",
      { class: "row faint" },
      count(summary.events, "event"),
      " · ",
      count(summary.sequences, "batch", "batches"),
      " · ",
      bytes(summary.decoded_bytes),
    ),
  );
}

const PROBLEM_WORDS: Partial<Record<ProblemCode, string>> = {
  no_full_snapshot: "no snapshot",
  single_event: "one event",
  no_meta: "no meta",
  unplayable_events: "unplayable",
  refused_requests: "refused",
};

function problemWord({ problems }: Summary): string {
  return (problems[0] && PROBLEM_WORDS[problems[0].code]) ?? "problem";
}
