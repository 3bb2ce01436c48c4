// The page: the list on the left, and on the right the session that the address asks for.

import "rrweb-player/dist/style.css";
import "./style.css";
import { byId } from "./dom/elements";
import { listenToKeys } from "./page/keys";
import { SessionList } from "./list/session-list";
import { current, open, takeLinks } from "./page/route";
import { SessionView } from "./session/session-view";
import { welcome } from "./page/welcome";

const main = byId("main");
let view: SessionView | null = null;
let hello: { update(): void } | null = null;
let shown = "";

const list = new SessionList(byId("list"), () => {
  void view?.refresh();
  hello?.update();
  if (!view && !hello) show();
});

function show(): void {
  const route = current();
  const key = route ? `${route.device}/${route.session}` : "/";
  if (key === shown && (view || hello)) return;
  shown = key;
  view?.destroy();
  view = null;
  hello = null;
  document.body.classList.toggle("has-session", route !== null);
  document.title = route ? `${route.session} – Session replays` : "Session replays";
  if (route) view = new SessionView(main, route);
  else hello = welcome(main, () => list.summaries.length > 0);
  list.render();
}

takeLinks();
addEventListener("popstate", show);
listenToKeys({
  move: (by) => list.move(by),
  toggle: () => view?.toggle(),
  step: (ms) => view?.step(ms),
  fullscreen: () => view?.fullscreen(),
  live: () => view?.toggleLive(),
  back: () => open(null),
});
if (current()) show();
