// The list of sessions: grouped by device, newest first, refreshed as batches arrive.

import { followList, path, sessions, type Summary } from "../api/client";
import { connection } from "../page/connection-notice";
import { h } from "../dom/elements";
import { bytes, count, duration, time } from "../dom/format";
import { current } from "../page/route";

/** A session that heard something so lately counts as being recorded. */
export const LIVE_MS = 15_000;

export function isLive(summary: Summary): boolean {
  return Date.now() - summary.last_arrival < LIVE_MS;
}

export class SessionList {
  private all: Summary[] | null = null;
  private shown = "";

  constructor(
    private readonly box: HTMLElement,
    private readonly changed: () => void,
  ) {
    const told = connection("list");
    followList(
      () => void this.refresh(),
      (isDown) => {
        told(isDown);
        // The feed may be refused where the list is not.
        if (isDown) void this.refresh();
      },
    );
    setInterval(() => this.render(), 5_000);
  }

  get summaries(): Summary[] {
    return this.all ?? [];
  }

  async refresh(): Promise<void> {
    try {
      this.all = await sessions();
      this.changed();
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

  /** Draws the list anew if it looks different; the focus stays where it was. */
  render(): void {
    const fresh = this.content();
    const html = fresh.map((node) => node.outerHTML).join("");
    if (html === this.shown) return;
    this.shown = html;
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
  const at = current();
  const open = at?.device === summary.device_id && at.session === summary.session_id;
  return h(
    "a",
    {
      class: "session",
      href: path({ device: summary.device_id, session: summary.session_id }),
      "data-link": true,
      "data-id": summary.replay_id,
      "aria-current": open && "page",
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

function problemWord(summary: Summary): string {
  const words: Record<string, string> = {
    no_full_snapshot: "no snapshot",
    single_event: "one event",
    no_meta: "no meta",
    unplayable_events: "unplayable",
    refused_requests: "refused",
  };
  return words[summary.problems[0]?.code ?? ""] ?? "problem";
}
