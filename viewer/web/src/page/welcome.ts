// What is shown while no session is open: where to send replays, and which requests were refused.

import { getRequests, sessionPath } from "../api/client";
import { onFeed } from "../api/feed";
import type { LoggedRequest } from "../api/types";
import { copyable } from "../dom/copyable";
import { h, redraw } from "../dom/elements";
import { count, time } from "../dom/format";

/** Refused requests shown, the newest first. */
const MAX_SHOWN = 50;

export interface Welcome {
  destroy(): void;
}

export function welcome(main: HTMLElement): Welcome {
  const refused = h("section", { class: "refused", "aria-label": "Refused requests" });
  const title = h("h1", {}, "Sessions");
  main.replaceChildren(
    h(
      "div",
      { class: "welcome" },
      title,
      h("p", {}, "Point the SDK at this viewer:"),
      h(
        "dl",
        { class: "facts" },
        h("dt", {}, "trackServerUrl"),
        h("dd", {}, copyable(`${location.origin}/sessions/v2/track`)),
        h("dt", {}, "configServerUrl"),
        h("dd", {}, copyable(`${location.origin}/config`)),
      ),
      refused,
    ),
  );
  const update = async () => {
    const bad = (await getRequests().catch(() => [])).filter(isBad);
    const fresh = bad.slice(-MAX_SHOWN).reverse();
    redraw(
      refused,
      h("h2", {}, bad.length > 0 ? `${count(bad.length, "refused request")}` : "No refused requests"),
      bad.length > 0
        ? h("ol", { class: "requests" }, ...fresh.map((request) => h("li", {}, row(request))))
        : h("p", { class: "faint" }, "A request that the ingest would refuse appears here, with what is wrong with it."),
    );
  };
  void update();
  /** How many requests of a session were refused, where it was heard of. */
  const known = new Map<string, number>();
  const stop = onFeed(({ total, changed, reset }) => {
    title.textContent = total > 0 ? "Choose a session" : "Waiting for the first batch";
    const isNews = changed.filter(({ replay_id: id, refused: now }) => now > 0 && known.get(id) !== now);
    for (const { replay_id: id, refused: now } of isNews) known.set(id, now);
    if (reset || isNews.length > 0) void update();
  });
  return { destroy: stop };
}

const isBad = ({ outcome }: LoggedRequest) => outcome === "rejected" || outcome === "failed";

function row(request: LoggedRequest): HTMLElement {
  const { device_id: device, session_id: session } = request;
  return h(
    "article",
    {},
    h(
      "header",
      { class: "row" },
      h("span", { class: "badge problem" }, String(request.status ?? "cut")),
      h("code", {}, `${request.method} ${request.path}`),
      h("time", { class: "faint" }, time(request.at)),
      device && session ? h("a", { href: sessionPath({ device, session }), "data-link": true }, `${device}/${session}`) : "",
    ),
    h("p", {}, request.error ?? ""),
  );
}
