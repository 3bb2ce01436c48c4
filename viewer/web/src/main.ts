// The page: the list on the left, and on the right the session that the address asks for.

import "rrweb-player/dist/style.css";
import "./style.css";
import { onFeed } from "./api/feed";
import { byId } from "./dom/elements";
import { Fold } from "./dom/fold";
import { keepFocus } from "./dom/keep-focus";
import { SessionList } from "./list/session-list";
import { listenToKeys } from "./page/keys";
import { currentRoute, handleLinks, navigate } from "./page/route";
import { welcome, type Welcome } from "./page/welcome";
import { SessionView } from "./session/session-view";
import { offerDeletion } from "./sharing/delete";
import { offerImport } from "./sharing/import";
import { type WhyPanel, whyPage } from "./why/why-panel";
import { currentWhy } from "./why/why-route";

const main = byId("main");
/** What is on the right: one of these, once it is known which. */
let view: SessionView | null = null;
let start: Welcome | null = null;
let why: WhyPanel | null = null;
let shown = "";

const list = new SessionList(byId("list"));
// A session's page listens for itself.
onFeed(({ reset, changed }) => {
  const asked = currentWhy();
  if (asked && (reset || changed.some(({ device_id: device }) => device === asked.device))) void why?.update();
});

function show(): void {
  const route = currentRoute();
  list.routeChanged();
  const asked = route ? null : currentWhy();
  const key = route ? `${route.device}/${route.session}` : asked ? location.pathname : "/";
  if (key === shown && (view || start || why)) return;
  shown = key;
  view?.destroy();
  start?.destroy();
  view = null;
  start = null;
  why = null;
  document.body.classList.toggle("has-session", route !== null || asked !== null);
  document.title = route ? `${route.session} – Session replays` : asked ? "Why is there no replay? – Session replays" : "Session replays";
  if (route) view = new SessionView(main, route);
  else if (asked) why = whyPage(main, asked);
  else start = welcome(main);
}

/** Narrower than this, the list leaves the picture too little: it is folded until the reader opens it. */
const ROOM_FOR_LIST = matchMedia("(min-width: 1200px)");
const listFold = new Fold("list", byId("list-button"), (isOpen) => document.body.classList.toggle("list-folded", !isOpen), ROOM_FOR_LIST.matches);

handleLinks();
keepFocus();
offerDeletion(byId("connection"));
offerImport(byId("connection"));
addEventListener("popstate", show);
listenToKeys({
  move: (by) => list.move(by),
  toggle: () => view?.toggle(),
  step: (ms) => view?.step(ms),
  changeSpeed: (by) => view?.changeSpeed(by),
  fullscreen: () => view?.fullscreen(),
  live: () => view?.toggleLive(),
  back: () => navigate(null),
  toggleList: () => listFold.toggle(),
  toggleSide: () => view?.toggleSide(),
  press: (key) => view?.press(key),
  search: () => list.focusSearch(),
});
show();
