// What is shown about a session, beside its replay.

import { whyPath } from "../api/client";
import { isLive } from "../api/is-live";
import type { Details, Identity } from "../api/types";
import { copyable } from "../dom/copyable";
import { h, redraw, type Child } from "../dom/elements";
import { bytes, count, duration, offset, span, time } from "../dom/format";
import { moment } from "../dom/moment";
import { addressAt } from "../recording/address";
import type { Recording } from "../recording/recording";
import type { SessionContext, SessionPart } from "../part/session-part";

export function head(identity: Identity, details: Details | null): HTMLElement {
  return h(
    "div",
    { class: "row grow" },
    h("a", { class: "back quiet", href: "/", "data-link": true, "aria-label": "Back to the list" }, "←"),
    h("h1", {}, copyable(`${identity.device}/${identity.session}`)),
    details && isLive(details) && h("span", { class: "badge live" }, "being recorded"),
  );
}

export class Facts implements SessionPart {
  readonly element = h("div", { class: "facts-part", "aria-label": "Facts", role: "group" });
  /** On paper: which moment the picture is of. */
  private readonly moment = h("p", { class: "on-paper" });
  private readonly list = h("div");
  private readonly onPrint = () => (this.moment.textContent = momentOf(this.context));

  constructor(private readonly context: SessionContext) {
    this.element.append(this.moment, this.list);
    addEventListener("beforeprint", this.onPrint);
  }

  update(): void {
    const details = this.context.details();
    if (details) redraw(this.list, facts(details, this.context.recording));
  }

  destroy(): void {
    removeEventListener("beforeprint", this.onPrint);
  }
}

/** 0:03.2 · Nov 22, 18:26:43 · https://example.com/ */
function momentOf({ recording, now }: SessionContext): string {
  const at = recording.start + now();
  return [offset(now()), time(at), addressAt(recording.events, at)].filter(Boolean).join(" · ");
}

function facts(details: Details, recording: Recording): HTMLElement {
  const saved = details.decoded_bytes > 0 ? Math.round((1 - details.wire_bytes / details.decoded_bytes) * 100) : 0;
  // The recording leaves out clocks that went astray; until it is there, the server knows best.
  const [start, end] = recording.arrived >= details.events ? [recording.start, recording.end] : [details.first_timestamp, details.last_timestamp];
  const rows: [string, Child][] = [
    ["Recorded", moment(start, span(start, end))],
    ["Length", duration(end - start)],
    ["Events", count(details.events, "event")],
    ["Batches", count(details.sequences, "batch", "batches")],
    ["On the wire", bytes(details.wire_bytes) + (saved > 0 ? ` (${saved} % less)` : "")],
    ["Unpacked", bytes(details.decoded_bytes)],
    ["Last arrival", moment(details.last_arrival)],
    ["Sample rate", details.sample_rate === null ? "–" : String(details.sample_rate)],
    ["Library", details.library ?? "–"],
    ["Client version", details.client_version ?? "–"],
    ["Client URL", h("span", { title: details.client_url ?? "" }, details.client_url || "–")],
  ];
  if (recording.duplicates > 0) rows.push(["Sent twice", count(recording.duplicates, "event")]);
  const list = h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  const refused = details.refused_requests.map((request) =>
    h("li", {}, h("span", { class: "badge problem" }, String(request.status)), ` ${time(request.at)} `, request.problems.join("; ")),
  );
  const why = h("p", {}, h("a", { href: whyPath(details.device_id, details.session_id), "data-link": true }, "Why is there no replay?"));
  return h("div", {}, list, why, refused.length > 0 && h("h3", {}, "Refused requests"), refused.length > 0 && h("ol", { class: "requests" }, ...refused));
}
