// One session in the list: what page it shows, when, how long, of which app, system and device, and what is wrong with it.

import { isLive } from "../api/is-live";
import type { ProblemCode, Summary } from "../api/types";
import { h } from "../dom/elements";
import { count, duration, time } from "../dom/format";

/** Words of problems in one row; more are counted. */
const MAX_WORDS = 2;

/** As long as this is the same, the row looks the same. */
export const looksOf = (summary: Summary) => [summary, isLive(summary)] as const;

export function rowOf(summary: Summary): HTMLElement[] {
  const { title, client_url: address, device_id: device, session_id: session, app, system } = summary;
  const name = title || address || session;
  const start = time(summary.first_timestamp);
  const about = [app, system].filter(Boolean).join(" · ");
  return [
    h("span", { class: "row" }, h("strong", { class: "session-title", title: address || session }, name), isLive(summary) && badge("live", "live")),
    h("span", { class: "row faint" }, h("span", { class: "session-facts" }, [start, summary.sequences > 0 && duration(summary.duration_ms), about].filter(Boolean).join(" · "))),
    h("span", { class: "row faint" }, h("span", { class: "id grow", title: `${device}/${session}` }, device), ...badges(summary)),
  ];
}

const PROBLEM_WORDS: Partial<Record<ProblemCode, string>> = {
  no_full_snapshot: "no snapshot",
  single_event: "one event",
  no_meta: "no meta",
  unplayable_events: "unplayable",
  nested_adds: "nested",
  refused_requests: "refused",
};

function badges(summary: Summary): HTMLElement[] {
  const messages = summary.problems.map(({ message }) => message).join("\n");
  if (summary.sequences === 0) return [badge("error", "refused", messages)];
  const words = [...new Set(summary.problems.map(({ code }) => PROBLEM_WORDS[code] ?? "problem"))];
  const more = words.length - MAX_WORDS;
  return [
    ...(summary.errors > 0 ? [badge("error", count(summary.errors, "error"))] : []),
    ...words.slice(0, MAX_WORDS).map((word) => badge("problem", word, messages)),
    ...(more > 0 ? [badge("problem", `+${more}`, messages)] : []),
  ];
}

const badge = (kind: string, text: string, title?: string) => h("span", { class: `badge ${kind}`, title }, text);
