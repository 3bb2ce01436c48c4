// What is known about a session, beside its replay.

import type { Details, Identity } from "../api/client";
import { copyable } from "../dom/copyable";
import { h, type Child } from "../dom/elements";
import { bytes, count, duration, time } from "../dom/format";
import { isLive } from "../list/session-list";
import type { Recording } from "../recording/recording";

export function head(identity: Identity, about: Details | null): HTMLElement {
  return h(
    "div",
    { class: "row grow" },
    h("a", { class: "back quiet", href: "/", "data-link": true, "aria-label": "Back to the list" }, "←"),
    h("h1", {}, copyable(`${identity.device}/${identity.session}`)),
    about && isLive(about) && h("span", { class: "badge live" }, "being recorded"),
  );
}

export function facts(about: Details, recording: Recording): HTMLElement {
  const saved = about.decoded_bytes > 0 ? Math.round((1 - about.wire_bytes / about.decoded_bytes) * 100) : 0;
  const rows: [string, Child][] = [
    ["Recorded", time(about.first_timestamp)],
    ["Length", duration(about.duration_ms)],
    ["Events", count(about.events, "event")],
    ["Batches", count(about.sequences, "batch", "batches")],
    ["On the wire", bytes(about.wire_bytes) + (saved > 0 ? ` (${saved} % less)` : "")],
    ["Unpacked", bytes(about.decoded_bytes)],
    ["Last arrival", time(about.last_arrival)],
    ["Sample rate", about.sample_rate === null ? "–" : String(about.sample_rate)],
    ["Library", about.library ?? "–"],
    ["Client version", about.client_version ?? "–"],
    ["Client URL", h("span", { title: about.client_url ?? "" }, about.client_url || "–")],
  ];
  if (recording.duplicates > 0) rows.push(["Sent twice", count(recording.duplicates, "event")]);
  const list = h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  const refused = about.refused_requests.map((request) =>
    h("li", {}, h("span", { class: "badge problem" }, String(request.status)), ` ${time(request.at)} `, request.problems.join("; ")),
  );
  return h("div", {}, list, refused.length > 0 && h("h2", {}, "Refused requests"), refused.length > 0 && h("ol", { class: "requests" }, ...refused));
}
